import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Records } from '../ports/records.ts';
import type { Store } from '../ports/store.ts';
import { openSqliteStore } from './sqlite/index.ts';

export interface OpenOptions {
  /** `postgres://user@host/name`, or the path of an SQLite file. */
  readonly database: string;
  readonly clock: Clock;
  readonly log?: Log;
  /** Takes part in the work: false for whoever only looks. */
  readonly works: boolean;
}

/** An open store, and the time that everybody who works on it agrees on. */
export interface OpenedStore {
  readonly store: Store;
  readonly clock: Clock;
  /** What adapters keep, where several instances share it; closed before the store. */
  readonly records?: Records;
}

/** Does this name a PostgreSQL server, and not a file? */
export function isServer(database: string): boolean {
  return /^postgres(ql)?:\/\//.test(database);
}

/**
 * Opens the database that the configuration names, and brings its tables up to date.
 * @throws PortFailure when it cannot be opened, is damaged, or was written by a newer version
 */
export async function openStore(options: OpenOptions): Promise<OpenedStore> {
  const { database, clock, log, works } = options;
  const logged = log === undefined ? {} : { log };
  // The driver and the job engine are loaded only by those who need them.
  if (isServer(database)) {
    const { openServer } = await import('./postgres/open.ts');
    return await openServer({ address: database, clock, works, ...logged });
  }
  return { store: await openSqliteStore({ path: database, clock, takesOver: works, ...logged }), clock };
}
