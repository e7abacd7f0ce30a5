import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextMorning } from '../../src/calendar/mornings.ts';
import type { Announcement } from '../../src/domain/announcement.ts';
import type { SubscriptionTerms } from '../../src/domain/catalog.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { plain } from '../../src/domain/text.ts';
import { startEngine } from '../../src/engine/index.ts';
import type { Kit } from '../../src/engine/kit.ts';
import { hearings } from '../../src/engine/places.ts';
import { settle } from './scenes.ts';
import { asked, catalogWith, deployed, openWorld, place, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

function digestsIn(channel: string): readonly string[] {
  return world.chat.shown
    .filter(({ handle, key }) => handle.place.channel === channel && key.startsWith('digest:'))
    .map(({ versions }) => plain(versions[0]?.announcement.title ?? []));
}

/** Puts the clock to just before the next nine o'clock, and on. */
async function morning(): Promise<void> {
  const next = nextMorning('daily', world.clock.now(), 'Etc/UTC');
  world.clock.advance(70_000);
  await new Promise((resolve) => setImmediate(resolve));
  world.clock.advance(next - world.clock.now());
}

describe('a digest', () => {
  const wish = { service: '*', environment: '*', audience: 'digest', cadence: 'daily' } as const;

  it('comes once, at nine, with what ended; and not again after a restart', async () => {
    await world.door.subscribe(world.caller('anna'), place('C-digest'), wish);
    await deployed(world);
    await world.until(
      'the duty',
      async () => (await world.store.unset(['digest:slack:T1:C-digest:daily'])).length === 0,
    );

    await morning();
    await world.until('the digest', () => digestsIn('C-digest').length > 0);
    expect(digestsIn('C-digest')).toEqual(['The last day: 1 deployment succeeded, 0 went wrong.']);

    await world.restart();
    await world.store.setWakeups([{ key: 'digest:slack:T1:C-digest:daily', due: world.clock.now() }]);
    await world.until('the second wake-up', async () => ((await world.store.nextDue()) ?? 0) > world.clock.now());
    expect(digestsIn('C-digest')).toHaveLength(1);
    expect(world.chat.roots('C-digest')).toHaveLength(1);
  });

  it('is not posted where nothing ended', async () => {
    await world.door.subscribe(world.caller('anna'), place('C-digest'), wish);
    await world.until(
      'the duty',
      async () => (await world.store.unset(['digest:slack:T1:C-digest:daily'])).length === 0,
    );
    await morning();
    for (let tries = 0; tries < 50; tries += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(digestsIn('C-digest')).toEqual([]);
  });
});

describe('a weekly digest', () => {
  const wish = { service: 'web', environment: 'production', audience: 'digest', cadence: 'weekly' } as const;
  const KEY = 'digest:slack:T1:C-week:weekly';

  async function monday(): Promise<void> {
    const next = nextMorning('weekly', world.clock.now(), 'Etc/UTC');
    world.clock.advance(next - world.clock.now() - 1000);
    await new Promise((resolve) => setImmediate(resolve));
    world.clock.advance(1000);
  }

  async function subscribed(more: SubscriptionTerms = {}): Promise<void> {
    await world.door.subscribe(world.caller('anna'), place('C-week'), { ...wish, ...more });
    await world.until('the duty', async () => (await world.store.unset([KEY])).length === 0);
  }

  const week = () => digestOf(world, 'C-week');

  it('has the figures of the week, and those of the week before to compare', async () => {
    await subscribed();
    await deployed(world);
    await monday();
    await world.until('the first digest', () => week().length > 0);
    expect(facts(week()[0])['Deployment frequency']).toBe('1.0 a week · 1 deployment');

    world.source.refs_.set('main', SHA.two);
    await deployed(world);
    world.source.refs_.set('main', SHA.three);
    await deployed(world);
    await monday();
    await world.until('the second digest', () => week().length > 1);

    expect(facts(week()[1])['Deployment frequency']).toBe('2.0 a week · 2 deployments · 100 % more than before');
    expect(week()[1]?.chart?.bars.reduce((sum, { value }) => sum + value, 0)).toBe(2);
    expect(week()[1]?.summary).toContain('Deployment frequency: 2.0 a week.');
  });

  it('is not posted where nothing ended that it was to tell of', async () => {
    await subscribed({ kinds: ['hotfix'] });
    await deployed(world);
    await monday();
    await settle(world);
    expect(week()).toEqual([]);

    await world.door.subscribe(world.caller('anna'), place('C-week'), { ...wish, environment: 'staging' });
    await monday();
    await settle(world);
    expect(week()).toEqual([]);
  });
});

it.each(['daily', 'weekly'] as const)('a %s digest is posted once by two instances', async (cadence) => {
  const wish = { service: '*', environment: '*', audience: 'digest', cadence } as const;
  let kit: Kit | undefined;
  const pair = await openWorld(':memory:', (own) => {
    kit = own;
    return own;
  });
  const second = startEngine(kit as Kit);
  try {
    await pair.door.subscribe(pair.caller('anna'), place('C-two'), wish);
    await deployed(pair);
    const key = `digest:slack:T1:C-two:${cadence}`;
    await pair.until('the duty', async () => (await pair.store.unset([key])).length === 0);
    pair.clock.advance(nextMorning(cadence, pair.clock.now(), 'Etc/UTC') - pair.clock.now());
    await pair.until('the digest', () => digestOf(pair, 'C-two').length > 0);
    // Each wake-up may come again to the other one.
    await pair.store.setWakeups([{ key, due: pair.clock.now() }]);
    await settle(pair);

    expect(digestOf(pair, 'C-two')).toHaveLength(1);
    expect(pair.chat.roots('C-two')).toHaveLength(1);
  } finally {
    await second.stop();
    await pair.close();
  }
});

function digestOf({ chat }: World, channel: string): readonly Announcement[] {
  return chat.shown
    .filter(({ handle, key }) => handle.place.channel === channel && key.startsWith('digest:'))
    .flatMap(({ versions }) => versions[0]?.announcement ?? []);
}

function facts(card: Announcement | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((card?.facts ?? []).map(({ label, value }) => [label, plain(value)]));
}

describe('filters', () => {
  const HEARD = place('C-filter');

  function heard(deployment: Deployment, terms: SubscriptionTerms): boolean {
    const subscription = { place: HEARD, audience: 'engineering' as const, service: 'web', environment: '*', ...terms };
    const catalog = { ...catalogWith(), subscriptions: [subscription] };
    return hearings(deployment, catalog, []).some(({ place: { channel } }) => channel === 'C-filter');
  }

  it.each([
    [{}, {}, true],
    [{}, { kinds: ['hotfix'] }, false],
    [{}, { kinds: ['regular', 'hotfix'] }, true],
    [{}, { refs: ['main'] }, true],
    [{}, { refs: ['release'] }, false],
    [{}, { people: ['anna'] }, true],
    [{}, { people: ['ben'] }, true],
    [{}, { people: ['cleo'] }, false],
    [{}, { moments: ['asked'] }, true],
    [{}, { moments: ['started'] }, false],
    [{ startedAt: '2026-11-20T10:00:00.000Z', state: 'running' }, { moments: ['started'] }, true],
    [{ startedAt: '2026-11-20T10:00:00.000Z', state: 'running' }, { moments: ['failed', 'succeeded'] }, false],
    [{ startedAt: '2026-11-20T10:00:00.000Z', state: 'failed' }, { moments: ['failed'] }, true],
    [{ startedAt: '2026-11-20T10:00:00.000Z', state: 'succeeded' }, { moments: ['failed'] }, false],
    [{ startedAt: '2026-11-20T10:00:00.000Z', state: 'rolled-back' }, { moments: ['failed'] }, true],
    [{}, { refs: ['main'], kinds: ['rollback'] }, false],
  ] as const)('of %j by %j: %s', async (over, terms, told) => {
    const deployment: Deployment = { ...(await asked(world)), ...over };
    expect(heard(deployment, terms)).toBe(told);
  });

  it('never keep it from the place where it was asked for', async () => {
    const deployment: Deployment = { ...(await asked(world)), origin: HEARD };
    expect(heard(deployment, { kinds: ['hotfix'] })).toBe(true);
  });
});
