import { describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import type { Store } from '../../src/ports/store.ts';
import {
  all,
  card,
  change,
  done,
  effect,
  expecting,
  given,
  keysOf,
  later,
  locked,
  NOON,
  owe,
  ROAD,
  requested,
  type StoreHouse,
  said,
  takeOne,
  written,
} from './store-samples.ts';

const DISPATCHED = 4;

/** How changes are written: whole or not at all, and each decision only once. */
export function commitCases(house: () => StoreHouse): void {
  describe('commit', () => {
    it('writes entries, row, effects and wake-ups together', async () => {
      const store = await house().open();

      const entries = written(
        await store.commit(
          change({
            key: 'delivery-1',
            expect: expecting(1, 0),
            entries: [requested(1), said(1, { type: 'checks-started' })],
            effects: [effect('D-1:gather')],
            wakeups: [{ key: 'D-1', due: NOON }],
          }),
        ),
      );

      expect(entries.map(({ seq, version, event }) => [seq, version, event.type])).toEqual([
        [1, 1, 'requested'],
        [2, 2, 'checks-started'],
      ]);
      expect(await store.entries({ limit: 10 })).toEqual(entries);
      expect(await store.deployment('D-1')).toMatchObject({ number: 1, version: 2, state: 'checking' });
      expect(keysOf(await store.takeEffects(NOON, 1000, 10))).toEqual(['D-1:gather']);
      expect(keysOf(await store.takeWakeups(NOON, 1000, 10))).toEqual(['D-1']);
    });

    it('lets exactly one of two concurrent writers win', async () => {
      const [one, other] = [await house().open(), await house().open()];
      await given(one, 1, 1);

      const outcomes = await Promise.all(
        [one, other].map((store) =>
          store.commit(change({ expect: expecting(1, 2), entries: [said(1, { type: 'cancelled', reason: 'No.' })] })),
        ),
      );

      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['committed', 'conflict']);
      expect(await one.entries({ limit: 10 })).toHaveLength(3);
    });

    it('lets exactly one of fifty changes of one moment win', async () => {
      const store = await house().open();
      await given(store, 1, 1);

      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          store.commit(
            change({
              key: `click-${index}`,
              expect: expecting(1, 2),
              entries: [said(1, { type: 'cancelled', reason: `No ${index}.` })],
              effects: [effect(`tell-${index}`, { lane: `lane-${index}` })],
            }),
          ),
        ),
      );

      expect(outcomes.filter(({ kind }) => kind === 'committed')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'conflict')).toHaveLength(49);
      expect(await store.takeEffects(NOON, 1000, 100)).toHaveLength(1);
    });

    it('obeys a delivery once, whatever else has changed', async () => {
      const store = await house().open();
      const delivery = change({ key: 'delivery-1', entries: [locked('web', 'production', 'Migration')] });
      await store.commit(delivery);

      const again = await (await house().open()).commit(delivery);

      expect(again).toEqual({ kind: 'duplicate' });
      expect(await store.target('web', 'production')).toMatchObject({ version: 1 });
    });

    it('obeys a delivery that was a conflict before', async () => {
      const store = await house().open();
      await store.commit(change({ key: 'delivery-1', expect: expecting(1, 7), entries: [requested(1)] }));

      const again = await store.commit(change({ key: 'delivery-1', expect: expecting(1, 0), entries: [requested(1)] }));

      expect(again.kind).toBe('committed');
    });

    it('refuses a change when any stream that it was decided on has moved', async () => {
      const store = await house().open();
      await given(store, 1, 1);
      await given(store, 2, 0);

      const outcome = await store.commit(
        change({
          expect: [...expecting(1, 2), ...expecting(2, 0)],
          entries: [said(1, { type: 'cancelled', reason: '' })],
        }),
      );

      expect(outcome).toEqual({ kind: 'conflict' });
      expect(await store.deployment('D-1')).toMatchObject({ state: 'checking', version: 2 });
    });

    it('gives each stream its own versions within one change', async () => {
      const store = await house().open();

      const entries = written(
        await store.commit(
          change({
            entries: [requested(1), locked('web', 'production', 'One'), ...ROAD.slice(0, 1).map((e) => said(1, e))],
          }),
        ),
      );

      expect(entries.map(({ seq, version }) => [seq, version])).toEqual([
        [1, 1],
        [2, 1],
        [3, 2],
      ]);
    });
  });
  describe('the rules of the database', () => occupiedCases(house));
  describe('changes that settle effects', () => settleCases(house));
  describe('listeners', () => listenCases(house));
}

function occupiedCases(house: () => StoreHouse): void {
  it('let one deployment run on a target and write nothing of a second', async () => {
    const store = await house().open();
    await given(store, 1, DISPATCHED);
    await given(store, 2, DISPATCHED - 1);

    const dispatch = { entries: [said(2, { type: 'dispatched' })], effects: [effect('D-2:start')], key: 'delivery-2' };
    const outcome = await store.commit(change({ ...dispatch, wakeups: [{ key: 'D-2', due: NOON }] }));

    expect(outcome).toEqual({ kind: 'occupied' });
    expect(await store.deployment('D-2')).toMatchObject({ state: 'queued' });
    expect(await store.entries({ stream: 'deployment:D-2', limit: 10 })).toHaveLength(DISPATCHED);
    expect(await store.takeEffects(NOON, 1000, 10)).toEqual([]);
    expect(await store.takeWakeups(NOON, 1000, 10)).toEqual([]);
    expect((await store.commit(change({ key: 'delivery-2' }))).kind).toBe('committed');
  });

  it('let the next one run as soon as the first has ended', async () => {
    const store = await house().open();
    await given(store, 1, DISPATCHED + 2);
    await given(store, 2, DISPATCHED - 1);

    const outcome = await store.commit(change({ entries: [said(2, { type: 'dispatched' })] }));

    expect(outcome.kind).toBe('committed');
  });

  it('let other targets run at the same time', async () => {
    const store = await house().open();
    await given(store, 1, DISPATCHED);

    await given(store, 2, DISPATCHED, 'web', 'staging');
    await given(store, 3, DISPATCHED, 'shop', 'production');

    expect(await store.deployments({ states: ['running'], limit: 10 })).toHaveLength(3);
  });

  it('take nothing else along when one of several changes of a moment is refused', async () => {
    const store = await house().open();
    await given(store, 1, DISPATCHED - 1);
    await given(store, 2, DISPATCHED - 1);

    const outcomes = await Promise.allSettled([
      store.commit(change({ entries: [said(1, { type: 'dispatched' })] })),
      store.commit(change({ entries: [said(2, { type: 'dispatched' })] })),
      store.commit(change({ entries: [said(1, { type: 'reminded' })] })),
      store.commit(change({ entries: [locked('web', 'production', 'Migration')] })),
    ]);

    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value.kind : one.reason.name))).toEqual([
      'committed',
      'occupied',
      'IllegalEvent',
      'committed',
    ]);
    expect(await verify(store.found())).toMatchObject({ kind: 'whole', entries: 2 * DISPATCHED + 2 });
    expect(await all(store.differences())).toEqual([]);
  });
}

function settleCases(house: () => StoreHouse): void {
  it('record the result and the new state together', async () => {
    const store = await house().open();
    await given(store, 1, DISPATCHED);
    await owe(store, effect('D-1:start'));
    const { lease } = await takeOne(store, NOON);

    const entries = [said(1, { type: 'run-started', run: { provider: 'local', id: 'run-9' } })];
    const outcome = await store.commit(change({ expect: expecting(1, 5), entries, settles: [done(lease)] }));

    expect(outcome.kind).toBe('committed');
    expect(await store.deploymentByRun('local', 'run-9')).toMatchObject({ id: 'D-1' });
    expect(await store.takeEffects(NOON + 60_000, 1000, 10)).toEqual([]);
  });

  it('are a conflict, and write nothing, when the lease was lost', async () => {
    const store = await house().open();
    await given(store, 1, DISPATCHED);
    await owe(store, effect('D-1:start'), effect('D-1:other', { lane: 'other' }));
    const [slow, kept] = await store.takeEffects(NOON, 1000, 10);
    if (slow === undefined || kept === undefined) throw new Error('Two effects should be due.');
    await store.renew(kept.lease, NOON + 60_000);
    const faster = await takeOne(store, NOON + 1000);

    const entries = [said(1, { type: 'run-started', run: { provider: 'local', id: 'run-9' } })];
    const settles = [done(kept.lease), done(slow.lease)];
    const outcome = await store.commit(change({ entries, settles, effects: [effect('new')], key: 'delivery-9' }));

    expect(outcome).toEqual({ kind: 'conflict' });
    expect(await store.deployment('D-1')).toMatchObject({ version: 5 });
    expect(await store.settle(done(kept.lease))).toBe(true);
    expect(await store.settle(done(faster.lease))).toBe(true);
    expect(await store.nextDue()).toBeUndefined();
  });

  it('leave an effect owed that they settle and want again', async () => {
    const store = await house().open();
    await owe(store, card('card', 'C1'));
    const { lease } = await takeOne(store, NOON);

    await store.commit(change({ settles: [done(lease)], effects: [card('card', 'C2', { due: NOON + 5 })] }));

    expect(await store.takeEffects(NOON, 1000, 10)).toEqual([]);
    expect(await takeOne(store, NOON + 5)).toMatchObject({
      key: 'card',
      attempts: 0,
      effect: { place: { channel: 'C2' } },
    });
  });

  it('put an effect off together with what they write', async () => {
    const store = await house().open();
    await given(store, 1, DISPATCHED);
    await owe(store, effect('D-1:start'));
    const { lease } = await takeOne(store, NOON);

    await store.commit(change({ entries: [said(1, { type: 'contact-lost' })], settles: [later(lease, NOON + 9)] }));

    expect(await store.nextDue()).toBe(NOON + 9);
  });
}

function listenCases(house: () => StoreHouse): void {
  /** Commits a lock and answers what one listener was told, and in which state the target was when it was. */
  async function heard(store: Store, listener: (streams: readonly string[]) => void): Promise<() => void> {
    const end = store.listen(listener);
    await store.commit(change({ entries: [locked('web', 'production', 'Migration'), requested(1)] }));
    return end;
  }

  it('are told which streams grew', async () => {
    const store = await house().open();
    const told: (readonly string[])[] = [];

    await heard(store, (streams) => told.push(streams));

    expect(told).toEqual([['target:web/production', 'deployment:D-1']]);
  });

  it('are told nothing of a change that was refused', async () => {
    const store = await house().open();
    const told: (readonly string[])[] = [];
    store.listen((streams) => told.push(streams));

    await store.commit(change({ expect: expecting(1, 3), entries: [requested(1)] }));

    expect(told).toEqual([]);
  });

  it('are told nothing more when they have ended', async () => {
    const store = await house().open();
    const told: (readonly string[])[] = [];
    const end = await heard(store, (streams) => told.push(streams));

    end();
    await given(store, 2, 0);

    expect(told).toHaveLength(1);
  });

  it('cannot break a commit, nor each other, by throwing', async () => {
    const store = await house().open();
    const told: (readonly string[])[] = [];
    store.listen(() => {
      throw new Error('A listener fell over.');
    });
    store.listen((streams) => told.push(streams));

    const outcome = await store.commit(change({ entries: [requested(1)] }));

    expect(outcome.kind).toBe('committed');
    expect(told).toHaveLength(1);
  });
}
