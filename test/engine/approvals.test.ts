import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/domain/catalog.ts';
import { wording } from '../fakes/chat.ts';
import { approved, closeSound, history, row, running, settle, succeed, without } from './scenes.ts';
import { APPROVAL, asked, catalogWith, changes, codes, done, hand, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

const MINUTE = 60_000;

/** Moves the clock on, and lets everything that became due be done. */
async function pass(minutes: number): Promise<void> {
  world.clock.advance(minutes * MINUTE);
  await settle(world);
}

describe('a rejection', () => {
  it('needs a reason and a member of the group, and ends the request', async () => {
    const { id } = await asked(world);

    const silent = await world.door.act(world.caller('cleo'), id, { verb: 'reject', reason: '  ' });
    const outsider = await world.door.act(world.caller('sam'), id, { verb: 'reject', reason: 'no' });
    const stranger = await world.door.act(world.caller('nobody'), id, { verb: 'reject', reason: 'no' });
    const rejected = done(
      await world.door.act(world.caller('cleo'), id, { verb: 'reject', reason: ' Not on Friday ' }),
    );
    const late = await world.door.act(world.caller('dana'), id, { verb: 'approve' });

    expect([silent, outsider, stranger, late].flatMap(codes)).toEqual([
      'missing-reason',
      'not-in-group',
      'person-unlinked',
      'already-decided',
    ]);
    expect(rejected).toMatchObject({ state: 'rejected', rejection: { reason: 'Not on Friday', by: { id: 'cleo' } } });
  });

  it('may come from a member who had a hand in it', async () => {
    const { id } = await asked(world);

    const answer = done(await world.door.act(world.caller('ben'), id, { verb: 'reject', reason: 'I found a bug' }));

    expect(answer.state).toBe('rejected');
  });
});

describe('waiting for a countersignature', () => {
  it('reminds once at half time and expires at the end', async () => {
    const { id } = await asked(world);

    await pass(29);
    const early = await history(world, id);
    await pass(2);
    await pass(20);
    const reminded = await history(world, id);
    await pass(10);
    const expired = await world.reach(id, 'expired');

    expect(early).not.toContain('reminded');
    expect(reminded.filter((type) => type === 'reminded')).toHaveLength(1);
    expect(Date.parse(expired.since) - Date.parse(expired.requestedAt)).toBeGreaterThanOrEqual(60 * MINUTE);
    expect(codes(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }))).toEqual([
      'not-awaiting-approval',
    ]);
    expect(world.chat.replies('C-deploys').map(wording).join()).toContain('still waits for a countersignature');
  });

  it('refuses an approval that comes after the end, even before anybody has noticed the end', async () => {
    const { id } = await asked(world);

    world.clock.advance(61 * MINUTE);
    const answer = await world.door.act(world.caller('cleo'), id, { verb: 'approve' });

    expect(['expired', 'not-awaiting-approval']).toContain(codes(answer)[0]);
    expect(world.pipeline.started).toHaveLength(0);
  });

  it('lets the approvers be told again at most every ten minutes', async () => {
    const { id } = await asked(world);

    const soon = await world.door.act(world.caller('anna'), id, { verb: 'nudge' });
    await pass(11);
    const nudged = await world.door.act(world.caller('anna'), id, { verb: 'nudge' });
    const again = await world.door.act(world.caller('anna'), id, { verb: 'nudge' });

    expect([soon, nudged, again].flatMap(codes)).toEqual(['nudged-too-soon', 'done', 'nudged-too-soon']);
    expect(JSON.stringify(soon)).toContain('Nudge again in 10 min.');
  });

  it('does not obey a press on an older card', async () => {
    await running(world);
    const second = await asked(world, SHA.two);
    await succeed(world, 'D-1');
    const renewed = await world.until('new facts', async () => {
      const now = await row(world, second.id);
      return now.revision > second.revision ? now : undefined;
    });

    const old = await world.door.act(world.caller('cleo'), second.id, { verb: 'approve', revision: second.revision });
    const fresh = await world.door.act(world.caller('cleo'), second.id, {
      verb: 'approve',
      revision: renewed.revision,
    });

    expect([old, fresh].flatMap(codes)).toEqual(['request-changed', 'done']);
  });

  it('says that the service is gone instead of naming no group', async () => {
    const { id } = await asked(world);
    world.catalog = without(world.catalog);

    const answer = await world.door.act(world.caller('cleo'), id, { verb: 'approve' });

    expect(codes(answer)).toEqual(['service-removed']);
  });
});

describe('what was approved', () => {
  const changed: readonly [string, (catalog: Catalog) => Catalog][] = [
    ['policy', () => catalogWith({ production: { policy: { ...APPROVAL, checks: 'required' } }, version: 'v2' })],
    [
      'group',
      (catalog) => ({
        ...catalog,
        version: 'v2',
        groups: {
          ...catalog.groups,
          platform: { id: 'platform', source: { kind: 'people', people: ['cleo', 'sam'] } },
        },
      }),
    ],
    [
      'pipeline',
      () =>
        catalogWith({ production: { pipeline: { provider: 'runner', settings: { job: 'other' } } }, version: 'v2' }),
    ],
  ];

  it.each(changed)('is asked for again when the %s changed while it waited in the queue', async (_what, change) => {
    const first = await running(world);
    const second = await approved(world, SHA.two);
    world.catalog = change(world.catalog);

    await succeed(world, first.id);
    const again = await world.reach(second.id, 'awaiting-approval');
    await settle(world);
    const stale = await world.door.act(world.caller('cleo'), second.id, { verb: 'approve', revision: second.revision });
    done(await world.door.act(world.caller('cleo'), second.id, { verb: 'approve', revision: again.revision }));
    await world.until('the start', () => world.pipeline.started.length === 2);

    expect(again.countersignatures).toEqual([]);
    expect(again.revision).toBeGreaterThan(second.revision);
    expect(again.plan?.hash).not.toBe(second.plan?.hash);
    expect(codes(stale)).toEqual(['request-changed']);
    expect(world.chat.replies('C-deploys').map(wording).join()).toContain('The configuration of this target changed');
  });

  it('goes without asking anybody when the policy asks nobody any more', async () => {
    const first = await running(world);
    const second = await approved(world, SHA.two);
    world.catalog = catalogWith({ production: { policy: { ...APPROVAL, rules: [] } }, version: 'v2' });

    await succeed(world, first.id);
    await world.reach(second.id, 'running');

    expect(await history(world, second.id)).toContain('approvals-voided');
  });

  it('no longer counts when the approver turns out to have a hand in what would now be deployed', async () => {
    const first = await running(world);
    world.source.range = (base, head) => changes(head, base, base === SHA.one ? [hand('cleo')] : [hand('ben')]);
    const second = await approved(world, SHA.two);

    await succeed(world, first.id);
    const again = await world.reach(second.id, 'awaiting-approval');
    await settle(world);
    const answers = [
      await world.door.act(world.caller('cleo'), second.id, { verb: 'approve' }),
      await world.door.act(world.caller('dana'), second.id, { verb: 'approve' }),
    ];

    expect(second.state).toBe('queued');
    expect(again.countersignatures).toEqual([]);
    expect(again.findings?.former?.sha).toBe(SHA.one);
    expect(answers.flatMap(codes)).toEqual(['contributor-may-not-approve', 'done']);
  });

  it('is not voided by a configuration file in another order', async () => {
    const first = await running(world);
    const second = await approved(world, SHA.two);
    const { oncall, platform } = world.catalog.groups;
    world.catalog = {
      ...world.catalog,
      version: 'v2',
      groups: { ...(oncall ? { oncall } : {}), ...(platform ? { platform } : {}) },
    };

    await succeed(world, first.id);
    await world.reach(second.id, 'running');

    expect(await history(world, second.id)).not.toContain('approvals-voided');
  });
});

describe('several rules', () => {
  const rules = [
    { group: 'platform', count: 1 },
    { group: 'oncall', count: 1 },
  ];

  beforeEach(() => {
    world.catalog = catalogWith({ production: { policy: { ...APPROVAL, rules } } });
    world.chat.groups.set(
      'S1',
      ['cleo', 'sam'].map((name) => ({ system: 'slack', tenant: 'T1', id: `U-${name}` })),
    );
  });

  it('are all needed, and one person serves one of them', async () => {
    const { id } = await asked(world);

    const first = done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    const twice = await world.door.act(world.caller('cleo'), id, { verb: 'approve' });
    const second = done(await world.door.act(world.caller('dana'), id, { verb: 'approve' }));

    expect(first.state).toBe('awaiting-approval');
    expect(codes(twice)).toEqual(['already-countersigned']);
    expect(second.state).toBe('running');
  });

  it('refuse whom nobody can place because the group cannot be read', async () => {
    const { id } = await asked(world);
    world.chat.groups.set('S1', 'unreadable');
    world.clock.advance(6 * MINUTE);
    await settle(world);

    const answer = await world.door.act(world.caller('sam'), id, { verb: 'approve' });

    expect(codes(answer)).toEqual(['group-unreadable']);
  });

  it('believe a group for five minutes, and not longer', async () => {
    const { id } = await asked(world);
    world.chat.groups.set('S1', []);

    world.clock.advance(6 * MINUTE);
    await settle(world);
    const answer = await world.door.act(world.caller('sam'), id, { verb: 'approve' });

    expect(codes(answer)).toEqual(['not-in-group']);
  });

  it('refuse a request at once when the group stays unreadable', async () => {
    world.chat.groups.set('S1', 'unreadable');

    const { id } = done(
      await world.door.request(world.caller('anna'), { service: 'web', environment: 'production', reason: 'x' }),
    );
    const refused = await world.reach(id, 'refused');

    expect(refused.refusals.map(({ code }) => code)).toEqual(['group-unreadable']);
  });
});
