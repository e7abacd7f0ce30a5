import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canWait } from '../../src/domain/preferences.ts';
import { headline } from '../fakes/chat.ts';
import { brokenGlass, closeSound, fault, settle } from './scenes.ts';
import { APPROVAL, asked, catalogWith, done, openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

const HOUR = 3_600_000;
const day = (ms: number) => new Date(world.clock.now() + ms).toISOString();
const told = () => world.chat.whispers.map(({ message }) => message.announcement.summary);

/** Ben sleeps from now on for a minute. */
async function bedtime(): Promise<void> {
  const time = (ms: number) => day(ms).slice(11, 16);
  await world.door.prefer(world.caller('ben'), { what: 'quiet', value: `${time(-60_000)}-${time(60_000)}` });
}

/** Something about Anna that Ben is told only in the morning. */
async function heldNotice(): Promise<void> {
  await world.door.away(world.caller('anna'), { to: 'ben', until: day(HOUR) });
  await world.until('the word', () => told().length === 1);
  await bedtime();
  await world.door.back(world.caller('anna'));
  await settle(world);
  expect(told()).toHaveLength(1);
}

describe('a notice that is held for quiet hours', () => {
  it('holds up nothing that cannot wait', async () => {
    await heldNotice();
    const since = world.clock.now();

    await world.door.away(world.caller('cleo'), { to: 'ben', until: day(HOUR) });
    await world.until('the urgent word', () => told().some((words) => words.includes('Cleo')));
    expect(world.clock.now() - since).toBeLessThan(2000);
    expect(told()).toHaveLength(2);

    await world.until('the morning', () => told().length === 3);
    expect(told()[2]).toContain('Anna');
  });

  it('is not told when it is no longer true', async () => {
    await heldNotice();

    await world.door.away(world.caller('anna'), { to: 'ben', until: day(HOUR) });
    await world.until('the new word', () => told().length === 2);
    world.clock.advance(2 * 60_000);
    await settle(world);
    await settle(world);

    expect(told()).toHaveLength(2);
  });
});

it('tells at once that the glass was broken, although a reminder in the same thread is stuck', async () => {
  world.catalog = catalogWith({ production: { policy: { ...APPROVAL, breakGlass: ['cleo'] } } });
  const { id } = await asked(world);
  await settle(world);
  world.clock.advance(11 * 60_000);
  await settle(world);
  const slow = fault('rate-limited', { retryable: true, retryAfterMs: 300_000 });
  world.chat.faults.push({ call: 'post', failure: slow, place: 'C-deploys' });
  done(await world.door.act(world.caller('anna'), id, { verb: 'nudge' }));
  await world.until('the refused reminder', () => world.chat.faults.length === 0);
  const since = world.clock.now();

  done(await brokenGlass(world, 'cleo', id));
  await world.until('the word', () =>
    world.chat.shown.some((one) => one.under !== undefined && headline(one).includes('without the countersignatures')),
  );

  expect(world.clock.now() - since).toBeLessThan(2000);
});

it('counts what was taken from somebody, or is late, as urgent', () => {
  const { person } = world.caller('anna');
  expect(canWait({ kind: 'delegation-ended', by: person })).toBe(true);
  expect(canWait({ kind: 'delegated', by: person, from: day(0), until: day(1) })).toBe(false);
});
