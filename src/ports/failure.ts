/** What went wrong outside. `refused`: the other side understood and said no. */
export type FailureKind =
  | 'unreachable'
  | 'timeout'
  | 'rate-limited'
  | 'refused'
  | 'not-found'
  | 'forbidden'
  | 'gone'
  | 'misbehaved';

export interface FailureDetails {
  /** `slack`, `github-actions`, ... */
  readonly port: string;
  readonly kind: FailureKind;
  /** May the very same call succeed later? */
  readonly retryable: boolean;
  /** The other side asked for this pause, in milliseconds. */
  readonly retryAfterMs?: number;
  /** We hold it back ourselves, out of courtesy: news of the same thing need not wait so long. */
  readonly courtesy?: boolean;
  /** The call may have taken effect although it failed: ask before repeating it. */
  readonly inDoubt?: boolean;
  /** The other side's own word for it, e.g. `is_archived`. */
  readonly code?: string;
  readonly cause?: unknown;
}

/**
 * The one family of errors that adapters throw: "their fault, not ours". The message is safe to show to people: no secrets,
 * no internal hosts, no stack. Everything else that is thrown is a bug and is logged as such.
 */
export class PortFailure extends Error {
  readonly details: FailureDetails;

  constructor(message: string, details: FailureDetails) {
    super(message, { cause: details.cause });
    this.name = 'PortFailure';
    this.details = details;
  }
}
