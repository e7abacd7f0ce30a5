import { scopeTyped, scopeWords } from '../src/domain/held.ts';
import { type LockMode, type Scope, scopeKey } from '../src/domain/lock.ts';
import type { Text } from '../src/domain/text.ts';
import type { LockAnswer } from '../src/engine/locks.ts';
import type { Reply } from '../src/ports/chat.ts';
import { tellPrivately } from './shared/answers.ts';
import { outcomeOf } from './shared/outcomes.ts';
import { SCOPE, scopeSaid } from './shared/scopes.ts';
import { command, ENVIRONMENT, FOR_FLAG, SERVICE, WHY } from './shared/spec.ts';

/** Closes a target, or everything of a service, an environment or a region. */
export const lock = command({
  name: 'lock',
  summary: 'Closes a target to new deployments, with a reason that everybody sees.',
  topic: 'targets',
  examples: [
    'lock web production the index is being rebuilt',
    'lock web production the index is being rebuilt --for 2h',
    'lock environment/production stocktaking',
    'lock everything the network is being rebuilt --warn',
  ],
  forms: [
    [SERVICE, ENVIRONMENT, WHY],
    [SCOPE, WHY],
  ],
  flags: [FOR_FLAG, { name: 'warn', field: 'warn' }],
  acts: true,
  async run({ door, caller }, args) {
    const { reason, forMs, warn } = args;
    const scope = scopeSaid(args);
    const wish = { scope, reason, ...(forMs === undefined ? {} : { forMs }) };
    const answered = await door.lock(caller, warn === true ? { ...wish, mode: 'warning' } : wish);
    return lockedReply(answered, scope, warn === true ? 'warning' : 'closed');
  },
});

const DONE: Readonly<Record<LockMode, string>> = {
  closed: 'is locked',
  freeze: 'is frozen; hotfixes pass',
  warning: 'bears a warning; deployments go on',
};

/** Says what is closed now, until when, and how it is opened. */
export function lockedReply(answered: LockAnswer, scope: Scope, mode: LockMode): Reply {
  return outcomeOf(answered, () => {
    const lock = answered.kind === 'done' ? answered.lock : undefined;
    const until: Text =
      lock?.expiresAt === undefined
        ? ['It stays until somebody opens it. ']
        : ['It opens by itself ', { kind: 'time', at: lock.expiresAt, style: 'date' }, '. '];
    const title = `${scopeWords(scopeKey(scope))} ${DONE[mode]}: ${lock?.reason ?? ''}`;
    const verb = mode === 'freeze' && scope.kind === 'environment' ? `unfreeze ${scope.environment}` : undefined;
    const open = verb ?? `unlock ${scopeTyped(scope)}`;
    return tellPrivately('waiting', [title], [[...until, 'Open it again with ', { kind: 'code', text: open }, '.']]);
  });
}
