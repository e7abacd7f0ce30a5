import { scopeWords } from '../src/domain/held.ts';
import { scopeKey } from '../src/domain/lock.ts';
import { tellPrivately } from './shared/answers.ts';
import { outcomeOf } from './shared/outcomes.ts';
import { SCOPE, scopeSaid } from './shared/scopes.ts';
import { command, ENVIRONMENT, FOR_FLAG, SERVICE, WHY } from './shared/spec.ts';

/** Makes somebody else's lock one's own. */
export const steal = command({
  name: 'steal',
  summary: "Takes over somebody else's lock; its owner is told, with your reason.",
  topic: 'targets',
  examples: ['steal web production Anna is on holiday', 'steal service/web the release goes on --for 4h'],
  forms: [
    [SERVICE, ENVIRONMENT, WHY],
    [SCOPE, WHY],
  ],
  flags: [FOR_FLAG],
  acts: true,
  async run({ door, caller }, args) {
    const scope = scopeSaid(args);
    const answered = await door.steal(caller, scope, args.reason, args.forMs);
    return outcomeOf(answered, () => {
      const former = answered.kind === 'done' ? answered.former : undefined;
      const told = former === undefined ? [] : [[`It was ${former.by.name}'s (${former.reason}); they are told.`]];
      return tellPrivately('waiting', [`The lock of ${scopeWords(scopeKey(scope))} is yours: ${args.reason}`], told);
    });
  },
});
