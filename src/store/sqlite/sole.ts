import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { PortFailure } from '../../ports/failure.ts';

/** How long a former life that is just ending is waited for, in milliseconds. */
const PATIENCE_MS = 3000;

/**
 * Holds the right to be the only one that works on a database, until the function returned is called or the process ends, however
 * it ends: the lock is the operating system's, on a small file of its own, so that others may still read the database.
 * @throws PortFailure when somebody else holds it, or when nobody is to work on it
 */
export function holdAlone(path: string): () => void {
  const letGo = holdToMend(path);
  const why = haltedSentence(path);
  if (why === undefined) return letGo;
  letGo();
  throw new PortFailure(why, { port: 'store', kind: 'refused', retryable: false });
}

/** The same for whoever does not work on it, but moves or mends what lies there: a halted database is not refused. */
export function holdToMend(path: string): () => void {
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

/** Why nobody is to work on the database, if so: it was moved away, or brought back from a backup and not yet looked after. */
function haltedSentence(path: string): string | undefined {
  if (path === ':memory:' || !existsSync(path)) return undefined;
  const client = new Database(path, { readonly: true, timeout: PATIENCE_MS });
  try {
    return readHalt(client);
  } finally {
    client.close();
  }
}

/** The reason that was left in an open database. */
export function readHalt(client: Database.Database): string | undefined {
  const table = client.prepare("select 1 from sqlite_schema where type = 'table' and name = 'halted'").get();
  if (table === undefined) return undefined;
  return client.prepare<[], string>('select sentence from halted').pluck().get();
}

/** Leaves a reason in an open database, or takes it away. The table is no part of the schema: it is only there meanwhile. */
export function writeHalt(client: Database.Database, sentence: string | undefined): void {
  client.exec('drop table if exists halted');
  if (sentence === undefined) return;
  client.exec('create table halted (sentence text not null)');
  client.prepare('insert into halted (sentence) values (?)').run(sentence);
}
