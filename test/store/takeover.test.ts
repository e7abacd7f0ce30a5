import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { given, NOON } from '../contract/store-samples.ts';
import { type SqliteHouse, STILL, sqliteHouse } from './sqlite-house.ts';

let house: SqliteHouse;
beforeEach(() => {
  house = sqliteHouse();
});
afterEach(() => house.tearDown());

const MINUTE_MS = 60_000;

it.each([
  { takesOver: true, free: 1, doubt: NOON },
  { takesOver: false, free: 0, doubt: undefined },
])(
  'frees what a killed life had in hand only for the one who takes over ($takesOver)',
  async ({ takesOver, free, doubt }) => {
    const path = join(house.folder, 'countersign.db');
    const former = await openSqliteStore({ path, clock: STILL });
    await given(former, 1, 1);
    await former.setWakeups([{ key: 'D-1', due: NOON }]);
    const effect = { kind: 'gather' as const, deployment: 'D-1' };
    await former.commit({
      expect: [],
      entries: [],
      wakeups: [],
      effects: [{ key: 'gather:D-1:9', lane: 'facts:D-9', mode: 'once', effect, due: NOON - 1 }],
    });
    while ((await former.takeEffects(NOON, MINUTE_MS, 100)).length > 0);
    await former.takeWakeups(NOON, MINUTE_MS, 100);
    await former.close();

    const next = await openSqliteStore({ path, clock: STILL, takesOver });
    const effects = await next.takeEffects(NOON, MINUTE_MS, 100);
    const wakeups = await next.takeWakeups(NOON, MINUTE_MS, 100);
    await next.close();

    const taken = effects.find(({ key }) => key === 'gather:D-1:9');
    expect([taken === undefined ? 0 : 1, wakeups.length]).toEqual([free, free]);
    expect(taken?.inDoubtSince).toBe(doubt);
    expect(taken?.attempts).toBe(free === 1 ? 1 : undefined);
  },
);

it('lets only one at a time work on a database, and others look', async () => {
  const path = join(house.folder, 'countersign.db');
  const first = await openSqliteStore({ path, clock: STILL, takesOver: true });

  await expect(openSqliteStore({ path, clock: STILL, takesOver: true })).rejects.toThrow('already at work');
  const looking = await openSqliteStore({ path, clock: STILL });
  await looking.close();
  await first.close();
  const second = await openSqliteStore({ path, clock: STILL, takesOver: true });

  await second.close();
});
