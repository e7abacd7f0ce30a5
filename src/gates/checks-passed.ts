import { refusal } from '../domain/refusal.ts';
import { counted } from '../domain/text.ts';
import { ALLOW, type Gate, warn } from './gate.ts';

/** What the source system's checks say of the commit: required by the policy, or only shown. */
export const checksPassed: Gate = {
  id: 'checks-passed',
  moments: ['plan', 'renewal'],
  check({ kind, findings, settings }) {
    if (kind === 'rollback' || findings === undefined) return ALLOW;
    const { state, failures, failed, pending } = findings.checks;
    if (state === 'passed') return ALLOW;
    const required = settings.policy.checks === 'required';
    switch (state) {
      case 'failed': {
        const sentence = `${counted(failed, 'check')} of this commit failed: ${failures.join(', ')}`;
        return required
          ? {
              kind: 'refuse',
              refusal: refusal('checks-failed', `${sentence}.`, 'Mend them, or deploy a commit whose checks passed.'),
            }
          : warn(sentence);
      }
      case 'pending': {
        const sentence = `${counted(pending, 'check')} of this commit ${pending === 1 ? 'is' : 'are'} still running`;
        return required
          ? { kind: 'refuse', refusal: refusal('checks-pending', `${sentence}.`, 'Ask again when they have passed.') }
          : warn(sentence);
      }
      case 'none':
      case 'unknown': {
        if (!required) return ALLOW;
        const sentence =
          state === 'none'
            ? 'This commit has no checks at all, and here they are required.'
            : 'The checks of this commit could not be read.';
        return {
          kind: 'refuse',
          refusal: refusal('checks-failed', sentence, 'Let the checks run on this commit first.'),
        };
      }
    }
  },
};
