import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CalendarRules } from '../../src/domain/calendar.ts';
import type { TargetSettings } from '../../src/domain/catalog.ts';
import { wording } from '../fakes/chat.ts';
import { approved, closeSound, fault, history, row, running, settle, succeed } from './scenes.ts';
import { asked, catalogWith, codes, done, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

const PRODUCTION = { service: 'web', environment: 'production' };
const INCIDENT = 'https://incidents.example.com/7';
const HOUR = 3_600_000;
/** The clock of a world begins at 2026-11-21T09:00Z. */
const at = (hours: number) => new Date(Date.parse('2026-11-21T09:00:00.000Z') + hours * HOUR).toISOString();

function configure(production: Partial<TargetSettings>, freezes: CalendarRules['freezes'] = []): void {
  const access = { deploy: ['*'], cancel: ['*'], rollback: ['*'], hotfix: ['*'], override: ['*'] };
  world.catalog = {
    ...catalogWith({ production: { access, ...production } }),
    calendar: { freezes, hours: [] },
  };
}

function freeze(fromHours: number, forHours: number): CalendarRules['freezes'][number] {
  return { title: 'Sale', from: at(fromHours).slice(0, 16), forMs: forHours * HOUR, timeZone: 'Etc/UTC' };
}

async function hotfix(sha: string): Promise<string> {
  const wish = { ...PRODUCTION, kind: 'hotfix' as const, ref: sha, reason: 'Checkout fails', incident: INCIDENT };
  const { id } = done(await world.door.request(world.caller('anna'), wish));
  await world.reach(id, 'awaiting-approval');
  done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
  return id;
}

const ask = (more: object) => world.door.request(world.caller('anna'), { ...PRODUCTION, reason: 'Sale', ...more });

describe('a hotfix', () => {
  it('goes through a freeze and before those who wait, and leaves a review', async () => {
    configure({}, []);
    const first = await running(world);
    const second = await approved(world, SHA.two);
    configure({}, [freeze(-1, 48)]);

    const id = await hotfix(SHA.three);
    await succeed(world, first.id);
    await world.reach(id, 'running');
    await settle(world);

    expect((await row(world, second.id)).state).toBe('queued');
    expect(world.pipeline.started.map(({ sha }) => sha)).toEqual([SHA.one, SHA.three]);
    expect(await world.store.review(id)).toMatchObject({
      causes: ['hotfix'],
      dueAt: expect.any(String),
      barred: [{ id: 'anna' }, { id: 'cleo' }],
    });
  });

  it.each([
    [{ incident: undefined }, ['missing-incident']],
    [{ incident: 'INC-7' }, ['missing-incident']],
    [{ incident: INCIDENT, reason: '' }, ['missing-reason']],
  ])('%j is refused: %j', async (more, expected) => {
    configure({});

    expect(codes(await ask({ kind: 'hotfix', ...more }))).toEqual(expected);
  });

  it('is reviewed by somebody who had no part in it, and chased until then', async () => {
    configure({ reviewMs: 2 * HOUR });
    const id = await hotfix(SHA.one);
    await succeed(world, id);
    const close = (name: string) => world.door.review(world.caller(name), id, 'The fix is right');
    world.clock.advance(HOUR);
    const chased = await world.until('a chase', async () => (await world.store.review(id))?.chases === 1);
    world.clock.advance(HOUR);
    await world.until('the second chase', async () => (await world.store.review(id))?.chases === 2);
    world.clock.advance(24 * HOUR);
    await world.until('a chase each day', async () => (await world.store.review(id))?.chases === 3);

    expect(chased).toBe(true);
    expect([codes(await close('anna')), codes(await close('cleo'))]).toEqual([
      ['review-not-yours'],
      ['review-not-yours'],
    ]);
    expect(await close('dana')).toMatchObject({ kind: 'done', review: { closed: { by: { id: 'dana' } } } });
    expect(codes(await close('sam'))).toEqual(['review-closed-already']);
    expect(codes(await world.door.review(world.caller('dana'), 'D-99', 'x'))).toEqual(['no-review']);
    expect(await world.store.openReviews()).toEqual([]);
    expect(world.chat.roots('C-deploys').map(wording).join('\n')).toContain(`review ${id} what you found`);
  });

  it('is chased in order, also where the first chase had to wait', async () => {
    configure({ reviewMs: 2 * HOUR });
    const id = await hotfix(SHA.one);
    await succeed(world, id);
    await settle(world);
    const failure = fault('unreachable', { retryable: true, retryAfterMs: 2 * HOUR });
    world.chat.faults.push({ call: 'post', place: 'C-deploys', failure });
    world.clock.advance(HOUR);
    await world.until('the first try', () => world.chat.faults.length === 0);
    world.clock.advance(HOUR);
    await world.until('the second chase', async () => (await world.store.review(id))?.chases === 2);
    await settle(world);
    world.clock.advance(2 * HOUR);

    const chases = () =>
      world.chat
        .roots('C-deploys')
        .map(wording)
        .filter((words) => words.includes('close the review'));
    await world.until('both', () => chases().length === 2);
    expect(chases()).toEqual([
      expect.stringContaining('is to be reviewed'),
      expect.stringContaining('should have been'),
    ]);
  });
});

describe('a freeze', () => {
  it('refuses what is asked for within, and holds what was approved before', async () => {
    const { id } = await asked(world);
    configure({}, [freeze(-1, 3)]);

    expect(codes(await ask({ ref: SHA.two }))).toEqual(['frozen']);

    world.catalog = { ...world.catalog, services: catalogWith().services };
    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await settle(world);
    expect((await row(world, id)).state).toBe('queued');

    world.clock.advance(3 * HOUR);
    await world.reach(id, 'running');
  });
});

describe('a scheduled deployment', () => {
  it('is approved ahead, waits for its moment, and keeps nobody waiting', async () => {
    configure({});
    const later = done(await ask({ ref: SHA.two, scheduledFor: at(5) }));
    await world.reach(later.id, 'awaiting-approval');
    done(await world.door.act(world.caller('cleo'), later.id, { verb: 'approve' }));
    const first = await running(world);
    await succeed(world, first.id);
    expect((await row(world, later.id)).state).toBe('queued');

    world.clock.advance(5 * HOUR);
    await world.reach(later.id, 'running');

    expect((await history(world, later.id)).filter((type) => type === 'findings-gathered').length).toBeGreaterThan(1);
  });

  it('is refused and told when a gate says no at the moment', async () => {
    configure({});
    const { id } = done(await ask({ scheduledFor: at(5) }));
    await world.reach(id, 'awaiting-approval');
    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await settle(world);
    configure({}, [freeze(4, 3)]);

    world.clock.advance(5 * HOUR);
    const refused = await world.reach(id, 'refused');

    expect(refused.refusals).toMatchObject([{ code: 'frozen', sentence: expect.stringContaining('Sale') }]);
    expect(world.pipeline.started).toEqual([]);
  });

  it('is not made up for when nobody was there', async () => {
    configure({});
    const { id } = done(await ask({ scheduledFor: at(5) }));
    await world.reach(id, 'awaiting-approval');
    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await settle(world);
    await world.engine.stop();
    world.clock.advance(7 * HOUR);
    await world.restart();

    expect((await world.reach(id, 'refused')).refusals).toMatchObject([{ code: 'schedule-missed' }]);
  });
});

describe('the order of environments', () => {
  it('asks for the very commit before, and lets it go with a reason', async () => {
    configure({ after: [{ environment: 'staging', bakeMs: 2 * HOUR }] });
    const bare = done(await ask({}));
    expect((await world.reach(bare.id, 'refused')).refusals).toMatchObject([{ code: 'environment-skipped' }]);

    const staged = done(await world.door.request(world.caller('anna'), { ...PRODUCTION, environment: 'staging' }));
    await succeed(world, staged.id);
    const early = done(await ask({}));
    expect((await world.reach(early.id, 'refused')).refusals).toMatchObject([{ code: 'bake-unfinished' }]);

    const forced = done(await ask({ override: 'the sale begins' }));
    const waits = await world.reach(forced.id, 'awaiting-approval');
    expect(waits.findings?.warnings.join(' ')).toContain('the sale begins');

    world.clock.advance(2 * HOUR);
    const ready = done(await ask({}));
    await world.reach(ready.id, 'awaiting-approval');
  });
});
