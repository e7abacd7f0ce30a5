import { dirname } from 'node:path';
import { foldedRows } from '../refolding.ts';
import { recount } from '../tally.ts';
import type { Holding, Transfer, TransferRows, TransferTable } from '../transfer.ts';
import { type Connection, connect } from './connection.ts';
import { findDifferences } from './differences.ts';
import { DOUBT } from './doubt.ts';
import { translated } from './fault.ts';
import { breathe, logTable } from './log-table.ts';
import { rollupTable } from './rollup-table.ts';
import { rowTables } from './row-tables.ts';
import { holdToMend, readHalt, writeHalt } from './sole.ts';
import { type RecordFiles, recordFiles } from './transfer-records.ts';

const PAGE = 500;
/** An entry of a big change set may hold a megabyte. */
const EVENTS_PAGE = 64;

/** What a table is read and written by; leases are left behind, whoever held them is no more. */
const COLUMNS: Readonly<Record<Exclude<TransferTable, 'records'>, { readonly order: string; readonly all: string }>> = {
  events: { order: 'seq', all: 'seq, at, stream, version, type, text, hash' },
  keys: { order: 'key', all: 'key, at' },
  effects: {
    order: 'sequence',
    all: 'sequence, key, lane, mode, body, due, state, wanted, taken, attempts, in_doubt_since, error',
  },
  messages: { order: 'key', all: 'key, handle' },
  wakeups: { order: 'key', all: 'key, due, note' },
};

/**
 * Opens an SQLite file to be moved, filled or brought back to work, and holds it alone. It is made when it is missing.
 * @throws PortFailure when somebody works on it, or it cannot be opened
 */
export function openSqliteTransfer(path: string): Transfer {
  try {
    const connection = connect(path, 2000);
    const letGo = held(connection, path);
    const records = recordFiles(dirname(path));
    return {
      name: path,
      halted: async () => readHalt(connection.client),
      whole: (work) => whole(connection, records, work),
      close: async () => {
        connection.client.close();
        letGo();
      },
    };
  } catch (error) {
    throw translated(error);
  }
}

function held(connection: Connection, path: string): () => void {
  try {
    return holdToMend(path);
  } catch (error) {
    connection.client.close();
    throw error;
  }
}

/** One transaction by hand, because what is written comes bit by bit from elsewhere. */
async function whole<T>(
  connection: Connection,
  records: RecordFiles,
  work: (holding: Holding) => Promise<T>,
): Promise<T> {
  const { client } = connection;
  client.exec('begin immediate');
  try {
    const result = await work(holding(connection, records));
    client.exec('commit');
    await records.end(true);
    return result;
  } catch (error) {
    if (client.inTransaction) client.exec('rollback');
    await records.end(false);
    throw translated(error);
  }
}

function holding(connection: Connection, records: RecordFiles): Holding {
  const { client } = connection;
  const log = logTable(connection);
  const rows = rowTables(connection);
  const rollups = rollupTable(connection);
  return {
    count: async (table) =>
      table === 'records'
        ? records.count()
        : (client.prepare<[], number>(`select count(*) from ${table}`).pluck().get() ?? 0),
    rows: <T extends TransferTable>(table: T) =>
      (table === 'records' ? records.rows() : pages(connection, table)) as AsyncIterable<readonly TransferRows[T][]>,
    write: async (table, fresh) => {
      if (table === 'records') await records.write(fresh as readonly TransferRows['records'][]);
      else insert(connection, table, fresh);
    },
    fold: () => foldAnew(connection),
    found: () => log.found(),
    // Everything is one transaction already.
    differences: () => findDifferences({ log, rows, rollups }, (work) => work()),
    halt: async (sentence) => writeHalt(client, sentence),
    doubt: async (now) => {
      for (const statement of DOUBT) client.prepare(statement).run({ now });
      return client.prepare<[], number>("select count(*) from effects where state = 'pending'").pluck().get() ?? 0;
    },
  };
}

async function* pages(connection: Connection, table: keyof typeof COLUMNS): AsyncGenerator<readonly unknown[]> {
  const { order, all } = COLUMNS[table];
  const first = connection.client.prepare(`select ${all} from ${table} order by ${order} limit @limit`);
  const next = connection.client.prepare(
    `select ${all} from ${table} where ${order} > @after order by ${order} limit @limit`,
  );
  const limit = table === 'events' ? EVENTS_PAGE : PAGE;
  let page = first.all({ limit }) as readonly Record<string, unknown>[];
  while (page.length > 0) {
    yield page;
    await breathe();
    page = next.all({ limit, after: page.at(-1)?.[order] }) as readonly Record<string, unknown>[];
  }
}

function insert({ client }: Connection, table: keyof typeof COLUMNS, fresh: readonly unknown[]): void {
  const { all } = COLUMNS[table];
  // The only column that is not moved and cannot be empty: nobody holds anything yet.
  const [more, value] = table === 'wakeups' ? [', moved', ', 0'] : ['', ''];
  const slots = all.split(', ').map((name) => `@${name}`);
  const statement = client.prepare(`insert into ${table} (${all}${more}) values (${slots.join(', ')}${value})`);
  for (const row of fresh) statement.run(row);
}

async function foldAnew(connection: Connection): Promise<number> {
  const log = logTable(connection);
  const rows = rowTables(connection);
  const counts = recount();
  let folds = 0;
  for await (const row of foldedRows(log, counts.add)) {
    rows.write(row, undefined);
    folds += 1;
    if (folds % PAGE === 0) await breathe();
  }
  rollupTable(connection).add(counts.sums());
  return folds;
}
