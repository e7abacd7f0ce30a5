import { type FailureKind, PortFailure } from '../../ports/failure.ts';

interface Fault {
  readonly sentence: string;
  readonly kind: FailureKind;
  readonly retryable: boolean;
}

const AWAY: Fault = { sentence: 'The database cannot be reached.', kind: 'unreachable', retryable: true };
const LOCKED_OUT: Fault = {
  sentence: 'The database does not let us in. Check the user, the password and what that user may do.',
  kind: 'forbidden',
  retryable: false,
};

/**
 * Conditions that are the server's or the network's, not ours. Keys are SQLSTATEs, whole or by class
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html), or codes of the operating system.
 */
const FAULTS: Readonly<Record<string, Fault>> = {
  '08': AWAY,
  '28': LOCKED_OUT,
  '3D000': { sentence: 'There is no such database. Create it first.', kind: 'not-found', retryable: false },
  '42501': LOCKED_OUT,
  '25006': { sentence: 'The database is read-only, as a standby is.', kind: 'unreachable', retryable: true },
  '25P03': AWAY,
  '53': {
    sentence: 'The server of the database has run out of room or connections.',
    kind: 'unreachable',
    retryable: true,
  },
  '55P03': { sentence: 'The database is held up by a lock that nobody lets go of.', kind: 'timeout', retryable: true },
  '57014': { sentence: 'The database took too long.', kind: 'timeout', retryable: true },
  '57P01': AWAY,
  '57P02': AWAY,
  '57P03': AWAY,
  '58': {
    sentence: 'The disk of the database does not read or write as it should.',
    kind: 'unreachable',
    retryable: true,
  },
  XX001: { sentence: 'The database is damaged.', kind: 'misbehaved', retryable: false },
  ECONNREFUSED: AWAY,
  ECONNRESET: AWAY,
  EPIPE: AWAY,
  ETIMEDOUT: AWAY,
  EHOSTUNREACH: AWAY,
  ENETUNREACH: AWAY,
  EAI_AGAIN: AWAY,
  ENOTFOUND: { sentence: 'The host of the database is not known.', kind: 'unreachable', retryable: true },
};

/** The driver gives these no code (pg 8: client.js, pg-pool). */
const CUT =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error/;

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return code;
  if (CUT.test(error.message)) return '08006';
  // Several addresses of a host were tried, and none answered.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

function faultOf(code: string): Fault | undefined {
  return FAULTS[code] ?? FAULTS[code.slice(0, 2)];
}

/** Did the connection end in the middle? What was under way may have happened or not. */
export function isCut(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && faultOf(code) === AWAY;
}

/** Two transactions got in each other's way; the server took one back, which may simply be tried again. */
export function isCollision(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

/** A database error as the failure that people are told of; what is a bug of ours comes back as it is. */
export function translated(error: unknown): unknown {
  const code = error instanceof PortFailure ? undefined : codeOf(error);
  const fault = code === undefined ? undefined : faultOf(code);
  if (code === undefined || fault === undefined) return error;
  const { sentence, kind, retryable } = fault;
  return new PortFailure(sentence, { port: 'store', kind, retryable, code, cause: error });
}

/** Did the database refuse a second running deployment on a target? */
export function isOccupied(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const constraint: unknown = 'constraint' in error ? error.constraint : undefined;
  return constraint === 'deployments_one_running' || isOccupied(error.cause);
}
