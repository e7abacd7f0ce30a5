import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { Store } from '../../src/ports/store.ts';
import { MIGRATIONS, openPostgresStore } from '../../src/store/postgres/index.ts';
import { bringUpToDate } from '../../src/store/postgres/migrate.ts';
import { openPool, poolServer } from '../../src/store/postgres/pool.ts';
import type { Server } from '../../src/store/postgres/session.ts';
import { systemClock } from '../../src/system/clock.ts';
import { NOON, type StoreHouse } from '../contract/store-samples.ts';
import { pgliteDatabase, pgliteServer } from './pglite-server.ts';

/** Databases for one test after the other. */
export interface Houses {
  /** An empty one. */
  next(): Promise<StoreHouse>;
  /** Closes what the last test left open. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const DISARM = ['update', 'delete', 'truncate', 'order'].map((name) => `drop trigger events_keep_${name} on events`);

function houseOf(stores: Store[], server: () => Server, execute: (statement: string) => Promise<void>): StoreHouse {
  return {
    execute,
    document: { text: (column) => `${column}::text`, of: (text) => `(${text})::json` },
    open: async () => {
      const own = server();
      await bringUpToDate(own, MIGRATIONS);
      const store = await openPostgresStore({ server: own, now: () => NOON, works: true });
      stores.push(store);
      return store;
    },
    disarm: () => execute(DISARM.join('; ')),
  };
}

/** One database in this process, swept for each test. */
export async function pgliteHouses(): Promise<Houses> {
  const client = await pgliteDatabase();
  const stores: Store[] = [];
  const clear = async () => {
    for (const store of stores.splice(0)) await store.close();
  };
  return {
    async next() {
      await client.exec('drop schema public cascade; create schema public');
      const execute = async (statement: string) => void (await client.exec(statement));
      return houseOf(stores, () => pgliteServer(client), execute);
    },
    clear,
    async close() {
      await clear();
      await client.close();
    },
  };
}

/** A database of its own for each test, copied from one whose tables are made. */
export async function postgresHouses(address: string): Promise<Houses> {
  const name = `countersign_test_${randomBytes(6).toString('hex')}`;
  const stores: Store[] = [];
  let count = 0;
  let present: string | undefined;

  const template = poolServer(openPool(databaseAt(address, await created(address, name))), { clock: systemClock() });
  await bringUpToDate(template, MIGRATIONS);
  await template.close();

  async function clear(): Promise<void> {
    for (const store of stores.splice(0)) await store.close();
    if (present !== undefined) await once(address, `drop database if exists "${present}" with (force)`);
    present = undefined;
  }

  return {
    clear,
    async next() {
      count += 1;
      present = await created(address, `${name}_${count}`, name);
      const own = databaseAt(address, present);
      return houseOf(
        stores,
        () => poolServer(openPool(own), { clock: systemClock() }),
        (statement) => once(own, statement),
      );
    },
    async close() {
      await clear();
      await once(address, `drop database if exists "${name}" with (force)`);
    },
  };
}

/** The same server, another database. */
export function databaseAt(address: string, name: string): string {
  const url = new URL(address);
  url.pathname = `/${name}`;
  return url.href;
}

async function created(address: string, name: string, template = 'template1'): Promise<string> {
  await once(address, `create database "${name}" template "${template}"`);
  return name;
}

/** Runs a statement on a connection of its own. */
export async function once(address: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
