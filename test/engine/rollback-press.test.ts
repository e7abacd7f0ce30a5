import { afterEach, beforeEach, expect, it } from 'vitest';
import { deploymentStream } from '../../src/domain/event.ts';
import { closeSound, history, running, settle, twoGood } from './scenes.ts';
import { asked, codes, done, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

const press = (pressed: string, name = 'sam') =>
  world.door.rollback(world.caller(name), {
    service: 'web',
    environment: 'production',
    reason: 'Basket is broken',
    pressed,
  });

it('refuses Roll Back on a card after which another run has begun, and writes down who tried', async () => {
  await twoGood(world);
  await running(world, SHA.three);

  const answer = await press('D-2');
  const entries = await world.store.entries({ stream: deploymentStream('D-2'), limit: 100 });

  expect(codes(answer)).toEqual(['request-changed']);
  expect(JSON.stringify(answer)).toContain('D-3 has begun on web in production since D-2');
  expect(entries.at(-1)).toMatchObject({
    by: { id: 'sam' },
    event: { type: 'approval-denied', wish: 'rollback', refusals: [{ code: 'request-changed' }] },
  });
  expect(await history(world, 'D-3')).not.toContain('cancel-asked');
});

it('draws no card anew for it', async () => {
  await twoGood(world);
  await running(world, SHA.three);
  await settle(world);
  const drawn = () => world.chat.shown.flatMap(({ versions }) => versions).length;
  const before = drawn();

  await press('D-2');
  await settle(world);

  expect(drawn()).toBe(before);
});

it('rolls back from the newest card, whoever else waits for approval or in the queue', async () => {
  await twoGood(world);
  await asked(world, SHA.three);

  expect(done(await press('D-2')).restores).toBe('D-1');
});

it('writes nothing of people from outside', async () => {
  await twoGood(world);
  await running(world, SHA.three);

  const answer = await world.door.rollback(
    { ...world.caller('sam'), external: true },
    { service: 'web', environment: 'production', reason: 'x', pressed: 'D-2' },
  );

  expect(codes(answer)).toEqual(['external-person']);
  expect(await history(world, 'D-2')).not.toContain('approval-denied');
});
