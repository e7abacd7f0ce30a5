/**
 * Every "no" a person can meet: a code for machines and the log, a sentence that says what is the matter, and the next step.
 * Builders, not strings, so that no refusal can be written without all three.
 */
export interface Refusal {
  readonly code: RefusalCode;
  readonly sentence: string;
  readonly next: string;
}

export const REFUSAL_CODES = [
  'unknown-command',
  'bad-arguments',
  'unknown-service',
  'unknown-environment',
  'unknown-deployment',
  'unknown-person',
  'unknown-ref',
  'missing-environment',
  'missing-reason',
  'reason-too-long',
  'foreign-workspace',
  'external-person',
  'person-unlinked',
  'requester-may-not-approve',
  'contributor-may-not-approve',
  'not-in-group',
  'group-unreadable',
  'nobody-may-approve',
  'already-countersigned',
  'already-decided',
  'request-changed',
  'not-awaiting-approval',
  'not-open',
  'not-permitted',
  'not-running',
  'not-failed',
  'already-running-there',
  'range-unreadable',
  'source-unreachable',
  'target-locked',
  'target-not-locked',
  'checks-failed',
  'checks-pending',
  'nothing-to-roll-back-to',
  'never-deployed-there',
  'configuration-changed',
  'service-removed',
  'expired',
  'log-unwritable',
  'card-undeliverable',
  'sha-mismatch',
  'run-failed',
  'run-cancelled-outside',
  'run-timed-out',
  'run-not-started',
  'run-lost',
  'provider-refused',
  'nudged-too-soon',
  'link-too-often',
  'link-code-unknown',
  'link-same-account',
  'link-nobody-known',
  'link-two-people',
  'already-linked',
  'not-linked',
  'newer-version',
  'try-again',
  'internal-fault',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export function refusal(code: RefusalCode, sentence: string, next: string): Refusal {
  return { code, sentence, next };
}
