import { tellPrivately } from './shared/answers.ts';
import { outcomeOf } from './shared/outcomes.ts';
import { command, ENVIRONMENT, optional, SERVICE } from './shared/spec.ts';
import { scopeWords } from './shared/subscriptions.ts';

/** Has this channel told of deployments. */
export const subscribe = command({
  name: 'subscribe',
  summary: 'Has this channel told of deployments, in words for engineers unless you choose others.',
  topic: 'channels',
  examples: ['subscribe web production mode:broadcast', 'subscribe * * mode:line', 'subscribe web staging'],
  forms: [
    [
      { ...SERVICE, every: true },
      { ...ENVIRONMENT, every: true },
      optional({ field: 'mode', kind: 'mode', needed: true, label: 'mode' }),
    ],
  ],
  acts: true,
  async run({ door, caller, place }, { service, environment, mode = 'engineering' }) {
    const answered = await door.subscribe(caller, place, { service, environment, audience: mode });
    return outcomeOf(answered, () =>
      tellPrivately(
        'good',
        [`This channel is now told of ${scopeWords(service, environment)} (${mode}).`],
        [['Stop it with ', { kind: 'code', text: `unsubscribe ${service} ${environment}` }, '.']],
      ),
    );
  },
});
