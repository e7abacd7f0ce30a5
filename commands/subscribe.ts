import { termsWords } from '../src/domain/tell/subscribed.ts';
import { refused, tellPrivately } from './shared/answers.ts';
import { outcomeOf } from './shared/outcomes.ts';
import { command, ENVIRONMENT, optional, SERVICE } from './shared/spec.ts';
import { scopeWords } from './shared/subscriptions.ts';
import { TERM_FLAGS, termsOf } from './shared/terms.ts';

/** Has this channel told of deployments. */
export const subscribe = command({
  name: 'subscribe',
  summary: 'Has this channel told of deployments, in words for engineers unless you choose others.',
  topic: 'channels',
  examples: [
    'subscribe web production mode:broadcast',
    'subscribe * * mode:line',
    'subscribe * production mode:digest --cadence weekly',
    'subscribe web staging --events failed --people anna',
  ],
  forms: [
    [
      { ...SERVICE, every: true },
      { ...ENVIRONMENT, every: true },
      optional({ field: 'mode', kind: 'mode', needed: true, label: 'mode' }),
    ],
  ],
  flags: TERM_FLAGS,
  acts: true,
  async run({ door, caller, place, catalog }, { service, environment, mode = 'engineering', ...typed }) {
    const read = termsOf(typed, mode, catalog);
    if (read.kind === 'refused') return refused(read.refusals);
    const wish = { service, environment, audience: mode, ...read.terms };
    const answered = await door.subscribe(caller, place, wish);
    return outcomeOf(answered, () =>
      tellPrivately(
        'good',
        [`This channel is now told of ${scopeWords(service, environment)} (${termsWords(wish)}).`],
        [['Stop it with ', { kind: 'code', text: `unsubscribe ${service} ${environment}` }, '.']],
      ),
    );
  },
});
