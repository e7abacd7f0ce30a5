import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { all, given } from '../contract/store-samples.ts';
import { type SqliteHouse, STILL, sqliteHouse } from './sqlite-house.ts';

const MARCH = { from: '2026-03-01', until: '2026-04-01' };

let house: SqliteHouse;

beforeEach(() => {
  house = sqliteHouse();
});
afterEach(() => house.tearDown());

describe('a database that is older than the rollups', () => {
  it('is counted by whoever takes it over, and its counts go on from there', async () => {
    const store = await house.open();
    for (let number = 1; number <= 5; number += 1) await given(store, number, 6, `s${number}`);
    const before = await store.rollups(MARCH);
    await store.close();
    await house.execute('delete from rollups');

    const taken = await openSqliteStore({ path: house.file, clock: STILL, takesOver: true });

    expect(await taken.rollups(MARCH)).toEqual(before);
    await given(taken, 6, 6, 's6');
    expect(await taken.rollups(MARCH)).toContainEqual({ day: '2026-03-02', measure: 'finished', bucket: 0, count: 6 });
    expect(await all(taken.differences())).toEqual([]);
    await taken.close();
  });

  it('is left alone by whoever only looks', async () => {
    const store = await house.open();
    await given(store, 1, 6);
    await store.close();
    await house.execute('delete from rollups');

    const looking = await house.open();

    expect(await looking.rollups(MARCH)).toEqual([]);
  });

  it('is counted as far as its log can be read', async () => {
    const store = await house.open();
    await given(store, 1, 6);
    await given(store, 2, 6, 'api');
    await store.close();
    await house.disarm();
    await house.execute(
      "delete from rollups; update events set text = '{' where stream = 'deployment:D-1' and version = 3",
    );

    const taken = await openSqliteStore({ path: house.file, clock: STILL, takesOver: true });

    expect(await taken.rollups(MARCH)).toContainEqual({ day: '2026-03-02', measure: 'finished', bucket: 0, count: 1 });
    await taken.close();
  });
});

describe('the table of the rollups', () => {
  it('is read in one stretch, by its key', async () => {
    await (await house.open()).close();
    const client = new Database(house.file);
    const plan = client
      .prepare<[], { detail: string }>(
        `explain query plan select day, sum(count) from rollups
         where measure in ('finished') and service in ('') and environment = '' and day >= 'a' and day < 'b'
         group by measure, day`,
      )
      .all();
    client.close();

    expect(plan.map(({ detail }) => detail)).toEqual([
      'SEARCH rollups USING PRIMARY KEY (measure=? AND service=? AND environment=? AND day>? AND day<?)',
    ]);
  });
});
