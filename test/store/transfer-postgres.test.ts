import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTransfer, plainName } from '../../src/store/open-transfer.ts';
import { openPostgresTransfer } from '../../src/store/postgres/transfer.ts';
import { move } from '../../src/store/transfer.ts';
import { NO_SERVER, type OwnDatabase, ownDatabase, TEST_SERVER } from '../support/postgres.ts';
import { pgliteDatabase, pgliteServer } from './pglite-server.ts';
import { STILL } from './sqlite-house.ts';
import { type Everything, everything, fill, LINES } from './transfer-samples.ts';

describe.skipIf(TEST_SERVER === undefined)(`a move to a PostgreSQL server and back (else: ${NO_SERVER})`, () => {
  let folder: string;
  let database: OwnDatabase;
  let before: Everything;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-transfer-'));
    database = await ownDatabase(TEST_SERVER ?? '');
    await fill(join(folder, 'old', 'countersign.db'));
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function moved(from: string, to: string): Promise<{ before: Everything; after: Everything }> {
    const source = await openTransfer(from, STILL);
    const target = await openTransfer(to, STILL);
    try {
      const there = await everything(source);
      await move(source, target, () => undefined);
      return { before: there, after: await everything(target) };
    } finally {
      await target.close();
      await source.close();
    }
  }

  it('carries every row there', async () => {
    const there = await moved(join(folder, 'old', 'countersign.db'), database.url);
    before = writable(there.before);

    expect(there.after).toEqual(before);
  });

  it('is refused while a programme is connected', async () => {
    const client = new pg.Client({ connectionString: database.url, application_name: 'countersign' });
    await client.connect();

    await expect(openTransfer(database.url, STILL)).rejects.toThrow(
      `One connection of Countersign to ${database.url} is open. Stop every instance first.`,
    );
    await client.end();
  });

  it('lets the next effect come behind those that were moved', async () => {
    await database.query(
      "insert into effects (key, lane, mode, body, due, state, wanted, taken, attempts) values ('n', 'n', 'once', '{}', 1, 'done', 1, 1, 1)",
    );
    const [row] = await database.query("select sequence from effects where key = 'n'");
    await database.query("delete from effects where key = 'n'");

    expect(Number(row?.['sequence'])).toBe(Math.max(...before.effects.map(({ sequence }) => sequence)) + 1);
  });

  it('carries every row back', async () => {
    const back = await moved(database.url, join(folder, 'back', 'countersign.db'));

    expect(back.after).toEqual(before);
    const lines = readFileSync(join(folder, 'back', 'console', 'messages.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(LINES.map((line) => JSON.parse(line)));
  });

  it('leaves a server whose log takes no entry any more, and says why', async () => {
    const insert = "insert into events values (1000, '', 'x', 1, 'x', 'x', 'x')";

    await expect(database.query(insert)).rejects.toThrow('This installation was moved to ');
  });
});

describe('a move into PostgreSQL within this process', () => {
  it('carries every row', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-transfer-'));
    await fill(join(folder, 'countersign.db'));
    const client = await pgliteDatabase();
    const source = await openTransfer(join(folder, 'countersign.db'), STILL);
    const target = await openPostgresTransfer({ server: pgliteServer(client), name: 'here' });

    const before = await everything(source);
    await move(source, target, () => undefined);
    const after = await everything(target);
    await source.close();
    await client.close();
    rmSync(folder, { recursive: true, force: true });

    expect(after).toEqual(writable(before));
  });
});

/** Texts of PostgreSQL have no place for U+0000; documents keep it. */
function writable(rows: Everything): Everything {
  const effects = rows.effects.map((row) => ({ ...row, error: row.error?.replaceAll('\0', '\uFFFD') ?? null }));
  return { ...rows, effects };
}

it('never shows a password', () => {
  expect(plainName('postgres://bot:secret@db:5432/bot?password=secret&sslmode=require')).toBe(
    'postgres://bot@db:5432/bot?sslmode=require',
  );
});
