import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { PortFailure } from '../../ports/failure.ts';

const MIGRATIONS = { migrationsFolder: join(import.meta.dirname, 'migrations') };

/** An open file: the driver, and the query builder over it. */
export interface Connection {
  readonly client: Database.Database;
  readonly db: BetterSQLite3Database;
}

/**
 * Opens the file (or makes it, with its folder), and brings its tables up to date.
 * @param path a file, or `:memory:`
 * @param busyTimeoutMs how long to wait for another process that writes
 */
export function connect(path: string, busyTimeoutMs: number): Connection {
  if (path !== ':memory:') makeFolder(dirname(path));
  const client = new Database(path, { timeout: busyTimeoutMs });
  try {
    client.pragma('journal_mode = WAL');
    client.pragma('synchronous = FULL');
    // A change touches a dozen pages, mostly the same ones again: copying them back less often doubles the rate.
    client.pragma('wal_autocheckpoint = 4000');
    client.pragma('journal_size_limit = 67108864');
    client.pragma('foreign_keys = ON');
    client.pragma('recursive_triggers = ON');
    client.pragma('trusted_schema = OFF');
    const db = drizzle(client);
    bringUpToDate({ client, db });
    return { client, db };
  } catch (error) {
    client.close();
    throw error;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const details = { port: 'store', kind: 'unreachable', retryable: false, cause } as const;
    throw new PortFailure('The folder for the log cannot be made.', details);
  }
}

function bringUpToDate(connection: Connection): void {
  const newest = Math.max(...readMigrationFiles(MIGRATIONS).map(({ folderMillis }) => folderMillis));
  const applied = lastApplied(connection.client);
  if (applied > newest) throw tooNew();
  if (applied === newest) return;
  try {
    migrate(connection.db, MIGRATIONS);
  } catch (error) {
    // Another process may have opened the same new file at the same moment and been faster.
    if (lastApplied(connection.client) !== newest) throw error;
  }
}

function lastApplied(client: Database.Database): number {
  const table = client.prepare("select 1 from sqlite_schema where name = '__drizzle_migrations'").get();
  if (table === undefined) return 0;
  const last = client.prepare<[], number | null>('select max(created_at) from __drizzle_migrations').pluck().get();
  return Number(last ?? 0);
}

function tooNew(): PortFailure {
  return new PortFailure(
    'The log was written by a newer version of Countersign than this one. Start that version, or a newer one.',
    { port: 'store', kind: 'refused', retryable: false },
  );
}
