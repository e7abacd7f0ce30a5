import pg, { type Pool } from 'pg';
import type { Clock } from '../../ports/clock.ts';
import { PortFailure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { RecordBook, Recorded, Records } from '../../ports/records.ts';
import { openEar } from './ear.ts';

export interface PostgresRecordsOptions {
  /** Each open book keeps one connection of it for listening, and takes another for each append. Stays open: it is the giver's. */
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Log;
}

/** The payload is the book's name: who hears it reads by itself, so nothing that was said twice or got lost does harm. */
const CHANNEL = 'countersign_records';
/** Records read at once. */
const PAGE = 500;

// Whoever freezes between the lock and the commit is cut off by the server, and the others wait no longer than that.
const BEGIN = `begin isolation level read committed;
  set local lock_timeout = '10s'; set local idle_in_transaction_session_timeout = '5s'`;
const LOCK = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';
// The newest record is never forgotten (what is spent is older), so that no number is given twice.
const ADD = `with dropped as (delete from records where book = $1 and number = any($3::bigint[])),
    added as (
      insert into records (book, number, record)
      select $1, coalesce(max(number), 0) + 1, $2::json from records where book = $1
      returning number)
  select number, pg_notify($4, $1) from added`;
const READ = 'select number, record from records where book = $1 and number > $2 order by number limit $3';

/**
 * Books in the table `records`, shared by all instances on one database. Appending holds a lock of the book until the commit, so
 * the order of commits is the order of numbers, and whoever has read a number has read all before it.
 */
export function postgresRecords(options: PostgresRecordsOptions): Records {
  return { open: (book, told) => reached(() => openBook(options, book, told)) };
}

async function openBook(
  { pool, clock, log }: PostgresRecordsOptions,
  book: string,
  told: (records: readonly Recorded[]) => void,
): Promise<RecordBook> {
  let last = 0;
  let closed = false;
  let deaf = false;
  const busy = new Set<Promise<unknown>>();

  const current = oneAfterAnother(async () => {
    for (;;) {
      const { rows } = await pool.query<{ number: string; record: unknown }>(READ, [book, last, PAGE]);
      const news = rows.map(({ number, record }): Recorded => ({ number: Number(number), record }));
      const newest = news.at(-1);
      if (newest === undefined || deaf) return;
      last = newest.number;
      told(news);
      if (news.length < PAGE) return;
    }
  });
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closed)
      throw failure('This instance is stopping and keeps nothing more.', { kind: 'unreachable', retryable: true });
    const mine = reached(work);
    busy.add(mine);
    return mine.finally(() => busy.delete(mine));
  };
  const heard = (payload: string | undefined): void => {
    if (payload !== undefined && payload !== book) return;
    during(current).catch((error: unknown) => {
      if (!closed) log.warn({ error, book }, 'records of others could not be read, trying again soon');
    });
  };
  const ear = await openEar({ pool, channel: CHANNEL, clock, log, heard });
  try {
    await current();
  } catch (error) {
    ear.close();
    throw error;
  }

  return {
    unreadable: 0,
    append: (record, spent = []) =>
      during(async () => {
        const number = await add(pool, book, record, spent);
        await settled(current());
        return number;
      }),
    current: () => during(current),
    close: async () => {
      closed = true;
      ear.close();
      await Promise.allSettled(busy);
      deaf = true;
    },
  };
}

async function add(pool: Pool, book: string, record: unknown, spent: readonly number[]): Promise<number> {
  const client = await pool.connect();
  // A connection that is cut says so on its own as well; the question's failure is enough.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  try {
    await client.query(BEGIN);
    await client.query(LOCK, [`${CHANNEL}/${book}`]);
    const values = [book, JSON.stringify(record), spent, CHANNEL];
    const { rows } = await client.query<{ number: string }>(ADD, values);
    await settled(client.query('commit'));
    client.off('error', ignore);
    client.release();
    return Number(rows[0]?.number);
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** What fails from the commit on may have taken effect. */
async function settled<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asFailure(error, true);
  }
}

async function reached<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asFailure(error, false);
  }
}

/** Classes of error codes that are the server's trouble (https://www.postgresql.org/docs/15/errcodes-appendix.html); others are bugs. */
const TROUBLE = ['08', '25', '28', '3D', '40', '53', '55', '57', '58', 'XX'];

function asFailure(error: unknown, inDoubt: boolean): unknown {
  if (!(error instanceof Error) || error instanceof PortFailure) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (error instanceof pg.DatabaseError && !TROUBLE.includes(code?.slice(0, 2) ?? '')) return error;
  return failure('The database cannot be reached. Look whether it runs and whether this machine may connect to it.', {
    kind: 'unreachable',
    retryable: true,
    cause: error,
    ...(inDoubt ? { inDoubt } : {}),
    ...(code === undefined ? {} : { code }),
  });
}

function failure(sentence: string, details: Omit<PortFailure['details'], 'port'>): PortFailure {
  return new PortFailure(sentence, { port: 'records', ...details });
}

/** Does `work` again and again, never twice at a time. Who calls while it is under way waits for the next time, with all others. */
function oneAfterAnother(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return () => {
    if (waiting !== undefined) return waiting;
    last = last
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        return work();
      });
    waiting = last;
    return last;
  };
}
