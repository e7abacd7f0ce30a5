import Database from 'better-sqlite3';
import { PortFailure } from '../../ports/failure.ts';

/** How long a former life that is just ending is waited for, in milliseconds. */
const PATIENCE_MS = 3000;

/**
 * Holds the right to be the only one that works on a database, until the function returned is called or the process ends, however
 * it ends: the lock is the operating system's, on a small file of its own, so that others may still read the database.
 * @throws PortFailure when somebody else holds it
 */
export function holdAlone(path: string): () => void {
  if (path === ':memory:') return () => undefined;
  const lock = new Database(`${path}.running`, { timeout: PATIENCE_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    const message = `Another Countersign is already at work on ${path}. Stop that one, or name another folder with --data.`;
    throw new PortFailure(message, { port: 'store', kind: 'refused', retryable: false });
  }
  return () => lock.close();
}
