import { refusal } from '../domain/refusal.ts';
import { closed } from '../domain/text.ts';
import { ALLOW, type Gate } from './gate.ts';

/** A locked target takes no new request, except the rollback that locked it and further rollbacks. */
export const targetOpen: Gate = {
  id: 'target-open',
  moments: ['request', 'plan'],
  check({ kind, target }) {
    const { lock, service, environment } = target;
    if (lock === undefined || kind === 'rollback') return ALLOW;
    const sentence = closed(`${service} in ${environment} is locked by ${lock.by.name}: ${lock.reason}`);
    return {
      kind: 'refuse',
      refusal: refusal('target-locked', sentence, `When it is safe: \`unlock ${service} ${environment}\`.`),
    };
  },
};
