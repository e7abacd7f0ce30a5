import { groupWords } from '../domain/code-owners.ts';
import { satisfiable } from '../domain/policy.ts';
import { refusal } from '../domain/refusal.ts';
import { rulesFor } from '../domain/rules.ts';
import { ALLOW, type Gate } from './gate.ts';

/** A request that nobody may approve would wait for nothing until it expires. Groups kept outside may know people we do not. */
export const approverExists: Gate = {
  id: 'approver-exists',
  moments: ['plan', 'renewal'],
  check({ kind, findings, settings }) {
    if (kind === 'rollback' || findings === undefined) return ALLOW;
    const rules = rulesFor(settings.policy, kind, findings, '');
    if (satisfiable({ rules }, findings.eligible)) return ALLOW;
    const groups = rules.map(({ group, count }) => `${count} of ${groupWords(group)}`).join(' and ');
    const sentence = `Nobody is left who may approve this: needed ${rules.length > 1 ? 'are' : 'is'} ${groups}, without whoever asked for it or had a hand in it.`;
    return {
      kind: 'refuse',
      refusal: refusal('nobody-may-approve', sentence, 'Add people to the group, or let somebody else ask for it.'),
    };
  },
};
