import { setTimeout } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import type { Clock } from '../../ports/clock.ts';
import { PortFailure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import { openEar } from './ear.ts';
import { isCut, translated } from './fault.ts';
import { patiently } from './patience.ts';
import type { Server, Session, TransactionOptions } from './session.ts';

/** Connections of one instance at most. */
const MOST_CONNECTIONS = 10;
/** The end of a transaction that was lost on the way is asked for so long, in milliseconds. */
const UNSURE_MS = 20_000;
/** Two programmes that start at once: the second waits until the first has made the tables. */
const MIGRATION_LOCK = 7_366_501;

/**
 * What the server does by itself for a client that froze in the middle: a process that was stopped while it held the lock of the
 * chain must not stop everybody else. Milliseconds.
 */
const SETTINGS = '-c idle_in_transaction_session_timeout=4000 -c lock_timeout=8000 -c statement_timeout=14000';

/** An answer that does not come within this time, in milliseconds, never comes: the network is gone. */
const ANSWER_MS = 15_000;

/** Connections to a server. Opens none yet. */
export function openPool(address: string): Pool {
  const pool = new Pool({
    connectionString: address,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: 5000,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    application_name: 'countersign',
    options: SETTINGS,
  });
  // A connection that ends while nobody uses it; whoever wants one gets a new one.
  pool.on('error', () => undefined);
  // One in use: its statement fails, which is told there.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export interface PoolServerOptions {
  readonly clock: Clock;
  readonly log?: Log | undefined;
}

/** A PostgreSQL server over the network. */
export function poolServer(pool: Pool, { clock, log }: PoolServerOptions): Server {
  const run = <T>(work: (session: Session) => Promise<T>, options: TransactionOptions = {}) =>
    patiently(() => attempt(pool, work, options));
  return {
    session: drizzle(pool),
    transaction: run,
    listen: async (channel, heard, unsure) => {
      const ear = await patiently(() => openEar({ pool, channel, clock, log, heard, unsure }));
      return async () => ear.close();
    },
    migrate: (folder) => patiently(() => migrateAlone(pool, folder)),
    close: async () => (pool.ended ? undefined : pool.end()),
  };
}

async function attempt<T>(pool: Pool, work: (session: Session) => Promise<T>, options: TransactionOptions): Promise<T> {
  const client = await pool.connect();
  let fault: unknown;
  try {
    const xid = await begin(client, options);
    const result = await work(drizzle(client));
    await commit(pool, client, xid);
    return result;
  } catch (error) {
    fault = error;
    if (!isCut(error)) await client.query('rollback').catch((failure: unknown) => (fault = failure));
    throw error;
  } finally {
    // One that was cut is not given to the next.
    client.release(isCut(fault));
  }
}

/** @returns the transaction's number, by which its end can be asked for; none for one that only reads */
async function begin(client: PoolClient, { begin: first, snapshot }: TransactionOptions): Promise<string | undefined> {
  if (snapshot === true) return void (await client.query('begin isolation level repeatable read read only'));
  const statements = ['begin', 'select pg_current_xact_id()::text as xid', ...(first === undefined ? [] : [first])];
  const answers = (await client.query(statements.join('; '))) as unknown as readonly QueryResult<{ xid?: string }>[];
  return answers.flatMap(({ rows }) => rows[0]?.xid ?? [])[0];
}

/** Ends a transaction; when the answer is lost, the server knows how it ended (pg_xact_status, since PostgreSQL 10). */
async function commit(pool: Pool, client: PoolClient, xid: string | undefined): Promise<void> {
  try {
    await client.query('commit');
  } catch (error) {
    if (!isCut(error) || xid === undefined || !(await wasCommitted(pool, xid))) throw error;
  }
}

async function wasCommitted(pool: Pool, xid: string): Promise<boolean> {
  const end = performance.now() + UNSURE_MS;
  for (;;) {
    const status = await statusOf(pool, xid);
    if (status !== undefined) return status === 'committed';
    if (performance.now() > end) throw unsure();
    await setTimeout(200);
  }
}

async function statusOf(pool: Pool, xid: string): Promise<'committed' | 'aborted' | undefined> {
  try {
    const { rows } = await pool.query<{ status: string | null }>('select pg_xact_status($1::xid8) as status', [xid]);
    const status = rows[0]?.status;
    return status === 'committed' || status === 'aborted' ? status : undefined;
  } catch (error) {
    if (isCut(error)) return undefined;
    throw error;
  }
}

function unsure(): PortFailure {
  return new PortFailure(
    'The database was lost while it wrote, and nobody can say whether it did. Look before you repeat it.',
    {
      port: 'store',
      kind: 'unreachable',
      retryable: false,
      inDoubt: true,
    },
  );
}

async function migrateAlone(pool: Pool, folder: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('set lock_timeout = 60000; set statement_timeout = 0');
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrate(drizzle(client), { migrationsFolder: folder, migrationsSchema: 'public' });
  } catch (error) {
    throw translated(error);
  } finally {
    // The lock and the settings go with the connection.
    client.release(true);
  }
}
