import { scopeWords } from '../src/domain/held.ts';
import { scopeKey } from '../src/domain/lock.ts';
import { tellPrivately } from './shared/answers.ts';
import { outcomeOf } from './shared/outcomes.ts';
import { SCOPE, scopeSaid } from './shared/scopes.ts';
import { command, ENVIRONMENT, optional, SERVICE, WHY } from './shared/spec.ts';

/** Opens what is locked. */
export const unlock = command({
  name: 'unlock',
  summary: 'Opens a locked target again.',
  topic: 'targets',
  examples: [
    'unlock web production',
    'unlock web production the index is whole again',
    'unlock environment/production',
  ],
  forms: [
    [SERVICE, ENVIRONMENT, optional(WHY)],
    [SCOPE, optional(WHY)],
  ],
  acts: true,
  async run({ door, caller }, args) {
    const scope = scopeSaid(args);
    return outcomeOf(await door.unlock(caller, scope, args.reason), () =>
      tellPrivately('good', [`${scopeWords(scopeKey(scope))} is open for deployments again.`]),
    );
  },
});
