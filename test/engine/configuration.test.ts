import { afterEach, beforeEach, expect, it } from 'vitest';
import { asked, catalogWith, codes, done, openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  for await (const difference of world.store.differences()) expect.fail(JSON.stringify(difference));
  await world.close();
});

const TWO = { rules: [{ group: 'platform', count: 2 }], expiresMs: 3_600_000, checks: 'shown' as const };
const NOBODY = { rules: [], expiresMs: 3_600_000, checks: 'shown' as const };

it('asks anew when somebody approves what the configuration has changed, and takes the next approval', async () => {
  const { id, revision } = await asked(world);
  world.catalog = catalogWith({ production: { policy: TWO } });

  const first = await world.door.act(world.caller('cleo'), id, { verb: 'approve' });
  const row = await world.store.deployment(id);
  const second = done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));

  expect(codes(first)).toEqual(['configuration-changed']);
  expect(row?.revision).toBeGreaterThan(revision);
  expect(second.countersignatures[0]?.binding).toBe(row?.plan?.hash);
  expect(second.state).toBe('awaiting-approval');
});

it('lets what waits go on when nobody needs to approve any more', async () => {
  const { id } = await asked(world);
  world.catalog = catalogWith({ production: { policy: NOBODY } });

  await world.store.setWakeups([{ key: id, due: world.clock.now() }]);
  const row = await world.reach(id, 'running');

  expect(row.countersignatures).toEqual([]);
});

it('keeps the reason of a lock that a person set before a rollback', async () => {
  const { id } = await asked(world);
  done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
  await world.until('the run', async () => (await world.store.deployment(id))?.run);
  world.pipeline.play({ state: 'succeeded' });
  await world.reach(id, 'succeeded');
  await world.door.lock(world.caller('dana'), {
    scope: { kind: 'target', service: 'web', environment: 'production' },
    reason: 'The sale is on',
  });

  await world.door.rollback(world.caller('sam'), {
    service: 'web',
    environment: 'production',
    to: id,
    reason: 'Trying',
  });

  expect((await world.store.target('web', 'production')).lock?.reason).toBe('The sale is on');
});
