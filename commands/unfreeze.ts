import { lockSentence, modeOf } from '../src/domain/held.ts';
import { scopeKey } from '../src/domain/lock.ts';
import { refusal } from '../src/domain/refusal.ts';
import { closed } from '../src/domain/text.ts';
import { refused, tellPrivately } from './shared/answers.ts';
import { outcomeOf } from './shared/outcomes.ts';
import { command, ENVIRONMENT } from './shared/spec.ts';

/** Ends a freeze. */
export const unfreeze = command({
  name: 'unfreeze',
  summary: 'Ends the freeze of an environment.',
  topic: 'targets',
  examples: ['unfreeze production'],
  forms: [[ENVIRONMENT]],
  acts: true,
  async run({ door, caller, reading }, { environment }) {
    const scope = { kind: 'environment' as const, environment };
    const present = (await reading.scopes()).find((book) => book.scope === scopeKey(scope))?.lock;
    // A lock that is more than a freeze is not opened by the way.
    if (present !== undefined && modeOf(present) !== 'freeze')
      return refused([
        refusal(
          'target-locked',
          closed(lockSentence({ scope, lock: present })),
          `Use \`unlock environment/${environment}\`.`,
        ),
      ]);
    return outcomeOf(await door.unlock(caller, scope), () =>
      tellPrivately('good', [`${environment} is no longer frozen.`]),
    );
  },
});
