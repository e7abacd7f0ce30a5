import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewEffect } from '../../src/domain/effect.ts';
import { asked, codes, openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

function wish(name: string, what: string, value: string) {
  return world.door.prefer(world.caller(name), { what, value });
}

/** Who was called by bell so far. */
function rung(): readonly string[] {
  return world.chat.shown.flatMap(({ versions }) =>
    versions.flatMap(({ announcement }) =>
      announcement.title.flatMap((part) =>
        typeof part !== 'string' && part.kind === 'person' && part.notify ? [part.person.id] : [],
      ),
    ),
  );
}

describe('preferences', () => {
  it('are written into the log, folded, and written once', async () => {
    expect(await wish('anna', 'mentions', 'needed')).toEqual({ kind: 'done', preferences: { mentions: 'needed' } });
    await wish('anna', 'mentions', 'needed');
    await wish('anna', 'quiet', '22:00-07:00');

    const entries = await world.store.entries({ stream: 'person:anna', limit: 10 });
    expect(entries.map(({ event }) => event.type)).toEqual(['preferred', 'preferred']);
    expect((await world.store.personBook('anna')).preferences).toEqual({
      mentions: 'needed',
      quiet: { from: '22:00', to: '07:00' },
    });
  });

  it('are refused with a code, and to strangers and guests', async () => {
    expect(codes(await wish('anna', 'mentions', 'loud'))).toEqual(['bad-preference']);
    expect(codes(await wish('nobody', 'mentions', 'none'))).toEqual(['person-unlinked']);
    const guest = { ...world.caller('anna'), external: true };
    expect(codes(await world.door.prefer(guest, { what: 'mentions', value: 'none' }))).toEqual(['external-person']);
  });

  it('let a person be named without a bell', async () => {
    await wish('cleo', 'mentions', 'none');
    await asked(world);

    // Ben wrote it, so Cleo and Dana are called.
    await world.until('the call', () => rung().includes('dana'));
    expect(rung()).not.toContain('cleo');
  });
});

describe('quiet hours', () => {
  const lock = {
    by: { id: 'anna', name: 'Anna', known: true, accounts: [] },
    reason: 'index',
    at: '2026-11-20T09:00:00.000Z',
  };

  function tellAnna(kind: 'lock-expired' | 'lock-taken'): NewEffect {
    const { person } = world.caller('anna');
    const notice =
      kind === 'lock-taken' ? { kind, scope: '*', lock, by: person, reason: 'needed' } : { kind, scope: '*', lock };
    return {
      key: kind,
      lane: kind,
      mode: 'once',
      effect: { kind: 'notice', notice, to: { person } },
      due: world.clock.now(),
    };
  }

  it('hold what can wait until they end, and let through what was taken', async () => {
    const now = new Date(world.clock.now());
    const time = (ms: number) => new Date(now.getTime() + ms).toISOString().slice(11, 16);
    await wish('anna', 'quiet', `${time(-60_000)}-${time(60_000)}`);
    await world.store.commit({
      expect: [],
      entries: [],
      wakeups: [],
      effects: [tellAnna('lock-expired'), tellAnna('lock-taken')],
    });

    await world.until('the taken lock', () => world.chat.whispers.some(({ message }) => message.key === 'lock-taken'));
    expect(world.chat.whispers.map(({ message }) => message.key)).not.toContain('lock-expired');

    await world.until('the morning', () => world.chat.whispers.some(({ message }) => message.key === 'lock-expired'));
    expect(world.clock.now() - now.getTime()).toBeGreaterThanOrEqual(59_000);
  });
});
