import { reasonRefusal } from '../domain/decide.ts';
import { ALLOW, type Gate } from './gate.ts';

/** What customers use is not changed, and nothing is rolled back, without a reason that others can read later. */
export const reasonGiven: Gate = {
  id: 'reason-given',
  moments: ['request'],
  check({ kind, reason, settings }) {
    const text = reason?.trim() ?? '';
    if (kind !== 'rollback' && !settings.customerFacing && text === '') return ALLOW;
    const why =
      kind === 'rollback' ? 'A rollback needs a reason.' : `A deployment to ${settings.environment} needs a reason.`;
    const found = reasonRefusal(text, why);
    return found === undefined ? ALLOW : { kind: 'refuse', refusal: found };
  },
};
