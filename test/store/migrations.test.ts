import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DrizzleSQLiteSnapshotJSON, generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api';
import { describe, expect, it } from 'vitest';
import * as schema from '../../src/store/sqlite/schema.ts';

const FOLDER = join(import.meta.dirname, '../../src/store/sqlite/migrations');

interface Journal {
  readonly entries: readonly { readonly idx: number; readonly tag: string; readonly when: number }[];
}

function json<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(FOLDER, ...path), 'utf8')) as T;
}

function newestSnapshot(): DrizzleSQLiteSnapshotJSON {
  const [newest] = readdirSync(join(FOLDER, 'meta'))
    .filter((name) => name.endsWith('_snapshot.json'))
    .sort()
    .reverse();
  return json('meta', newest ?? 'there is no snapshot');
}

describe('the migrations of the SQLite store', () => {
  it('lead to the very schema that the code knows (else: npx drizzle-kit generate)', async () => {
    const before = newestSnapshot();

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

  it('stand in the journal, each with its file, each later than the one before', () => {
    const { entries } = json<Journal>('meta', '_journal.json');
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));

    expect(entries.map(({ tag }) => `${tag}.sql`)).toEqual(files.sort());
    expect(entries.map(({ when }) => when)).toEqual(entries.map(({ when }) => when).sort((one, other) => one - other));
  });
});
