import { setTimeout } from 'node:timers/promises';
import { type SQL, sql } from 'drizzle-orm';
import { PortFailure } from '../../ports/failure.ts';
import { columnsOf, deploymentColumns } from '../columns.ts';
import { DOCUMENT_KINDS, keyOf, type Row } from '../fold.ts';
import { foldedRows, type Streams } from '../refolding.ts';
import { recount } from '../tally.ts';
import type { Holding, Transfer, TransferRows, TransferTable } from '../transfer.ts';
import { findDifferences } from './differences.ts';
import { MIGRATIONS } from './index.ts';
import { openLog } from './log.ts';
import { bringUpToDate } from './migrate.ts';
import { addRollups } from './rollups.ts';
import { DOCUMENTS, deployments, effects, events, keys, messages, records, wakeups } from './schema.ts';
import { rowsOf, type Server, type Session } from './session.ts';
import { doubtStatements, HALT, OTHERS, RESUME, readHalt } from './transfer-sql.ts';

/** How often and after which pauses, in milliseconds, others are waited for. */
const [TRIES, TRY_MS] = [10, 300];

const PAGE = 500;
/** An entry of a big change set may hold a megabyte. */
const EVENTS_PAGE = 64;
/** Folds written at once; each may hold a hundred commits. */
const FOLDS = 100;

/** A long transaction is meant here; the settings end with it. Nobody else may write to the log meanwhile. */
const BEGIN = `set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local lock_timeout = 3000;
  lock table events in exclusive mode`;

export interface PostgresTransferOptions {
  /** Is closed with the transfer. */
  readonly server: Server;
  /** As people know it; never a password. */
  readonly name: string;
}

/**
 * Opens a PostgreSQL database to be moved, filled or brought back to work; its tables are made when they are missing.
 * @throws PortFailure when it cannot be reached, or programmes are connected to it
 */
export async function openPostgresTransfer({ server, name }: PostgresTransferOptions): Promise<Transfer> {
  try {
    await bringUpToDate(server, MIGRATIONS);
    await alone(server, name);
  } catch (error) {
    await server.close();
    throw error;
  }
  return {
    name,
    halted: () => readHalt(server.session),
    whole: (work) =>
      server
        .transaction((session) => work(holding(server, session)), { begin: BEGIN })
        .catch((error: unknown) => {
          throw plainly(error);
        }),
    close: () => server.close(),
  };
}

/** The query builder's own message repeats everything that was to be written. */
function plainly(error: unknown): unknown {
  return error instanceof Error && error.message.startsWith('Failed query') ? (error.cause ?? error) : error;
}

/** A programme that has just ended is waited for. */
async function alone(server: Server, name: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const others = await rowsOf(server.session, OTHERS);
    if (others.length === 0) return;
    if (tries === TRIES) throw inUse(name, others.length);
    await setTimeout(TRY_MS);
  }
}

function inUse(name: string, count: number): PortFailure {
  const message = `${count === 1 ? 'One connection' : `${count} connections`} of Countersign to ${name} ${count === 1 ? 'is' : 'are'} open. Stop every instance first.`;
  return new PortFailure(message, { port: 'store', kind: 'refused', retryable: false });
}

function holding(server: Server, session: Session): Holding {
  const inside: Server = { ...server, session, transaction: (work) => work(session) };
  return {
    async count(table) {
      const [row] = await rowsOf<{ count: string }>(session, sql`select count(*) as count from ${TABLES[table]}`);
      return Number(row?.count);
    },
    rows: <T extends TransferTable>(table: T) => pages(session, table) as AsyncIterable<readonly TransferRows[T][]>,
    async write(table, rows) {
      for (let at = 0; at < rows.length; at += PAGE) await WRITERS[table](session, rows.slice(at, at + PAGE) as never);
    },
    fold: () => foldAnew(session),
    found: () => openLog(inside).found(),
    differences: () => findDifferences(inside),
    async halt(sentence) {
      for (const statement of RESUME) await session.execute(statement);
      if (sentence === undefined) return;
      for (const statement of HALT) await session.execute(statement);
      await session.execute(sql`insert into halted (sentence) values (${sentence})`);
    },
    async doubt(now) {
      for (const statement of doubtStatements(now)) await session.execute(statement);
      const [row] = await rowsOf<{ count: string }>(
        session,
        sql`select count(*) as count from effects where state = 'pending'`,
      );
      return Number(row?.count);
    },
  };
}

const TABLES = { events, keys, effects, messages, wakeups, records } as const;

/** Numbers of type bigint come as text from a statement that was written by hand. */
const NUMBERS: ReadonlySet<string> = new Set(['seq', 'at', 'sequence', 'due', 'in_doubt_since', 'number', 'version']);

/** What a table is read by. Times of entries are text, all other times are numbers. */
const READ: Readonly<Record<TransferTable, { readonly columns: SQL; readonly order: readonly string[] }>> = {
  events: { columns: sql`seq, at, stream, version, type, text, hash`, order: ['seq'] },
  keys: { columns: sql`key, at`, order: ['key'] },
  effects: {
    columns: sql`sequence, key, lane, mode, body::text as body, due, state, wanted, taken, attempts, in_doubt_since, error`,
    order: ['sequence'],
  },
  messages: { columns: sql`key, handle::text as handle`, order: ['key'] },
  wakeups: { columns: sql`key, due, note::text as note`, order: ['key'] },
  records: { columns: sql`book, number, record::text as record`, order: ['book', 'number'] },
};

async function* pages(session: Session, table: TransferTable): AsyncGenerator<readonly unknown[]> {
  const { columns, order } = READ[table];
  const names = order.map((name) => sql.identifier(name));
  const by = sql.join(names, sql`, `);
  const limit = table === 'events' ? EVENTS_PAGE : PAGE;
  let where = sql``;
  for (;;) {
    const statement = sql`select ${columns} from ${TABLES[table]} ${where} order by ${by} limit ${limit}`;
    const page = (await rowsOf<Record<string, unknown>>(session, statement)).map((row) => numbered(table, row));
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    where = sql`where (${by}) > (${sql.join(
      order.map((name) => sql`${last[name]}`),
      sql`, `,
    )})`;
  }
}

function numbered(table: TransferTable, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(row).map(([name, value]) => {
    const isNumber = NUMBERS.has(name) && value !== null && !(table === 'events' && name === 'at');
    return [name, isNumber ? Number(value) : value];
  });
  return Object.fromEntries(fields) as Record<string, unknown>;
}

type Writers = {
  readonly [T in TransferTable]: (session: Session, rows: readonly TransferRows[T][]) => Promise<void>;
};

const WRITERS: Writers = {
  async events(session, rows) {
    await session.insert(events).values(rows as (typeof events.$inferInsert)[]);
  },
  async keys(session, rows) {
    await session.insert(keys).values([...rows]);
  },
  async effects(session, rows) {
    const values = rows.map(({ body, in_doubt_since, error, ...row }) => {
      return { ...row, body: JSON.parse(body), inDoubtSince: in_doubt_since, error: writable(error) };
    }) as (typeof effects.$inferInsert)[];
    await session.insert(effects).overridingSystemValue().values(values);
    // The next one that is owed comes behind those that were moved.
    await session.execute(
      sql`select setval(pg_get_serial_sequence('effects', 'sequence'), (select max(sequence) from effects))`,
    );
  },
  async messages(session, rows) {
    await session.insert(messages).values(rows.map(({ key, handle }) => ({ key, handle: JSON.parse(handle) })));
  },
  async wakeups(session, rows) {
    const note = (text: string | null) => (text === null ? null : JSON.parse(text));
    await session.insert(wakeups).values(rows.map((row) => ({ ...row, note: note(row.note), moved: false })));
  },
  async records(session, rows) {
    await session.insert(records).values(rows.map((row) => ({ ...row, record: JSON.parse(row.record) })));
  },
};

/** Text of PostgreSQL has no place for the character U+0000. */
function writable(error: string | null): string | null {
  return error?.replaceAll('\0', '\uFFFD') ?? null;
}

async function foldAnew(session: Session): Promise<number> {
  let folds = 0;
  let waiting: Row[] = [];
  const counts = recount();
  for await (const row of foldedRows(streamsOf(session), counts.add)) {
    folds += 1;
    waiting.push(row);
    if (waiting.length < FOLDS) continue;
    await insertRows(session, waiting);
    waiting = [];
  }
  await insertRows(session, waiting);
  await addRollups(session, counts.sums());
  return folds;
}

async function insertRows(session: Session, rows: readonly Row[]): Promise<void> {
  const wanted = rows.flatMap((row) => (row.kind === 'deployment' ? [deploymentColumns(row.value)] : []));
  if (wanted.length > 0) await session.insert(deployments).values(wanted);
  for (const kind of DOCUMENT_KINDS) {
    const table = DOCUMENTS[kind];
    const documents = rows.filter((row) => row.kind === kind).map((row) => columnsOf(row, keyOf(row)));
    if (documents.length === 0) continue;
    await session.insert(table).values(documents as unknown as (typeof table.$inferInsert)[]);
  }
}

function streamsOf(session: Session): Streams {
  return {
    async streams(after, limit) {
      const rows = await session
        .selectDistinct({ stream: events.stream })
        .from(events)
        .where(sql`${events.stream} > ${after}`)
        .orderBy(events.stream)
        .limit(limit);
      return rows.map(({ stream }) => stream);
    },
    texts: (stream, after) =>
      session
        .select({ version: events.version, text: events.text })
        .from(events)
        .where(sql`${events.stream} = ${stream} and ${events.version} > ${after}`)
        .orderBy(events.version)
        .limit(EVENTS_PAGE),
  };
}
