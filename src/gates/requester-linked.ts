import { refusal } from '../domain/refusal.ts';
import { mayAsk } from '../domain/rules.ts';
import { ALLOW, type Gate } from './gate.ts';

/**
 * Where somebody must countersign, the requester has to be a known person: otherwise the same human could approve through another
 * account, and nobody could tell.
 */
export const requesterLinked: Gate = {
  id: 'requester-linked',
  moments: ['request'],
  check({ kind, requester, settings, external }) {
    if (external) {
      const sentence = 'People from outside this workspace may look, but not act.';
      return { kind: 'refuse', refusal: refusal('external-person', sentence, 'Ask somebody of the team to do it.') };
    }
    if (requester.known || !mayAsk(settings.policy, kind)) return ALLOW;
    const sentence = `Nobody has said whose account "${requester.name}" is; here a second person must countersign, so the first must be known.`;
    return {
      kind: 'refuse',
      refusal: refusal('person-unlinked', sentence, 'Use `whoami` to see what an operator has to add under `people`.'),
    };
  },
};
