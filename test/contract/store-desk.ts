import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewEffect } from '../../src/domain/effect.ts';
import type { Lease } from '../../src/ports/store.ts';
import { card, done, effect, keysOf, later, NOON, owe, type StoreHouse, takeOne } from './store-samples.ts';

/** Effects: taken in order, under a lease, each decision once. */
export function effectCases(house: () => StoreHouse): void {
  describe('the order in a lane', () => laneCases(house));
  describe('an effect of which only the latest counts', () => latestCases(house));
  describe('a lease of an effect', () => leaseCases(house));
  describe('the next due time of effects', () => dueCases(house));
}

function laneCases(house: () => StoreHouse): void {
  it('is kept: one at a time, the next when the first is done', async () => {
    const store = await house().open();
    await owe(store, effect('a1', { lane: 'a' }), effect('b1', { lane: 'b' }), effect('a2', { lane: 'a' }));

    const first = await store.takeEffects(NOON, 1000, 10);
    const meanwhile = await store.takeEffects(NOON, 1000, 10);
    for (const { lease } of first) await store.settle(done(lease));
    const second = await store.takeEffects(NOON, 1000, 10);

    expect([first, meanwhile, second].map(keysOf)).toEqual([['a1', 'b1'], [], ['a2']]);
  });

  it('is kept while the first waits for another attempt', async () => {
    const store = await house().open();
    await owe(store, effect('a1'), effect('a2'));
    const { lease } = await takeOne(store, NOON);

    await store.settle(later(lease, NOON + 5000));

    expect(await store.takeEffects(NOON + 4999, 1000, 10)).toEqual([]);
    expect(await takeOne(store, NOON + 5000)).toMatchObject({ key: 'a1', attempts: 1 });
  });

  it('is kept when the first is not due yet', async () => {
    const store = await house().open();
    await owe(store, effect('a1', { due: NOON + 10 }), effect('a2'));

    expect(await store.takeEffects(NOON, 1000, 10)).toEqual([]);
  });

  it('goes on behind an effect that was given up', async () => {
    const store = await house().open();
    await owe(store, effect('a1'), effect('a2'));
    const { lease } = await takeOne(store, NOON);

    await store.settle({ ...lease, outcome: { kind: 'given-up', error: 'The channel is archived.' } });

    expect(await takeOne(store, NOON)).toMatchObject({ key: 'a2' });
  });

  it('does not hold up other lanes, and the longest due lane comes first', async () => {
    const store = await house().open();
    await owe(
      store,
      effect('a', { lane: 'a', due: NOON - 1 }),
      effect('b', { lane: 'b', due: NOON - 3 }),
      effect('c', { lane: 'c', due: NOON - 2 }),
    );

    expect(keysOf(await store.takeEffects(NOON, 1000, 2))).toEqual(['b', 'c']);
    expect(keysOf(await store.takeEffects(NOON, 1000, 2))).toEqual(['a']);
  });

  it('is given to one effect of a key, and the first stays as it was', async () => {
    const store = await house().open();
    await owe(store, effect('a1', { effect: { kind: 'gather', deployment: 'D-1' } }));
    await owe(store, effect('a1', { effect: { kind: 'gather', deployment: 'D-2' } }));

    const { lease, ...work } = await takeOne(store, NOON);
    await store.settle(done(lease));
    await owe(store, effect('a1'));

    expect(work.effect).toEqual({ kind: 'gather', deployment: 'D-1' });
    expect(await store.takeEffects(NOON, 1000, 10)).toEqual([]);
  });
}

function latestCases(house: () => StoreHouse): void {
  it('is replaced while it waits, at its old place in the lane', async () => {
    const store = await house().open();
    await owe(store, card('card', 'old'), effect('reply'));
    await owe(store, card('card', 'new', { due: NOON + 1 }));

    const [first] = await store.takeEffects(NOON + 1, 1000, 1);

    expect(first).toMatchObject({ key: 'card', attempts: 0, effect: { place: { channel: 'new' } } });
  });

  it('is owed again when it was wanted while somebody delivered the old one', async () => {
    const store = await house().open();
    await owe(store, card('card', 'old'));
    const old = await takeOne(store, NOON);

    await owe(store, card('card', 'new'));
    const meanwhile = await store.takeEffects(NOON, 1000, 10);
    await store.settle(done(old.lease));
    const fresh = await takeOne(store, NOON);
    await store.settle(done(fresh.lease));

    expect(meanwhile).toEqual([]);
    expect(fresh).toMatchObject({ key: 'card', attempts: 0, effect: { place: { channel: 'new' } } });
    expect(await store.nextDue()).toBeUndefined();
  });

  it('is owed again although the old one was given up', async () => {
    const store = await house().open();
    await owe(store, card('card', 'old'));
    const old = await takeOne(store, NOON);

    await owe(store, card('card', 'new'));
    await store.settle({ ...old.lease, outcome: { kind: 'given-up', error: 'No.' } });

    expect(await takeOne(store, NOON)).toMatchObject({ effect: { place: { channel: 'new' } } });
  });

  it('waits as long as the place asks, also when it was wanted again meanwhile', async () => {
    const store = await house().open();
    await owe(store, card('card', 'old'));
    const old = await takeOne(store, NOON);

    await owe(store, card('card', 'new'));
    await store.settle(later(old.lease, NOON + 30_000));

    expect(await store.nextDue()).toBe(NOON + 30_000);
  });

  it('held back out of courtesy alone, goes at once when it is wanted again', async () => {
    const store = await house().open();
    await owe(store, card('card', 'old'));
    const { lease } = await takeOne(store, NOON);
    const outcome = { kind: 'later', due: NOON + 30_000, error: 'not so often', courtesy: true } as const;
    await store.settle({ ...lease, outcome });
    const held = await store.nextDue();

    await owe(store, card('card', 'new'));

    expect(held).toBe(NOON + 30_000);
    expect(await store.nextDue()).toBe(NOON);
    expect(await takeOne(store, NOON)).toMatchObject({ key: 'card', attempts: 1 });
  });

  it('held back out of courtesy, but wanted again meanwhile, goes at once', async () => {
    const store = await house().open();
    await owe(store, card('card', 'old'));
    const { lease } = await takeOne(store, NOON);
    await owe(store, card('card', 'new'));

    await store.settle({
      ...lease,
      outcome: { kind: 'later', due: NOON + 30_000, error: 'not so often', courtesy: true },
    });

    expect(await takeOne(store, NOON)).toMatchObject({ key: 'card' });
  });

  it('holds up nothing behind it', async () => {
    const store = await house().open();
    await owe(store, card('card', 'C1', { due: NOON + 60_000 }), effect('reply'));

    expect(await takeOne(store, NOON)).toMatchObject({ key: 'reply' });
  });

  it('waits behind what must be done once before it', async () => {
    const store = await house().open();
    await owe(store, effect('intro'), card('card', 'C1'));

    expect(await takeOne(store, NOON)).toMatchObject({ key: 'intro' });
    expect(await store.takeEffects(NOON, 500, 10)).toEqual([]);
  });
}

function leaseCases(house: () => StoreHouse): void {
  it('ends, and shows the next holder since when an attempt is in doubt', async () => {
    const store = await house().open();
    await owe(store, effect('post'));
    const first = await takeOne(store, NOON, 1000);

    const restarted = await house().open();
    const early = await restarted.takeEffects(NOON + 999, 1000, 10);
    const second = await takeOne(restarted, NOON + 1000);
    const third = await takeOne(restarted, NOON + 2000);

    expect(first).not.toHaveProperty('inDoubtSince');
    expect(early).toEqual([]);
    expect(second).toMatchObject({ attempts: 1, inDoubtSince: NOON });
    expect(third).toMatchObject({ attempts: 2, inDoubtSince: NOON });
  });

  it('leaves no doubt when the attempt had a result', async () => {
    const store = await house().open();
    await owe(store, effect('post'));
    const { lease } = await takeOne(store, NOON);

    await store.settle(later(lease, NOON + 10));

    expect(await takeOne(store, NOON + 10)).not.toHaveProperty('inDoubtSince');
  });

  it('leaves the doubt when nobody could say whether the attempt took effect', async () => {
    const store = await house().open();
    await owe(store, effect('post'));
    const { lease } = await takeOne(store, NOON);

    await store.settle(later(lease, NOON + 10, true));

    expect(await takeOne(store, NOON + 10)).toMatchObject({ inDoubtSince: NOON, attempts: 1 });
  });

  it('leaves everything as it was when the holder did not touch the work', async () => {
    const store = await house().open();
    await owe(store, effect('start'));
    await takeOne(store, NOON);
    await takeOne(store, NOON + 1000);
    const put = (lease: Lease, inDoubt: boolean) => {
      const { outcome } = later(lease, NOON + 3000, inDoubt);
      return store.settle({ ...lease, outcome: { ...outcome, untouched: true } });
    };

    await put((await takeOne(store, NOON + 2000)).lease, true);
    const doubtful = await takeOne(store, NOON + 3000);
    await put(doubtful.lease, false);
    const sure = await takeOne(store, NOON + 3000);

    expect(doubtful).toMatchObject({ attempts: 2, inDoubtSince: NOON });
    expect(sure).toMatchObject({ attempts: 2 });
    expect(sure).not.toHaveProperty('inDoubtSince');
  });

  it('fences: what a former holder writes is refused', async () => {
    const store = await house().open();
    await owe(store, effect('post'));
    const former = await takeOne(store, NOON, 1000);
    const present = await takeOne(store, NOON + 1000, 1000);

    expect(await store.settle(done(former.lease))).toBe(false);
    expect(await store.renew(former.lease, NOON + 90_000)).toBe(false);
    expect(await store.settle(done(present.lease))).toBe(true);
    expect(await store.settle(done(present.lease))).toBe(false);
  });

  it('can be made longer', async () => {
    const store = await house().open();
    await owe(store, effect('post'));
    const { lease } = await takeOne(store, NOON, 1000);

    expect(await store.renew(lease, NOON + 5000)).toBe(true);
    expect(await store.takeEffects(NOON + 4999, 1000, 10)).toEqual([]);
    expect(await takeOne(store, NOON + 5000)).toMatchObject({ key: 'post' });
  });

  it('ends with the handle of what was posted, for this effect and for others to ask for', async () => {
    const store = await house().open();
    const handle = { place: { chat: 'slack', tenant: 'T1', channel: 'C7' }, id: '1.2', thread: '1.1' };
    await owe(store, card('card', 'C7'));
    const { lease } = await takeOne(store, NOON);

    await store.settle({ ...done(lease), handle });
    await owe(store, card('card', 'C7'));

    expect(await store.handle('card')).toEqual(handle);
    expect(await store.handle('reply')).toBeUndefined();
    expect(await takeOne(store, NOON)).toMatchObject({ handle });
  });
}

function dueCases(house: () => StoreHouse): void {
  it('is that of the first effect that nothing holds up', async () => {
    const store = await house().open();

    expect(await store.nextDue()).toBeUndefined();
    await owe(store, effect('a1', { due: NOON + 50 }), effect('a2'), effect('b1', { lane: 'b', due: NOON + 70 }));
    expect(await store.nextDue()).toBe(NOON + 50);
  });

  it('is the end of the lease while somebody has it', async () => {
    const store = await house().open();
    await owe(store, effect('a1'), effect('a2'));

    await takeOne(store, NOON, 1000);

    expect(await store.nextDue()).toBe(NOON + 1000);
  });

  it('always lets something be taken then, and nothing before', async () => {
    const lanes = fc.constantFrom('a', 'b');
    const some = fc.record({
      lane: lanes,
      mode: fc.constantFrom('once', 'latest'),
      due: fc.integer({ min: 0, max: 20 }),
    });
    const store = await house().open();
    let round = 0;

    await fc.assert(
      fc.asyncProperty(fc.array(some, { minLength: 1, maxLength: 8 }), async (list) => {
        round += 1;
        const effects = list.map(
          ({ lane, mode, due }, index): NewEffect =>
            effect(`${round}:${index}`, { lane: `${round}:${lane}`, mode, due: NOON + due }),
        );
        await owe(store, ...effects);

        let steps = 0;
        for (let due = await store.nextDue(); due !== undefined; due = await store.nextDue()) {
          expect(await store.takeEffects(due - 1, 1000, 10)).toEqual([]);
          const works = await store.takeEffects(due, 1000, 10);
          expect(works).not.toEqual([]);
          for (const { lease } of works) await store.settle(done(lease));
          steps += works.length;
        }

        expect(steps).toBe(list.length);
      }),
      { numRuns: 30 },
    );
  });
}
