import { afterEach, describe, expect, it } from 'vitest';
import { openServer } from '../../src/store/postgres/open.ts';
import { systemClock } from '../../src/system/clock.ts';
import { NO_SERVER, TEST_SERVER } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { databaseAt, once } from './postgres-house.ts';

const NAME = `countersign_bell_${process.pid}`;
const ADDRESS = databaseAt(TEST_SERVER ?? 'postgres://nowhere/x', NAME);
const CUT = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${NAME}' and pid <> pg_backend_pid()`;

describe.skipIf(TEST_SERVER === undefined)(
  TEST_SERVER === undefined ? `wake-ups by the job engine (${NO_SERVER})` : 'wake-ups by the job engine',
  () => {
    const opened: Awaited<ReturnType<typeof openServer>>[] = [];

    async function instances(count: number) {
      await once(TEST_SERVER ?? '', `create database "${NAME}"`);
      const complaints: string[] = [];
      const keep = (_details: object, message?: string) => void complaints.push(message ?? '');
      const log = { debug: () => undefined, info: () => undefined, warn: keep, error: keep };
      for (let one = 0; one < count; one += 1) {
        opened.push(await openServer({ address: ADDRESS, clock: systemClock(), works: true, log }));
      }
      const all = opened.map(({ store, clock }) => {
        const rung: number[] = [];
        store.onRing(() => rung.push(clock.now()));
        return { store, clock, rung };
      });
      return Object.assign(all, { complaints });
    }

    afterEach(async () => {
      for (const { store } of opened.splice(0)) await store.close();
      await once(TEST_SERVER ?? '', `drop database if exists "${NAME}" with (force)`);
    });

    it('rings at one instance, when they are due and not before', async () => {
      const [one, other] = await instances(2);
      if (one === undefined || other === undefined) throw new Error('There are not two instances.');
      const due = one.clock.now() + 400;

      await one.store.setWakeups([{ key: 'D-1', due }]);
      await until('the ring', () => (one.rung.length + other.rung.length > 0 ? true : undefined));

      const rings = [...one.rung, ...other.rung];
      expect(rings).toHaveLength(1);
      expect(rings[0]).toBeGreaterThanOrEqual(due);
      expect(await one.store.takeWakeups(one.clock.now(), 1000, 10)).toMatchObject([{ key: 'D-1' }]);
    });

    it('ring at the time they were moved to', async () => {
      const [one] = await instances(1);
      if (one === undefined) throw new Error('There is no instance.');
      await one.store.setWakeups([{ key: 'D-1', due: one.clock.now() + 3_600_000 }]);

      await one.store.setWakeups([{ key: 'D-1', due: one.clock.now() }]);

      expect(await until('the ring', () => one.rung[0])).toBeGreaterThan(0);
    });

    it('go on ringing when every connection was cut', async () => {
      const [one] = await instances(1);
      if (one === undefined) throw new Error('There is no instance.');

      await once(ADDRESS, CUT);
      await one.store.setWakeups([{ key: 'D-1', due: one.clock.now() }]);

      expect(await until('the ring', () => one.rung[0])).toBeGreaterThan(0);
    });

    it('end with the instance, also when the database has gone', async () => {
      const { complaints } = await instances(1);
      await once(TEST_SERVER ?? '', `drop database "${NAME}" with (force)`);
      await until('a complaint', () => (complaints.length > 0 ? true : undefined));

      const [one] = opened.splice(0);

      await expect(one?.store.close()).resolves.toBeUndefined();
    });

    it('may be missed: the instance then looks by itself', async () => {
      const [one] = await instances(1);
      if (one === undefined) throw new Error('There is no instance.');
      const due = one.clock.now() + 60_000;
      await one.store.setWakeups([{ key: 'D-1', due }]);

      expect(await one.store.nextDue()).toBe(due + 3000);
    });

    it('and commits are heard by every instance, whoever made them', async () => {
      const [one, other] = await instances(2);
      if (one === undefined || other === undefined) throw new Error('There are not two instances.');
      const heard: string[][] = [[], []];
      one.store.listen((streams) => heard[0]?.push(...streams));
      other.store.listen((streams) => heard[1]?.push(...streams));
      const event = { type: 'program-started', version: '1' } as const;
      const by = { id: 'bot', name: 'Bot', known: true, accounts: [] };

      await one.store.commit({
        expect: [],
        entries: [{ stream: 'installation', event, by, at: '2026-03-02T12:00:00.000Z' }],
        effects: [],
        wakeups: [],
      });

      await until('the news', () => (heard[1]?.length === 1 ? true : undefined));
      expect(heard).toEqual([['installation'], ['installation']]);
    });
  },
);
