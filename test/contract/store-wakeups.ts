import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { change, effect, given, keysOf, NOON, owe, type StoreHouse } from './store-samples.ts';

async function takeWakeup(store: Store, now: number, leaseMs = 1000) {
  const [wakeup] = await store.takeWakeups(now, leaseMs, 10);
  if (wakeup === undefined) throw new Error('There is no wake-up to take.');
  return wakeup;
}

/** Wake-ups: late or twice without harm, but never lost. */
export function wakeupCases(house: () => StoreHouse): void {
  describe('a wake-up', () => movingCases(house));
  describe('what nobody watches', () => unwatchedCases(house));
}

function movingCases(house: () => StoreHouse): void {
  it('is taken when it is due, the longest due first, by one holder', async () => {
    const [store, other] = [await house().open(), await house().open()];
    await store.setWakeups([
      { key: 'D-1', due: NOON },
      { key: 'D-2', due: NOON - 5 },
      { key: 'D-3', due: NOON + 1 },
    ]);

    expect(keysOf(await store.takeWakeups(NOON, 1000, 10))).toEqual(['D-2', 'D-1']);
    expect(await other.takeWakeups(NOON, 1000, 10)).toEqual([]);
  });

  it('goes away or comes back when its holder says so', async () => {
    const store = await house().open();
    await store.setWakeups([{ key: 'D-1', due: NOON }]);

    await store.finishWakeup((await takeWakeup(store, NOON)).lease, { due: NOON + 7 });
    expect(await store.nextDue()).toBe(NOON + 7);
    await store.finishWakeup((await takeWakeup(store, NOON + 7)).lease);

    expect(await store.nextDue()).toBeUndefined();
  });

  it.each([undefined, NOON + 90_000])('stays as moved when it was moved while held (finished for %s)', async (due) => {
    const store = await house().open();
    await store.setWakeups([{ key: 'D-1', due: NOON }]);
    const { lease } = await takeWakeup(store, NOON);

    await store.commit(change({ wakeups: [{ key: 'D-1', due: NOON + 3 }] }));
    const meanwhile = await store.takeWakeups(NOON + 3, 1000, 10);
    await store.finishWakeup(lease, due === undefined ? undefined : { due });

    expect(meanwhile).toEqual([]);
    expect(await store.nextDue()).toBe(NOON + 3);
  });

  it('is moved by setting it again', async () => {
    const store = await house().open();
    await store.setWakeups([{ key: 'D-1', due: NOON }]);

    await store.setWakeups([{ key: 'D-1', due: NOON + 60 }]);

    expect(await store.takeWakeups(NOON + 59, 1000, 10)).toEqual([]);
    expect(await takeWakeup(store, NOON + 60)).toMatchObject({ key: 'D-1', due: NOON + 60 });
  });

  it('comes back by itself when its holder is gone, who then has no say any more', async () => {
    const store = await house().open();
    await store.setWakeups([{ key: 'D-1', due: NOON }]);
    const former = await takeWakeup(store, NOON, 1000);

    expect(await store.nextDue()).toBe(NOON + 1000);
    const present = await takeWakeup(await house().open(), NOON + 1000);
    await store.finishWakeup(former.lease);
    expect(await store.renew(former.lease, NOON + 9000)).toBe(false);
    expect(await store.renew(present.lease, NOON + 9000)).toBe(true);

    expect(await store.nextDue()).toBe(NOON + 9000);
  });

  it('keeps what whoever looked last has left for the next, until it is set anew', async () => {
    const store = await house().open();
    const note = { looks: 3, failingSince: '2026-11-20T12:00:00.000Z', drawnAt: NOON };
    await store.setWakeups([{ key: 'D-1', due: NOON }]);
    const first = await takeWakeup(store, NOON);
    await store.finishWakeup(first.lease, { due: NOON + 5, note });
    const second = await takeWakeup(store, NOON + 5);

    expect(first).not.toHaveProperty('note');
    expect(second.note).toEqual(note);
    await store.finishWakeup(second.lease, { due: NOON + 9, note });
    await store.commit(change({ wakeups: [{ key: 'D-1', due: NOON + 7 }] }));
    expect(await takeWakeup(store, NOON + 7)).not.toHaveProperty('note');
  });

  it('stays as moved although its holder is gone', async () => {
    const store = await house().open();
    await store.setWakeups([{ key: 'D-1', due: NOON }]);
    await takeWakeup(store, NOON, 1000);
    await store.setWakeups([{ key: 'D-1', due: NOON + 4000 }]);

    expect(await store.takeWakeups(NOON + 3999, 1000, 10)).toEqual([]);
    await store.finishWakeup((await takeWakeup(store, NOON + 4000)).lease);

    expect(await store.nextDue()).toBeUndefined();
  });

  it('and an effect, due between two milliseconds, are due at the later one', async () => {
    const store = await house().open();
    await store.commit(
      change({ effects: [effect('a', { due: NOON + 0.5 })], wakeups: [{ key: 'D-1', due: NOON + 0.2 }] }),
    );

    expect(await store.nextDue()).toBe(NOON + 1);
    const { lease } = await takeWakeup(store, NOON + 1);
    await store.finishWakeup(lease, { due: NOON + 6.1 });
    const [work] = await store.takeEffects(NOON + 1, 1000, 10);
    if (work === undefined) throw new Error('There is no effect to take.');
    await store.settle({ ...work.lease, outcome: { kind: 'later', due: NOON + 4.5, error: 'It was busy.' } });

    expect(await store.nextDue()).toBe(NOON + 5);
  });

  it('counts for the next due time beside effects', async () => {
    const store = await house().open();
    await owe(store, effect('a', { due: NOON + 20 }));
    await store.setWakeups([{ key: 'D-1', due: NOON + 10 }]);

    expect(await store.nextDue()).toBe(NOON + 10);
    await store.finishWakeup((await takeWakeup(store, NOON + 10)).lease);
    expect(await store.nextDue()).toBe(NOON + 20);
  });
}

function unwatchedCases(house: () => StoreHouse): void {
  it('is every open deployment without a wake-up', async () => {
    const store = await house().open();
    const ENDED = 6;
    await given(store, 1, 1);
    await given(store, 2, ENDED);
    await given(store, 3, 2);
    await given(store, 4, 3);

    await store.setWakeups([{ key: 'D-3', due: NOON }]);

    expect(await store.unwatched(10)).toEqual(['D-1', 'D-4']);
    expect(await store.unwatched(1)).toEqual(['D-1']);
  });

  it('is not one whose wake-up somebody holds', async () => {
    const store = await house().open();
    await given(store, 1, 1);
    await store.setWakeups([{ key: 'D-1', due: NOON }]);

    const { lease } = await takeWakeup(store, NOON);
    expect(await store.unwatched(10)).toEqual([]);
    await store.finishWakeup(lease);

    expect(await store.unwatched(10)).toEqual(['D-1']);
  });
}
