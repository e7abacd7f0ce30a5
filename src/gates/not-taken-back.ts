import { refusal } from '../domain/refusal.ts';
import { unlessOverridden } from './environments-before.ts';
import { ALLOW, type Gate } from './gate.ts';

/** What was taken back once does not come again without something new in it, unless somebody says why. */
export const notTakenBack: Gate = {
  id: 'not-taken-back',
  moments: ['plan', 'dispatch'],
  check({ kind, takenBack = [], override, target }) {
    const [first] = takenBack;
    if (kind === 'rollback' || first === undefined) return ALLOW;
    const more = takenBack.length === 1 ? '' : ` (and ${takenBack.length - 1} more)`;
    const sentence = `${first.sha.slice(0, 7)}${more} was taken back in ${target.environment} by ${first.by}, and nothing new has come since that could have mended it.`;
    const next = 'Deploy a commit that mends it, or add `--override "why"` if you may.';
    return unlessOverridden(refusal('taken-back-before', sentence, next), override);
  },
};
