import { type FailureKind, PortFailure } from '../../ports/failure.ts';

interface Fault {
  readonly sentence: string;
  readonly kind: FailureKind;
  readonly retryable: boolean;
}

/** Result codes of SQLite (https://sqlite.org/rescode.html) that are the machine's fault, not ours, by their first part. */
const FAULTS: Readonly<Record<string, Fault>> = {
  BUSY: lasting('The log is in use by another program that does not let go of it.', true),
  LOCKED: lasting('The log is in use by another program that does not let go of it.', true),
  FULL: lasting('The disk that holds the log is full.'),
  READONLY: lasting('The file of the log is read-only.'),
  PERM: lasting('The file of the log may not be opened.'),
  AUTH: lasting('The file of the log may not be opened.'),
  CANTOPEN: lasting('The file of the log cannot be opened.'),
  IOERR: lasting('The disk that holds the log does not read or write as it should.'),
  CORRUPT: lasting('The file of the log is damaged.'),
  NOTADB: lasting('The file of the log is not a database.'),
  TOOBIG: lasting('What should be written is too big for the log.'),
};

function lasting(sentence: string, retryable = false): Fault {
  return { sentence, kind: 'unreachable', retryable };
}

/** The SQLite result code behind an error, e.g. `SQLITE_BUSY`; the query builder wraps some errors. */
function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : sqliteCode(error.cause);
}

/** A database error as the failure that people are told of; what is a bug of ours comes back as it is. */
export function translated(error: unknown): unknown {
  const code = sqliteCode(error);
  const fault = code === undefined ? undefined : FAULTS[code.split('_')[1] ?? ''];
  if (code === undefined || fault === undefined) return error;
  const { sentence, kind, retryable } = fault;
  return new PortFailure(sentence, { port: 'store', kind, retryable, code, cause: error });
}

/** Does the work at once; its outcome, also a thrown one, comes back as a promise. */
export async function guarded<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

/** The same for a walk that reads on while it is walked. */
export async function* guardedWalk<T>(walk: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* walk;
  } catch (error) {
    throw translated(error);
  }
}

const RUNNING_TWICE = 'UNIQUE constraint failed: deployments.service, deployments.environment';

/** Did the database refuse a second running deployment on a target? */
export function isOccupied(error: unknown): boolean {
  if (!(error instanceof Error) || sqliteCode(error) !== 'SQLITE_CONSTRAINT_UNIQUE') return false;
  return error.message === RUNNING_TWICE || isOccupied(error.cause);
}
