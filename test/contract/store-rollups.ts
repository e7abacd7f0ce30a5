import { describe, expect, it } from 'vitest';
import type { DeploymentEvent, NewEntry } from '../../src/domain/event.ts';
import { bucketOf, type RollupQuery, type Tally } from '../../src/domain/rollup.ts';
import type { Store } from '../../src/ports/store.ts';
import { all, change, expecting, given, type StoreHouse, said, written } from './store-samples.ts';

const MARCH = { from: '2026-03-01', until: '2026-04-01' };
const FAILED: DeploymentEvent = {
  type: 'failed',
  failure: { code: 'run-failed', sentence: 'It failed.', next: 'Look.' },
};

/** What is counted in the transaction that appends. */
export function rollupCases(house: () => StoreHouse): void {
  describe('the rollups', () => {
    it('are empty when nothing was counted', async () => {
      const store = await house().open();
      await given(store, 1, 4);

      expect(await store.rollups({ from: '2026-03-03', until: '2026-04-01' })).toEqual([]);
      expect(await counts(store, MARCH)).toEqual({});
    });

    it('count every day and target by itself, and sum up what is asked for', async () => {
      const store = await house().open();
      await given(store, 1, 6);
      await given(store, 2, 6, 'web', 'staging');
      await given(store, 3, 6, 'api');
      await ended(store, 4, FAILED, '2026-03-05T09:00:00.000Z');

      expect(await counts(store, MARCH)).toEqual({
        '2026-03-02 finished': 3,
        '2026-03-05 finished': 1,
        '2026-03-05 failed': 1,
      });
      expect(await counts(store, { ...MARCH, environment: 'production' })).toMatchObject({ '2026-03-02 finished': 2 });
      expect(await counts(store, { ...MARCH, services: ['api', 'none'] })).toEqual({ '2026-03-02 finished': 1 });
      expect(await counts(store, { ...MARCH, services: [] })).toEqual({});
      expect(await counts(store, { from: '2026-03-03', until: '2026-03-05' })).toEqual({});
      expect(await counts(store, { from: '2026-03-05', until: '2026-03-06' })).toMatchObject({
        '2026-03-05 failed': 1,
      });
    });

    it('sum up spans of time over all days, by bucket', async () => {
      const store = await house().open();
      await given(store, 1, 4);
      await given(store, 2, 4, 'api');
      for (const [number, day] of [
        [1, '02'],
        [2, '03'],
      ] as const) {
        const end = said(number, { type: 'succeeded', sha: 'a' }, `2026-03-${day}T12:10:00.000Z`);
        written(await store.commit(change({ entries: [end] })));
      }

      const spans = (await store.rollups(MARCH)).filter(({ measure }) => measure === 'run');

      const [ten, more] = [10, 24 * 60 + 10].map((minutes) => bucketOf(minutes * 60_000));
      expect(spans).toEqual([
        { day: '', measure: 'run', bucket: ten, count: 1 },
        { day: '', measure: 'run', bucket: more, count: 1 },
      ]);
    });

    it('make a success that is taken back a failure of its own day', async () => {
      const store = await house().open();
      await given(store, 1, 6);
      const began = said(1, { type: 'rollback-began', by: 'D-2' }, '2026-03-09T10:00:00.000Z');

      written(await store.commit(change({ entries: [began] })));

      expect(await counts(store, MARCH)).toEqual({ '2026-03-02 finished': 1, '2026-03-02 failed': 1 });
    });

    it('stay as they were when a change is refused', async () => {
      const store = await house().open();
      await given(store, 1, 5);
      const late = change({ expect: expecting(1, 3), entries: [said(1, { type: 'succeeded', sha: 'a' })] });

      expect(await store.commit(late)).toEqual({ kind: 'conflict' });
      expect(await counts(store, MARCH)).toEqual({});
    });

    it('agree when two instances count at the same time', async () => {
      const [one, other] = [await house().open(), await house().open()];
      for (let number = 1; number <= 6; number += 1) await given(one, number, 5, `s${number}`);

      await Promise.all(
        [1, 2, 3, 4, 5, 6].map(async (number) => {
          const entries: readonly NewEntry[] = [said(number, { type: 'succeeded', sha: 'a' })];
          written(await (number % 2 === 0 ? one : other).commit(change({ entries })));
        }),
      );

      expect(await counts(one, MARCH)).toEqual({ '2026-03-02 finished': 6 });
      expect(await all(one.differences())).toEqual([]);
    });
  });

  describe('a comparison of the rollups with the log', () => {
    it('names the day and the target whose counts were changed', async () => {
      const store = await house().open();
      await given(store, 1, 6);
      await house().execute(
        "update rollups set count = 7 where measure = 'finished' and service <> '' and environment <> ''",
      );

      expect(await all(store.differences())).toEqual([
        { stream: 'rollups:2026-03-02/web/production', what: 'its counts differ from the log in: finished' },
      ]);
    });

    it('names what was deleted, and what was made up', async () => {
      const store = await house().open();
      await given(store, 1, 6);
      await house().execute(
        "delete from rollups where measure in ('finished', 'run') and service <> '' and environment <> ''",
      );
      await house().execute("insert into rollups values ('failed', '2026-01-01', 'web', 'production', 0, 1)");

      expect((await all(store.differences())).map(({ stream, what }) => `${stream} ${what}`).sort()).toEqual([
        'rollups:2026-01-01/web/production its counts differ from the log in: failed',
        'rollups:2026-03-02/web/production its counts differ from the log in: finished, run',
      ]);
    });

    it('says nothing of a database that was never counted', async () => {
      const store = await house().open();
      await given(store, 1, 6);
      await house().execute('delete from rollups');

      expect(await all(store.differences())).toEqual([]);
    });
  });
}

async function ended(store: Store, number: number, event: DeploymentEvent, at: string): Promise<void> {
  await given(store, number, 5, 'web', 'production');
  written(await store.commit(change({ entries: [said(number, event, at)] })));
}

/** Counts by day; spans of time left out. */
async function counts(store: Store, query: RollupQuery): Promise<Readonly<Record<string, number>>> {
  const found = (await store.rollups(query)).filter(({ day }: Tally) => day !== '');
  return Object.fromEntries(found.map(({ day, measure, count }) => [`${day} ${measure}`, count]));
}
