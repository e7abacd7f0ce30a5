import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DrizzleSnapshotJSON,
  type DrizzleSQLiteSnapshotJSON,
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api';
import { describe, expect, it } from 'vitest';
import * as tables from '../../src/store/postgres/schema.ts';
import * as schema from '../../src/store/sqlite/schema.ts';

const STORES = join(import.meta.dirname, '../../src/store');
const SQLITE = join(STORES, 'sqlite/migrations');
const POSTGRES = join(STORES, 'postgres/migrations');

interface Journal {
  readonly entries: readonly { readonly idx: number; readonly tag: string; readonly when: number }[];
}

function json<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}

function newestSnapshot<T>(folder: string): T {
  const [newest] = readdirSync(join(folder, 'meta'))
    .filter((name) => name.endsWith('_snapshot.json'))
    .sort()
    .reverse();
  return json(folder, 'meta', newest ?? 'there is no snapshot');
}

describe('the migrations of the SQLite store', () => {
  it('lead to the very schema that the code knows (else: npx drizzle-kit generate --config)', async () => {
    const before = newestSnapshot<DrizzleSQLiteSnapshotJSON>(SQLITE);

    const now = await generateSQLiteDrizzleJson(schema, before.id);

    expect(await generateSQLiteMigration(before, now)).toEqual([]);
  });

  it('would be found wanting if the schema moved on without them', async () => {
    const { wakeups: _gone, ...older } = schema;

    const moved = await generateSQLiteMigration(
      await generateSQLiteDrizzleJson(older),
      await generateSQLiteDrizzleJson(schema),
    );

    expect(moved.join('\n')).toMatch(/CREATE TABLE `wakeups`/);
  });
});

describe('the migrations of the PostgreSQL store', () => {
  it('lead to the very schema that the code knows (else: npx drizzle-kit generate --config)', async () => {
    const before = newestSnapshot<DrizzleSnapshotJSON>(POSTGRES);

    expect(await generateMigration(before, generateDrizzleJson(tables, before.id))).toEqual([]);
  });

  it('would be found wanting if the schema moved on without them', async () => {
    const { wakeups: _gone, ...older } = tables;

    const moved = await generateMigration(generateDrizzleJson(older), generateDrizzleJson(tables));

    expect(moved.join('\n')).toMatch(/CREATE TABLE "wakeups"/);
  });
});

describe.each([
  ['SQLite', SQLITE],
  ['PostgreSQL', POSTGRES],
])('every migration of the %s store', (_name, folder) => {
  it('stands in the journal, with its file, later than the one before', () => {
    const { entries } = json<Journal>(folder, 'meta', '_journal.json');
    const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));

    expect(entries.map(({ tag }) => `${tag}.sql`)).toEqual(files.sort());
    expect(entries.map(({ when }) => when)).toEqual(entries.map(({ when }) => when).sort((one, other) => one - other));
  });
});
