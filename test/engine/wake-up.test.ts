import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CalendarRules } from '../../src/domain/calendar.ts';
import { closeSound, row, settle, target } from './scenes.ts';
import { asked, catalogWith, done, openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

const SECOND = 1000;
/** Not a whole number of the minutes at which everything is looked at anyway. */
const SPAN = 95 * SECOND;

/** From now on the calendar keeps everything closed until the moment returned. */
function freeze(): number {
  const from = world.clock.now() - SECOND;
  const local = new Date(from).toISOString().slice(0, -1);
  const calendar: CalendarRules = {
    freezes: [{ title: 'Stocktaking', from: local, forMs: SPAN + SECOND, timeZone: 'Etc/UTC' }],
    hours: [],
  };
  world.catalog = { ...catalogWith(), calendar };
  return from + SPAN + SECOND;
}

/** Approved, and kept waiting by whatever closes the target now. */
async function held(close: () => Promise<number> | number) {
  const { id } = await asked(world);
  const end = await close();
  done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
  await settle(world);
  expect((await row(world, id)).state).toBe('queued');
  return { id, end };
}

async function lock(): Promise<number> {
  const wish = { scope: target('web', 'production'), reason: 'Stocktaking', forMs: SPAN };
  expect((await world.door.lock(world.caller('sam'), wish)).kind).toBe('done');
  return world.clock.now() + SPAN;
}

it.each([
  ['the calendar opens', freeze],
  ['a lock expires', lock],
])('wakes who waits at the moment at which %s', async (_what, close) => {
  const { id, end } = await held(close);

  await world.reach(id, 'running');

  expect(world.clock.now() - end).toBeGreaterThanOrEqual(0);
  expect(world.clock.now() - end).toBeLessThan(SECOND);
});

it.each([
  ['the calendar opens', freeze],
  ['a lock expires', lock],
])('wakes who waits when %s, also after a restart', async (_what, close) => {
  const { id, end } = await held(close);

  await world.restart();
  await world.reach(id, 'running');

  expect(world.clock.now() - end).toBeGreaterThanOrEqual(0);
  expect(world.clock.now() - end).toBeLessThan(SECOND);
});

it('goes at once when the window ended while nobody was there', async () => {
  const { id, end } = await held(freeze);

  await world.engine.stop();
  world.clock.advance(end - world.clock.now() + 7 * SECOND);
  const since = world.clock.now();
  await world.restart();
  await world.reach(id, 'running');

  expect(world.clock.now() - since).toBeLessThan(SECOND);
});
