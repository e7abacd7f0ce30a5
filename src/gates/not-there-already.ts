import { refusal } from '../domain/refusal.ts';
import { ALLOW, type Gate } from './gate.ts';

/** Deploying the very commit that runs there already would change nothing and hide what really changes. */
export const notThereAlready: Gate = {
  id: 'not-there-already',
  moments: ['plan', 'renewal', 'dispatch'],
  check({ kind, findings, target }) {
    if (kind === 'rollback' || findings === undefined || target.current?.sha !== findings.sha) return ALLOW;
    const { deployment, sha } = target.current;
    const sentence = `This very commit (${sha.slice(0, 7)}) already runs in ${target.environment}, since ${deployment}.`;
    return {
      kind: 'refuse',
      refusal: refusal('already-running-there', sentence, 'Name another branch, tag or commit.'),
    };
  },
};
