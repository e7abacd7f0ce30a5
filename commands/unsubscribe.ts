import { tellPrivately } from './shared/answers.ts';
import { outcomeOf } from './shared/outcomes.ts';
import { command, ENVIRONMENT, SERVICE } from './shared/spec.ts';
import { scopeWords } from './shared/subscriptions.ts';

/** Has this channel told no more. */
export const unsubscribe = command({
  name: 'unsubscribe',
  summary: 'Ends a subscription of this channel.',
  topic: 'channels',
  examples: ['unsubscribe web production', 'unsubscribe * *'],
  forms: [
    [
      { ...SERVICE, every: true },
      { ...ENVIRONMENT, every: true },
    ],
  ],
  acts: true,
  async run({ door, caller, place }, { service, environment }) {
    return outcomeOf(await door.unsubscribe(caller, place, { service, environment }), () =>
      tellPrivately('good', [`This channel is no longer told of ${scopeWords(service, environment)}.`]),
    );
  },
});
