import Database from 'better-sqlite3';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/system/clock.ts';

/** What a long past consists of. */
const TABLES = ['events', 'deployments', 'effects', 'keys', 'wakeups', 'targets', 'rollups'] as const;
/** Rows of one statement. */
const BATCH = 5000;

interface Column {
  readonly name: string;
  readonly type: string;
}

/**
 * Fills an empty database on a server with what an SQLite file holds: the store's own tables, written past the store, because the
 * hashes of a made-up past are none.
 * @param path of the file; nobody may write to it meanwhile
 */
export async function copyHistory(path: string, url: string): Promise<void> {
  const empty = await openStore({ database: url, clock: systemClock(), works: false });
  await empty.store.close();
  const source = new Database(path, { readonly: true });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('set synchronous_commit = off');
    for (const table of TABLES) await copied(source, client, table);
    await client.query(`select setval(pg_get_serial_sequence('effects', 'sequence'), max(sequence)) from effects`);
    await client.query('analyze');
  } finally {
    await client.end();
    source.close();
  }
}

async function copied(source: Database.Database, client: pg.Client, table: (typeof TABLES)[number]): Promise<void> {
  const columns = await columnsOf(source, client, table);
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
  const insert = `insert into ${table} (${names}) overriding system value select * from unnest(${arrays})`;
  await client.query(`alter table ${table} disable trigger user`);
  await client.query('begin');
  await client.query(`delete from ${table}`);
  let rows: unknown[][] = [];
  const write = async () => {
    const written = columns.map(({ type }, index) => rows.map((row) => asKept(row[index], type)));
    if (rows.length > 0) await client.query(insert, written);
    rows = [];
  };
  for (const row of source.prepare(`select ${names} from ${table}`).raw().iterate()) {
    rows.push(row as unknown[]);
    if (rows.length === BATCH) await write();
  }
  await write();
  await client.query('commit');
  await client.query(`alter table ${table} enable trigger user`);
}

/** Those that both have; what only one of them keeps is its own affair. */
async function columnsOf(source: Database.Database, client: pg.Client, table: string): Promise<readonly Column[]> {
  const here = source.pragma(`table_info(${table})`) as readonly { readonly name: string }[];
  const { rows } = await client.query<Column>(
    'select column_name as name, data_type as type from information_schema.columns where table_schema = current_schema() and table_name = $1',
    [table],
  );
  return rows.filter(({ name }) => here.some((one) => one.name === name));
}

/** SQLite keeps a yes as 1. */
function asKept(value: unknown, type: string): unknown {
  return type === 'boolean' && typeof value === 'number' ? value === 1 : value;
}
