import { refusal } from '../domain/refusal.ts';
import { rulesFor } from '../domain/rules.ts';
import { ALLOW, type Gate } from './gate.ts';

/** Whose work it is must be known whole, or an author might approve it. Fails closed. */
export const rangeReadable: Gate = {
  id: 'range-readable',
  moments: ['plan', 'renewal'],
  check({ kind, findings, settings }) {
    if (kind === 'rollback' || findings === undefined || findings.changeSet.complete) return ALLOW;
    if (rulesFor(settings.policy, kind, findings, '').length === 0) return ALLOW;
    const sentence =
      'Not every commit between what runs there and this one could be read, so nobody can be cleared of authorship.';
    return {
      kind: 'refuse',
      refusal: refusal(
        'range-unreadable',
        sentence,
        'Deploy a commit nearer to what runs there first, or try again later.',
      ),
    };
  },
};
