import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Shown, wording } from '../fakes/chat.ts';
import { approved, closeSound, history, row, running, settle, succeed, target, twoGood, without } from './scenes.ts';
import { asked, catalogWith, changes, codes, deployed, done, hand, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

/** Lets time pass while everybody is at work. */
async function pass(milliseconds: number): Promise<void> {
  for (const end = world.clock.now() + milliseconds; world.clock.now() < end; ) {
    world.clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const PRODUCTION = { service: 'web', environment: 'production' };

describe('the queue of a target', () => {
  it('runs one at a time and lets the others wait in a visible order', async () => {
    await running(world);

    const second = await approved(world, SHA.two);
    const third = await approved(world, SHA.three);
    await settle(world);

    expect([second.state, third.state]).toEqual(['queued', 'queued']);
    expect(world.pipeline.started).toHaveLength(1);
    const roots = world.chat.roots('C-deploys').map(wording);
    expect(roots.find((text) => text.includes(second.id))).toContain('Position 1 in the queue, behind D-1 (Anna).');
    expect(roots.find((text) => text.includes(third.id))).toContain('Position 2 in the queue, behind D-2 (Anna).');
  });

  it('goes on by itself, in order, as each run ends', async () => {
    const first = await running(world);
    const second = await approved(world, SHA.two);
    const third = await approved(world, SHA.three);

    await succeed(world, first.id);
    await world.reach(second.id, 'running');
    const behind = await world.until('the new place', () =>
      world.chat
        .roots('C-deploys')
        .map(wording)
        .find((text) => text.includes('Position 1 in the queue, behind D-2')),
    );
    await succeed(world, second.id);
    await succeed(world, third.id);

    expect(behind).toContain(third.id);
    expect(world.pipeline.started.map(({ sha }) => sha)).toEqual([SHA.one, SHA.two, SHA.three]);
  });

  it('says anew in how long its turn comes, but only once the card is far off', async () => {
    const MINUTE = 60_000;
    const first = await running(world);
    await pass(6 * MINUTE);
    await succeed(world, first.id);
    await running(world, SHA.two);
    const third = await approved(world, SHA.three);
    await settle(world);
    const card = () => world.chat.roots('C-deploys').find((root) => wording(root).includes(third.id));
    const said = () => /begins in about (\d+) min/.exec(card() === undefined ? '' : wording(card() as Shown))?.[1];
    const versions = () => card()?.versions.length;
    const before = { said: said(), versions: versions() };

    await pass(MINUTE);
    const soon = versions();
    await pass(4 * MINUTE);

    expect(before.said).toBe('6');
    expect(soon).toBe(before.versions);
    expect(Number(said())).toBeLessThanOrEqual(4);
    expect(Number(versions()) - Number(before.versions)).toBeLessThanOrEqual(2);
  });

  it('lets a rollback go before everybody who waits, and a lock hold those', async () => {
    await twoGood(world);
    const third = await running(world, SHA.three);
    const fourth = await approved(world, SHA.four);

    const back = done(await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'Basket is broken' }));
    await world.reach(third.id, 'rolling-back');
    await succeed(world, back.id);
    await settle(world);

    expect(world.pipeline.started.at(-1)).toMatchObject({ deployment: back.id, kind: 'rollback', sha: SHA.two });
    expect((await row(world, third.id)).state).toBe('rolled-back');
    expect((await row(world, fourth.id)).state).toBe('queued');
    await world.until('the words', () =>
      world.chat.roots('C-deploys').some((one) => wording(one).includes('Waiting: the target is locked by Sam')),
    );

    said(await world.door.unlock(world.caller('sam'), target('web', 'production')));
    await world.reach(fourth.id, 'running');
  });

  it('does not wait a minute when the first in the queue must be asked again', async () => {
    const first = await running(world);
    const second = await approved(world, SHA.two);
    const third = await approved(world, SHA.three);
    world.source.range = (base, head) => changes(head, base, head === SHA.two ? [hand('cleo')] : [hand('ben')]);

    await succeed(world, first.id);
    const since = world.clock.now();
    await world.reach(third.id, 'running');

    expect((await row(world, second.id)).state).toBe('awaiting-approval');
    expect(world.clock.now() - since).toBeLessThan(10_000);
  });

  it('refuses what waits for a service that has left the configuration', async () => {
    const first = await running(world);
    const second = await approved(world, SHA.two);

    world.catalog = without(world.catalog);
    await succeed(world, first.id);
    const refused = await world.reach(second.id, 'refused');

    expect(refused.refusals.map(({ code }) => code)).toEqual(['service-removed']);
  });

  it('takes somebody out of the queue who cancels, and lets the next one go', async () => {
    const first = await running(world);
    const second = await approved(world, SHA.two);
    const third = await approved(world, SHA.three);

    const cancelled = done(await world.door.act(world.caller('anna'), second.id, { verb: 'cancel' }));
    await succeed(world, first.id);
    await world.reach(third.id, 'running');

    expect(cancelled.state).toBe('cancelled');
  });
});

describe('a lock', () => {
  it('refuses requests and names who locked and why', async () => {
    said(await world.door.lock(world.caller('sam'), { scope: target('web', 'production'), reason: 'Stocktaking' }));

    const answer = await world.door.request(world.caller('anna'), { ...PRODUCTION, reason: 'x' });

    expect(codes(answer)).toEqual(['target-locked']);
    expect(JSON.stringify(answer)).toContain('locked by Sam: Stocktaking');
  });

  it('needs a reason, is not put twice, and is not taken away twice', async () => {
    const noReason = await world.door.lock(world.caller('sam'), { scope: target('web', 'production'), reason: ' ' });
    said(await world.door.lock(world.caller('sam'), { scope: target('web', 'production'), reason: 'Stocktaking' }));
    const twice = await world.door.lock(world.caller('dana'), { scope: target('web', 'production'), reason: 'Me too' });
    said(await world.door.unlock(world.caller('sam'), target('web', 'production')));
    const open = await world.door.unlock(world.caller('dana'), target('web', 'production'));

    expect([noReason, twice, open].flatMap(codes)).toEqual(['missing-reason', 'target-locked', 'target-not-locked']);
  });

  it('holds what is approved while it lasts, and lets it go at the unlock', async () => {
    const { id } = await asked(world);
    said(await world.door.lock(world.caller('sam'), { scope: target('web', 'production'), reason: 'Stocktaking' }));

    const held = done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await settle(world);
    const starts = world.pipeline.started.length;
    said(await world.door.unlock(world.caller('sam'), target('web', 'production')));
    await world.reach(id, 'running');

    expect(held.state).toBe('queued');
    expect(starts).toBe(0);
  });

  it('does not refuse what waits for a countersignature when something else arrives behind it', async () => {
    const first = await running(world);
    const second = await asked(world, SHA.two);
    said(await world.door.lock(world.caller('sam'), { scope: target('web', 'production'), reason: 'Stocktaking' }));

    await succeed(world, first.id);
    await world.until('new facts', async () => (await row(world, second.id)).findings?.former?.deployment === first.id);

    expect((await row(world, second.id)).state).toBe('awaiting-approval');
    expect(await history(world, second.id)).not.toContain('refused');
  });

  it('is not for people from outside, nor for strangers', async () => {
    const guest = { ...world.caller('sam'), external: true };

    const answers = [
      await world.door.lock(guest, { scope: target('web', 'production'), reason: 'x' }),
      await world.door.lock(world.caller('nobody'), { scope: target('web', 'production'), reason: 'x' }),
      await world.door.lock(world.caller('sam'), { scope: target('web', 'moon'), reason: 'x' }),
    ];

    expect(answers.flatMap(codes)).toEqual(['external-person', 'person-unlinked', 'unknown-environment']);
  });
});

describe('subscriptions', () => {
  const room = { chat: 'slack', tenant: 'T1', channel: 'C-room' };

  it('change who hears, and in which words', async () => {
    const wish = { ...PRODUCTION, audience: 'line' as const };
    await world.door.subscribe(world.caller('sam'), room, wish);
    const first = await deployed(world);
    await world.until('the line', () => world.chat.roots('C-room').length === 1);
    await world.door.unsubscribe(world.caller('sam'), room, PRODUCTION);

    const second = await running(world, SHA.two);
    await succeed(world, second.id);
    await settle(world);

    expect(world.chat.roots('C-room').map(({ key }) => key)).toEqual([`card:${first.id}@slack:T1:C-room`]);
  });

  it('are not for people from outside', async () => {
    const guest = { ...world.caller('sam'), external: true };

    const answer = await world.door.subscribe(guest, room, { ...PRODUCTION, audience: 'line' });

    expect(codes(answer)).toEqual(['external-person']);
  });

  it('are told once to a place that the bot comes to', async () => {
    await world.door.joined(room);
    await world.door.joined(room);
    await world.until('the words', () => world.chat.roots('C-room').length > 0);
    await settle(world);

    expect(world.chat.roots('C-room')).toHaveLength(1);
    expect(wording(world.chat.roots('C-room')[0])).toContain('Nothing is announced here yet.');
  });
});

describe('people from outside', () => {
  it('may not ask, decide, try again or roll back', async () => {
    const { id } = await asked(world);
    const guest = () => ({ ...world.caller('cleo'), external: true });

    const answers = [
      await world.door.request(guest(), { service: 'web', environment: 'staging' }),
      await world.door.act(guest(), id, { verb: 'approve' }),
      await world.door.act(guest(), id, { verb: 'reject', reason: 'no' }),
      await world.door.act(guest(), id, { verb: 'cancel' }),
      await world.door.act(guest(), id, { verb: 'nudge' }),
    ];
    await world.door.act(world.caller('anna'), id, { verb: 'cancel' });
    answers.push(await world.door.retry(guest(), id));

    expect([...new Set(answers.flatMap(codes))]).toEqual(['external-person']);
    expect(answers).toHaveLength(6);
  });
});

it('keeps a lock when the configuration changes', async () => {
  said(await world.door.lock(world.caller('sam'), { scope: target('web', 'production'), reason: 'Stocktaking' }));

  world.catalog = catalogWith({ version: 'v2' });

  expect((await world.store.target('web', 'production')).lock?.reason).toBe('Stocktaking');
});

function said(answer: { readonly kind: string }): void {
  expect(answer.kind).toBe('done');
}
