import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A server that tests may make databases on, e.g. `postgres://postgres@127.0.0.1:5432/postgres`; absent: tests of it are skipped. */
export const TEST_SERVER = process.env['COUNTERSIGN_TEST_POSTGRES'];

/** Why what needs that server is skipped. */
export const NO_SERVER = 'COUNTERSIGN_TEST_POSTGRES names no server';

/** A database that nobody else uses. */
export interface OwnDatabase {
  readonly url: string;
  query(sql: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

/** Makes an empty database on a server. `server` is the address of any of its databases that the user may connect to. */
export async function ownDatabase(server: string): Promise<OwnDatabase> {
  const name = `countersign_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await once(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (sql, values = []) => once(url.href, sql, values),
    drop: async () => void (await once(server, `drop database if exists ${name} with (force)`)),
  };
}

/** Asks one question over a connection of its own: such a one survives whatever is done to the server between two questions. */
async function once(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url });
  // A connection that is cut tells it twice; the question's own failure is enough.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
