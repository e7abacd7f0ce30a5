import { lockSentence, warningLocks } from '../domain/held.ts';
import { closed } from '../domain/text.ts';
import { ALLOW, type Gate, warn } from './gate.ts';
import { locksOf } from './target-open.ts';

/** Says before a request is made that somebody put a warning there. On a card it stands by itself, as it is at the moment of looking. */
export const lockWarning: Gate = {
  id: 'lock-warning',
  moments: ['request'],
  check(facts) {
    const warnings = facts.now === undefined ? [] : warningLocks(locksOf(facts), facts.now);
    return warnings.length === 0 ? ALLOW : warn(warnings.map((one) => closed(lockSentence(one))).join(' '));
  },
};
