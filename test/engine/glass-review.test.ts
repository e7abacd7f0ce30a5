import { afterEach, beforeEach, expect, it } from 'vitest';
import { plain } from '../../src/domain/text.ts';
import { brokenGlass, closeSound, settle } from './scenes.ts';
import { APPROVAL, asked, catalogWith, codes, done, openWorld, type World } from './world.ts';

const DAY = 86_400_000;

let world: World;
beforeEach(async () => {
  world = await openWorld();
  world.catalog = catalogWith({ production: { policy: { ...APPROVAL, breakGlass: ['cleo'] }, reviewMs: 2 * DAY } });
});
afterEach(() => closeSound(world));

/** Anna asks, Cleo breaks the glass, and it runs. */
async function broken(): Promise<string> {
  const { id } = await asked(world);
  done(await brokenGlass(world, 'cleo', id));
  await world.until('the run', async () => (await world.store.deployment(id))?.run);
  return id;
}

function chased(): readonly string[] {
  return world.chat.whispers
    .filter(({ message }) => message.announcement.summary.includes('review'))
    .map(({ to, message }) => `${to.id}: ${plain(message.announcement.title)}`);
}

async function later(ms: number): Promise<void> {
  world.clock.advance(ms);
  await settle(world);
}

it('a broken glass leaves a review that neither who asked nor who broke it may close', async () => {
  const id = await broken();
  const review = await world.store.review(id);

  expect(review).toMatchObject({ causes: ['break-glass'], service: 'web', environment: 'production', chases: 0 });
  expect(review?.barred.map((one) => one.id)).toEqual(['anna', 'cleo']);
  expect((await world.store.openReviews()).map(({ deployment }) => deployment)).toEqual([id]);
  for (const name of ['anna', 'cleo'])
    expect(codes(await world.door.review(world.caller(name), id, 'Fine'))).toEqual(['review-not-yours']);
  expect(codes(await world.door.review(world.caller('dana'), id, '  '))).toEqual(['missing-reason']);
  expect((await world.store.review(id))?.closed).toBeUndefined();
});

it('the review of a broken glass is chased at half time, when it is due and after, until somebody closes it', async () => {
  const id = await broken();
  world.pipeline.play({ state: 'succeeded' });
  await world.reach(id, 'succeeded');
  expect(chased()).toEqual([]);

  await later(DAY);
  const first = chased();
  expect(first.length).toBeGreaterThan(0);
  expect(first.every((one) => !one.startsWith('U-anna') && !one.startsWith('U-cleo'))).toBe(true);
  await later(DAY);
  expect(chased().length).toBeGreaterThan(first.length);
  expect((await world.store.review(id))?.chases).toBe(2);

  expect(await world.door.review(world.caller('dana'), id, 'The rule was right to be broken')).toMatchObject({
    kind: 'done',
    review: { closed: { by: { id: 'dana' }, note: 'The rule was right to be broken' } },
  });
  const before = (await world.store.review(id))?.chases;
  await later(5 * DAY);
  expect((await world.store.review(id))?.chases).toBe(before);
  expect(await world.store.openReviews()).toEqual([]);
  expect(codes(await world.door.review(world.caller('dana'), id, 'Again'))).toEqual(['review-closed-already']);
});

it('a glass that was broken for something that never ran leaves no review', async () => {
  world.catalog = catalogWith({ production: { policy: { ...APPROVAL, breakGlass: ['cleo'] } } });
  const scope = { kind: 'target', service: 'web', environment: 'production' } as const;
  const { id } = await asked(world);
  await world.door.lock(world.caller('ben'), { scope, reason: 'Closed' });
  done(await brokenGlass(world, 'cleo', id));
  done(await world.door.act(world.caller('anna'), id, { verb: 'cancel', reason: 'Not needed' }));
  await world.reach(id, 'cancelled');

  expect(await world.store.review(id)).toBeUndefined();
});
