import { type SQL, sql } from 'drizzle-orm';
import { PortFailure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { RecordBook, Recorded, Records } from '../../ports/records.ts';
import { patiently } from './patience.ts';
import { rowsOf, type Server } from './session.ts';

/** The payload is the book's name: who hears it reads by itself, so nothing that was said twice or got lost does harm. */
const CHANNEL = 'countersign_records';
/** Records read at once. */
const PAGE = 500;
/** Books that are appended to wait for each other: what they keep is little. */
const LOCK = 'select pg_advisory_xact_lock(7366502)';

/**
 * Books in the table `records`, shared by all instances on one database. Appending holds a lock until the commit, so the order of commits
 * is the order of numbers, and whoever has read a number has read all before it. Each open book keeps one connection for listening.
 */
export function postgresRecords(server: Server, log: Log | undefined): Records {
  return { open: (book, told) => openBook(server, log, book, told) };
}

async function openBook(
  server: Server,
  log: Log | undefined,
  book: string,
  told: (records: readonly Recorded[]) => void,
): Promise<RecordBook> {
  let last = 0;
  let closed = false;
  let deaf = false;
  const busy = new Set<Promise<unknown>>();

  const current = oneAfterAnother(async () => {
    for (;;) {
      const rows = await patiently(() => rowsOf<Row>(server.session, READ(book, last)));
      const news = rows.map(({ number, record }): Recorded => ({ number: Number(number), record }));
      const newest = news.at(-1);
      if (newest === undefined || deaf) return;
      last = newest.number;
      told(news);
      if (news.length < PAGE) return;
    }
  });
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closed) throw stopping();
    const mine = work();
    busy.add(mine);
    return mine.finally(() => busy.delete(mine));
  };
  const look = (): void => {
    during(current).catch((error: unknown) => {
      if (!closed) log?.warn({ error, book }, 'records of others could not be read, trying again soon');
    });
  };
  const end = await server.listen(CHANNEL, (name) => (name === book ? look() : undefined), look);
  try {
    await current();
  } catch (error) {
    await end();
    throw error;
  }

  return {
    unreadable: 0,
    append: (record, spent = []) =>
      during(async () => {
        const number = await server.transaction(
          async (session) => {
            const [row] = await rowsOf<{ number: string }>(session, ADD(book, record, spent));
            return Number(row?.number);
          },
          { begin: LOCK },
        );
        // It is kept, whatever becomes of the reading.
        await current().catch((error: unknown) => {
          throw inDoubt(error);
        });
        return number;
      }),
    current: () => during(current),
    close: async () => {
      closed = true;
      await end();
      await Promise.allSettled(busy);
      deaf = true;
    },
  };
}

interface Row {
  readonly number: string;
  readonly record: unknown;
}

const READ = (book: string, last: number): SQL => sql`
  select number, record from records where book = ${book} and number > ${last}::bigint order by number limit ${PAGE}`;

/** The newest record is never forgotten (what is spent is older), so that no number is given twice. */
const ADD = (book: string, record: unknown, spent: readonly number[]): SQL => sql`
  with dropped as (
    delete from records where book = ${book}
      and number in (select json_array_elements_text(${JSON.stringify(spent)}::json)::bigint)
  ),
  added as (
    insert into records (book, number, record)
    select ${book}::text, coalesce(max(number), 0) + 1, ${JSON.stringify(record)}::json from records where book = ${book}
    returning number
  )
  select number, pg_notify(${CHANNEL}, ${book}) from added`;

function stopping(): PortFailure {
  const details = { port: 'store', kind: 'unreachable', retryable: true } as const;
  return new PortFailure('This instance is stopping and keeps nothing more.', details);
}

function inDoubt(error: unknown): unknown {
  if (!(error instanceof PortFailure)) return error;
  return new PortFailure(error.message, { ...error.details, inDoubt: true });
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
