import type { PoolClient } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortFailure } from '../../src/ports/failure.ts';
import type { Store } from '../../src/ports/store.ts';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { openServer } from '../../src/store/postgres/open.ts';
import { openPool, poolServer } from '../../src/store/postgres/pool.ts';
import { systemClock } from '../../src/system/clock.ts';
import { all, change, given, requested } from '../contract/store-samples.ts';
import { NO_SERVER, TEST_SERVER } from '../support/postgres.ts';
import { databaseAt, once } from './postgres-house.ts';

const NAME = `countersign_server_${process.pid}`;
const SERVER = TEST_SERVER ?? 'postgres://nowhere/x';
const ADDRESS = databaseAt(SERVER, NAME);
const HOUR_MS = 3_600_000;

const stores: Store[] = [];

async function open(): Promise<Store> {
  const { store } = await openServer({ address: ADDRESS, clock: systemClock(), works: false });
  stores.push(store);
  return store;
}

/** A store on one connection, where a test comes between the store and the server at the end of each transaction. */
async function between(end: (client: PoolClient, commit: () => Promise<unknown>) => Promise<unknown>): Promise<Store> {
  const pool = openPool(ADDRESS);
  pool.on('connect', (client) => {
    const plain = client.query.bind(client) as (...args: readonly unknown[]) => Promise<unknown>;
    const query = (...args: readonly unknown[]) =>
      args[0] === 'commit' ? end(client, () => plain('commit')) : plain(...args);
    Object.assign(client, { query });
  });
  const store = await openPostgresStore({
    server: poolServer(pool, { clock: systemClock() }),
    now: () => Date.now(),
    works: false,
  });
  stores.push(store);
  return store;
}

function cut(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

async function failureOf(work: Promise<unknown>): Promise<PortFailure> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PortFailure) return error;
  throw new Error(`Expected a failure, got ${String(error)}.`);
}

describe.skipIf(TEST_SERVER === undefined)(
  TEST_SERVER === undefined ? `a database on a server (${NO_SERVER})` : 'a database on a server',
  () => {
    beforeEach(() => once(SERVER, `create database "${NAME}"`));
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close();
      await once(SERVER, `drop database if exists "${NAME}" with (force)`);
    });

    it('that is older than the rollups is counted by whoever starts to work on it', async () => {
      const looking = await open();
      for (let number = 1; number <= 3; number += 1) await given(looking, number, 6, `s${number}`);
      const march = { from: '2026-03-01', until: '2026-04-01' };
      const before = await looking.rollups(march);
      await once(ADDRESS, 'delete from rollups');

      const { store } = await openServer({ address: ADDRESS, clock: systemClock(), works: true });
      stores.push(store);

      expect(before.length).toBeGreaterThan(0);
      expect(await store.rollups(march)).toEqual(before);
      expect(await all(store.differences())).toEqual([]);
    });

    it('gets its tables once, however many programmes start at the same moment', async () => {
      const opened = await Promise.all([open(), open(), open()]);

      await Promise.all(opened.map((store, index) => given(store, index + 1, 1, `service-${index}`)));

      expect(await opened[0]?.nextNumber()).toBe(4);
    });

    it('that a newer version has prepared is still good for an older one', async () => {
      await open();
      await once(
        ADDRESS,
        `insert into __drizzle_migrations (hash, created_at) values ('newer', ${Date.now() + HOUR_MS})`,
      );

      expect(await (await open()).nextNumber()).toBe(1);
    });

    it('that older versions must not touch any more is refused to them', async () => {
      await open();
      await once(
        ADDRESS,
        `insert into __drizzle_migrations (hash, created_at) values ('newer', ${Date.now() + HOUR_MS})`,
      );
      await once(ADDRESS, 'update compatibility set oldest = 99');

      const failure = await failureOf(open());

      expect(failure.message).toMatch(/newer version/);
      expect(failure.details).toMatchObject({ kind: 'refused', retryable: false });
    });

    it('that does not exist, or cannot be reached, is told in plain words', async () => {
      const missing = openServer({ address: databaseAt(SERVER, 'not_there'), clock: systemClock(), works: false });
      const nowhere = openServer({ address: 'postgres://x@127.0.0.1:9/x', clock: systemClock(), works: false });

      expect((await failureOf(missing)).message).toBe('There is no such database. Create it first.');
      expect((await failureOf(nowhere)).details).toMatchObject({ kind: 'unreachable', retryable: true });
    });

    it('gives every instance its time', async () => {
      const behind = { ...systemClock(), now: () => Date.now() - HOUR_MS };
      const { store, clock } = await openServer({ address: ADDRESS, clock: behind, works: false });
      stores.push(store);

      expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
    });

    it('writes once, although the answer to the end of the transaction was lost', async () => {
      await open();
      let lost = 0;
      const store = await between(async (_client, commit) => {
        await commit();
        lost += 1;
        if (lost === 1) throw cut();
      });

      const outcome = await store.commit(change({ key: 'press', entries: [requested(1)] }));

      expect(lost).toBe(1);
      expect(outcome.kind).toBe('committed');
      expect(await all(store.found())).toHaveLength(1);
    });

    it('writes once, although the connection was cut before the end of the transaction', async () => {
      await open();
      let tries = 0;
      const store = await between(async (client, commit) => {
        tries += 1;
        if (tries > 1) return commit();
        await once(ADDRESS, `select pg_terminate_backend(${Reflect.get(client, 'processID')})`);
        throw cut();
      });

      const outcome = await store.commit(change({ key: 'press', entries: [requested(1)] }));

      expect(tries).toBe(2);
      expect(outcome.kind).toBe('committed');
      expect(await all(store.found())).toHaveLength(1);
    });

    it('takes the lock of the chain from a programme that froze while it held it', async () => {
      const store = await open();
      const pool = openPool(ADDRESS);
      const frozen = await pool.connect();
      await frozen.query('begin; select pg_advisory_xact_lock(7366500)');

      const outcome = await store.commit(change({ entries: [requested(1)] }));

      expect(outcome.kind).toBe('committed');
      await expect(frozen.query('select 1')).rejects.toThrow();
      frozen.release(true);
      await pool.end();
    });

    it('keeps one chain, whoever appends at the same time', async () => {
      const [one, other] = [await open(), await open()];

      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, index) => {
          const store = index % 2 === 0 ? one : other;
          return store.commit(change({ entries: [requested(index + 1, `service-${index}`)] }));
        }),
      );

      expect(outcomes.filter(({ kind }) => kind === 'committed')).toHaveLength(60);
      const seqs = (await all(one.found())).map(({ seq }) => seq);
      expect(seqs).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    });

    it('gives each piece of work to one of many who ask at once', async () => {
      const opened = await Promise.all([open(), open(), open()]);
      const due = Date.now();
      const effects = Array.from({ length: 30 }, (_, index) => {
        const effect = { kind: 'record', deployment: 'D-1' } as const;
        return { key: `e-${index}`, lane: `lane-${index}`, mode: 'once' as const, effect, due };
      });
      const wakeups = Array.from({ length: 30 }, (_, index) => ({ key: `D-${index}`, due }));
      await opened[0]?.commit(change({ effects, wakeups }));

      const keys: string[] = [];
      for (let round = 0; round < 10 && keys.length < 60; round += 1) {
        const taken = await Promise.all(
          opened.map(async (store) => [
            ...(await store.takeEffects(due, 60_000, 8)),
            ...(await store.takeWakeups(due, 60_000, 8)),
          ]),
        );
        keys.push(...taken.flat().map(({ key }) => key));
      }

      expect(keys.sort()).toEqual([...effects, ...wakeups].map(({ key }) => key).sort());
    });
  },
);
