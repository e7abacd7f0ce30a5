import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { NOON, type StoreHouse } from '../contract/store-samples.ts';

/** A clock that stands at noon. */
export const STILL: Clock = { now: () => NOON, at: () => () => undefined };

export interface SqliteHouse extends StoreHouse {
  readonly folder: string;
  readonly file: string;
  /** Closes every instance and removes the folder. */
  tearDown(): Promise<void>;
}

/** A folder of its own for one SQLite file. */
export function sqliteHouse(): SqliteHouse {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-store-'));
  const file = join(folder, 'countersign.db');
  const stores: Store[] = [];
  const execute = async (statement: string) => {
    const client = new Database(file);
    try {
      client.exec(statement);
    } finally {
      client.close();
    }
  };
  return {
    folder,
    file,
    execute,
    document: { text: (column) => column, of: (text) => text },
    open: async () => {
      const store = await openSqliteStore({ path: file, clock: STILL });
      stores.push(store);
      return store;
    },
    disarm: async () => {
      for (const name of ['update', 'delete', 'order']) await execute(`drop trigger events_keep_${name}`);
    },
    tearDown: async () => {
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
