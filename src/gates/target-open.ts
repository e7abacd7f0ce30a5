import { BEFORE_ALL, holdingLock, lockSentence, scopeTyped } from '../domain/held.ts';
import type { HeldLock } from '../domain/lock.ts';
import { refusal } from '../domain/refusal.ts';
import { closed } from '../domain/text.ts';
import { ALLOW, type Gate, type GateFacts } from './gate.ts';

/** Every lock that the target lies under, the widest first, its own last. */
export function locksOf({ target, locks = [] }: GateFacts): readonly HeldLock[] {
  const { service, environment, lock } = target;
  return lock === undefined ? locks : [...locks, { scope: { kind: 'target', service, environment }, lock }];
}

/**
 * A target that is locked, or lies in something that is, takes no new request. Rollbacks pass, hotfixes pass a freeze, and what only
 * warns keeps nobody out.
 */
export const targetOpen: Gate = {
  id: 'target-open',
  moments: ['request', 'plan'],
  check(facts) {
    const held = holdingLock(locksOf(facts), facts.kind, facts.now ?? BEFORE_ALL);
    if (held === undefined) return ALLOW;
    const next = `When it is safe: \`unlock ${scopeTyped(held.scope)}\`.`;
    const hotfix = held.lock.mode === 'freeze' ? ' A hotfix passes.' : '';
    return { kind: 'refuse', refusal: refusal('target-locked', closed(lockSentence(held)), `${next}${hotfix}`) };
  },
};
