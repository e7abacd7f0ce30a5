import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import { isOpen, STATE_NAMES } from '../../src/domain/deployment.ts';
import type { DeploymentQuery, Store } from '../../src/ports/store.ts';
import { ANNA, all, change, given, locked, RELEASES, type StoreHouse, said, written } from './store-samples.ts';

/** What may be asked of the rows. */
export function rowCases(house: () => StoreHouse): void {
  describe('a deployment', () => oneCases(house));
  describe('a text', () => textCases(house));
  describe('a list of deployments', () => listCases(house));
  describe('a deployment', () => newerCases(house));
  describe('targets and places', () => otherCases(house));
}

function oneCases(house: () => StoreHouse): void {
  it('is found by id, token and run', async () => {
    const store = await house().open();
    await given(store, 1, 5);
    await given(store, 2, 5, 'web', 'staging');

    const found = [await store.deployment('D-2'), await store.deploymentByToken('token-2')];
    const byRun = await store.deploymentByRun('local', 'run-2');

    expect([...found, byRun].map((one) => one?.id)).toEqual(['D-2', 'D-2', 'D-2']);
    expect(byRun).toEqual(found[0]);
  });

  it('is nothing when there is none', async () => {
    const store = await house().open();
    await given(store, 1, 1);

    expect(await store.deployment('D-2')).toBeUndefined();
    expect(await store.deploymentByToken('')).toBeUndefined();
    expect(await store.deploymentByRun('local', 'run-1')).toBeUndefined();
  });

  it('gets the number after the highest', async () => {
    const store = await house().open();

    expect(await store.nextNumber()).toBe(1);
    await given(store, 41, 0);
    expect(await store.nextNumber()).toBe(42);
  });

  it('is the same after a restart, with everything that was said of it', async () => {
    const store = await house().open();
    await given(store, 1, 4);
    const words = 'Ünïcode "quotes", a line\nbreak, \u202E and 🎉';
    written(await store.commit(change({ entries: [said(1, { type: 'cancelled', reason: words })] })));
    const before = await store.deployment('D-1');
    await store.close();

    const after = await (await house().open()).deployment('D-1');

    expect(after).toEqual(before);
    expect(after?.cancellation).toEqual({ by: ANNA, reason: words, at: '2026-03-02T12:00:00.000Z' });
  });
}

function textCases(house: () => StoreHouse): void {
  it('of which an emoji was cut in two is written all the same', async () => {
    const store = await house().open();
    await given(store, 1, 1);

    written(await store.commit(change({ entries: [said(1, { type: 'cancelled', reason: 'Cut \ud83d' })] })));

    expect(await store.deployment('D-1')).toMatchObject({ cancellation: { reason: 'Cut \ufffd' } });
    expect(await all(store.differences())).toEqual([]);
    expect(await verify(store.found())).toMatchObject({ kind: 'whole', entries: 3 });
  });
}

function listCases(house: () => StoreHouse): void {
  /** Twenty-four deployments of two services in two environments, in all the states of the road. */
  async function manyDeployments(store: Store) {
    for (let number = 1; number <= 24; number += 1) {
      const [service, environment] = [number % 3 === 0 ? 'shop' : 'web', number % 2 === 0 ? 'staging' : 'production'];
      const steps = number > 20 ? number % 4 : [1, 6, 6, 2, 6][number % 5];
      await given(store, number, steps ?? 0, service, environment);
      if (number % 10 === 8)
        await store.commit(change({ entries: [said(number, { type: 'cancelled', reason: 'No.' })] }));
    }
    return await store.deployments({ limit: 100 });
  }

  it('is what was asked for, newest first, whatever is asked together', async () => {
    const store = await house().open();
    const every = await manyDeployments(store);
    const queries: fc.Arbitrary<DeploymentQuery> = fc.record(
      {
        service: fc.constantFrom('web', 'shop', 'nothing'),
        environment: fc.constantFrom('staging', 'production'),
        states: fc.subarray([...STATE_NAMES]),
        open: fc.constant<true>(true),
        before: fc.integer({ min: 0, max: 26 }),
        limit: fc.integer({ min: 1, max: 30 }),
      },
      { requiredKeys: ['limit'] },
    );

    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const { service, environment, states, open, before, limit } = query;
        const wanted = every.filter(
          (one) =>
            (service === undefined || one.service === service) &&
            (environment === undefined || one.environment === environment) &&
            (states === undefined || states.includes(one.state)) &&
            (open === undefined || isOpen(one)) &&
            (before === undefined || one.number < before),
        );

        expect(await store.deployments(query)).toEqual(wanted.slice(0, limit));
      }),
      { numRuns: 150 },
    );
    expect(every.map(({ number }) => number)).toEqual(Array.from({ length: 24 }, (_, index) => 24 - index));
  });
}

function newerCases(house: () => StoreHouse): void {
  it('in a state that only a newer version knows is found wherever no state is asked for', async () => {
    const store = await house().open();
    for (const [number, steps] of [6, 4, 1, 4].entries())
      await given(store, number + 1, steps, 'web', `target-${number}`);
    await house().execute("update deployments set state = 'shifting' where number = 2");
    await house().execute("update deployments set state = 'shifted' where number = 1");
    const numbers = async (query: Omit<DeploymentQuery, 'limit'>) =>
      (await store.deployments({ ...query, limit: 10 })).map(({ number }) => number);

    expect(await numbers({})).toEqual([4, 3, 2, 1]);
    expect(await numbers({ service: 'web' })).toEqual([4, 3, 2, 1]);
    expect(await numbers({ open: true })).toEqual([4, 3, 2]);
    expect(await numbers({ open: true, before: 4 })).toEqual([3, 2]);
    expect(await numbers({ service: 'web', environment: 'target-1', open: true })).toEqual([2]);
    expect(await numbers({ service: 'web', environment: 'target-0', open: true })).toEqual([]);
    expect(await numbers({ states: STATE_NAMES })).toEqual([4, 3]);
    expect(await numbers({ states: ['running', 'succeeded'], open: true })).toEqual([4]);
  });
}

function otherCases(house: () => StoreHouse): void {
  const at = '2026-03-02T12:00:00.000Z';

  it('are empty until somebody touches them', async () => {
    const store = await house().open();

    expect(await store.target('web', 'production')).toEqual({ service: 'web', environment: 'production', version: 0 });
    expect(await store.targets()).toEqual([]);
    expect(await store.placeBooks()).toEqual([]);
  });

  it('are what their events say', async () => {
    const store = await house().open();
    const stream = 'place:slack:T1:C7';
    const subscription = { service: 'web', environment: '*', audience: 'broadcast' } as const;
    await store.commit(change({ entries: [locked('web', 'production', 'Migration')] }));

    const events = [{ type: 'subscribed', ...subscription } as const, { type: 'broken', code: 'is_archived' } as const];
    await store.commit(change({ entries: events.map((event) => ({ stream, event, by: ANNA, at })) }));

    const lock = { by: ANNA, reason: 'Migration', at };
    expect(await store.targets()).toEqual([{ service: 'web', environment: 'production', version: 1, lock }]);
    expect(await store.target('web', 'production')).toMatchObject({ lock });
    const broken = { code: 'is_archived', at };
    expect(await store.placeBooks()).toEqual([{ place: RELEASES, version: 2, subscriptions: [subscription], broken }]);
  });

  it('are not needed for what the programme itself did', async () => {
    const store = await house().open();
    const event = { type: 'program-started', version: '0.1.0' } as const;

    const outcome = await store.commit(
      change({
        expect: [{ stream: 'installation', version: 0 }],
        entries: [{ stream: 'installation', event, by: ANNA, at }],
      }),
    );

    expect(outcome.kind).toBe('committed');
    expect(await store.entries({ stream: 'installation', limit: 10 })).toMatchObject([{ event, version: 1 }]);
  });

  it('are not needed for what people say of their accounts, and two who say it at once are told apart', async () => {
    const store = await house().open();
    const account = { system: 'teams', tenant: 'x', id: 'aad-1' };
    const event = { type: 'account-unlinked', person: 'anna', account } as const;
    const said = change({
      expect: [{ stream: 'people', version: 0 }],
      entries: [{ stream: 'people', event, by: ANNA, at }],
    });

    const kinds = [(await store.commit(said)).kind, (await store.commit({ ...said, key: 'another' })).kind];

    expect(kinds).toEqual(['committed', 'conflict']);
    expect(await store.entries({ stream: 'people', limit: 10 })).toMatchObject([{ event, version: 1, format: 2 }]);
    for await (const difference of store.differences()) expect(difference).toBeUndefined();
  });
}
