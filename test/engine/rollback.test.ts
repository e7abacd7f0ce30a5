import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headline } from '../fakes/chat.ts';
import { approved, closeSound, history, row, running, settle, succeed, target, twoGood } from './scenes.ts';
import { asked, catalogWith, codes, deployed, done, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

const PRODUCTION = { service: 'web', environment: 'production' };

async function back(more: { readonly to?: string } = {}) {
  return done(await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'Basket is broken', ...more }));
}

async function open(): Promise<void> {
  expect((await world.door.unlock(world.caller('sam'), target('web', 'production'))).kind).toBe('done');
}

describe('a rollback', () => {
  it('needs a reason, a known person and something to go back to', async () => {
    const nothing = await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'x' });
    await deployed(world);
    const only = await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'x' });
    world.source.refs_.set('main', SHA.two);
    await deployed(world);
    const silent = await world.door.rollback(world.caller('sam'), PRODUCTION);
    const stranger = await world.door.rollback(world.caller('nobody'), { ...PRODUCTION, reason: 'x' });
    const guest = await world.door.rollback({ ...world.caller('sam'), external: true }, { ...PRODUCTION, reason: 'x' });

    expect([nothing, only, silent, stranger, guest].map(codes)).toEqual([
      ['never-deployed-there'],
      ['nothing-to-roll-back-to'],
      ['missing-reason'],
      ['person-unlinked'],
      ['external-person'],
    ]);
  });

  it('brings the former version back without a second countersignature, and locks the target', async () => {
    await twoGood(world);

    const { id } = await back();
    await succeed(world, id);
    await settle(world);

    const target = await world.store.target('web', 'production');
    expect(target).toMatchObject({
      current: { deployment: id, sha: SHA.one, restores: 'D-1' },
      lock: { by: { id: 'sam' }, cause: id, reason: `Rolled back by ${id}: Basket is broken` },
    });
    expect((await row(world, 'D-2')).state).toBe('rolled-back');
    expect(await history(world, id)).not.toContain('approval-asked');
    expect(world.chat.roots('C-all').map(headline)).toContain('Web shop: the new version was taken back');
  });

  it('goes further back when the rollback itself is rolled back', async () => {
    await twoGood(world);
    await succeed(world, (await approved(world, SHA.three)).id);

    await succeed(world, (await back()).id);
    const further = await back();
    await succeed(world, further.id);

    expect(world.pipeline.started.slice(-2).map(({ sha }) => sha)).toEqual([SHA.two, SHA.one]);
    expect(further.undoes).toBe('D-4');
  });

  it('goes to a named deployment, and refuses a name that never arrived', async () => {
    await twoGood(world);
    await succeed(world, (await approved(world, SHA.three)).id);

    const unknown = await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'x', to: 'D-77' });
    const named = await back({ to: 'd-1' });
    await succeed(world, named.id);

    expect(codes(unknown)).toEqual(['nothing-to-roll-back-to']);
    expect(world.pipeline.started.at(-1)?.sha).toBe(SHA.one);
  });

  it('does not bring back by name what never went there, though the commit is known elsewhere', async () => {
    await twoGood(world);
    const rejected = await asked(world, SHA.four);
    await world.door.act(world.caller('cleo'), rejected.id, { verb: 'reject', reason: 'no' });

    const answer = await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'x', to: rejected.id });

    expect(codes(answer)).toEqual(['nothing-to-roll-back-to']);
  });

  it('stops what runs towards the target first', async () => {
    await deployed(world);
    const second = await running(world, SHA.two);

    const rollback = await back();
    const waiting = await row(world, rollback.id);
    await succeed(world, rollback.id);

    expect(waiting.state).toBe('queued');
    expect(world.pipeline.stopped).toHaveLength(1);
    expect((await row(world, second.id)).state).toBe('rolled-back');
    expect(world.pipeline.started.at(-1)?.sha).toBe(SHA.one);
  });

  it('tries for the same version again when it failed', async () => {
    await twoGood(world);
    const first = await back();
    await world.until('the run', async () => (await row(world, first.id)).run);
    world.pipeline.play({ state: 'failed' });
    await world.reach(first.id, 'failed');

    const second = await back();
    await succeed(world, second.id);

    expect((await row(world, 'D-2')).state).toBe('failed');
    expect(second.restores).toBe('D-1');
    expect(world.pipeline.started.at(-1)?.sha).toBe(SHA.one);
  });

  it('leads to a release line that goes on after the unlock', async () => {
    await twoGood(world);
    await succeed(world, (await back()).id);
    await open();

    world.source.refs_.set('main', SHA.three);
    await deployed(world);
    const again = await back();
    await succeed(world, again.id);

    expect(again.restores).toBe('D-1');
    expect(world.pipeline.started.at(-1)?.sha).toBe(SHA.one);
  });

  it('happens once, however often it is asked for at the same moment', async () => {
    await twoGood(world);

    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        world.door.rollback(world.caller('sam', 'slack:7'), { ...PRODUCTION, reason: 'Basket is broken' }),
      ),
    );

    expect(answers.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'duplicate')).toHaveLength(9);
  });
});

describe('a target that rolls back by itself', () => {
  beforeEach(() => {
    world.catalog = catalogWith({ production: { rollbackOnFailure: true } });
  });

  it('brings the last good version back after a failed run, and locks the target', async () => {
    await deployed(world);
    const second = await running(world, SHA.two);

    world.pipeline.play({ state: 'failed' });
    await world.reach(second.id, 'rolling-back');
    await succeed(world, 'D-3');

    const target = await world.store.target('web', 'production');
    expect((await row(world, second.id)).state).toBe('rolled-back');
    expect(await row(world, 'D-3')).toMatchObject({ kind: 'rollback', undoes: 'D-2', restores: 'D-1' });
    expect(target.lock).toMatchObject({ by: { id: 'countersign' }, cause: 'D-3' });
    expect(target.current).toMatchObject({ sha: SHA.one, deployment: 'D-3' });
  });

  it('does not go round in circles when the rollback fails too', async () => {
    await deployed(world);
    const second = await running(world, SHA.two);
    world.pipeline.play({ state: 'failed' });
    await world.reach(second.id, 'rolling-back');
    await world.until('the run', async () => (await row(world, 'D-3')).run);

    world.pipeline.play({ state: 'failed' });
    await world.reach('D-3', 'failed');
    await settle(world);

    expect((await row(world, second.id)).state).toBe('failed');
    expect(await world.store.deployment('D-4')).toBeUndefined();
  });

  it('has nothing to go back to after the very first run', async () => {
    const first = await running(world);

    world.pipeline.play({ state: 'failed' });
    await world.reach(first.id, 'failed');
    await settle(world);

    expect(await world.store.deployment('D-2')).toBeUndefined();
    expect((await world.store.target('web', 'production')).lock).toBeUndefined();
  });

  it('lets nobody in the queue go first', async () => {
    await deployed(world);
    const second = await running(world, SHA.two);
    const third = await approved(world, SHA.three);

    world.pipeline.play({ state: 'failed' });
    await world.reach(second.id, 'rolling-back');
    await settle(world);

    expect((await row(world, third.id)).state).toBe('queued');
    expect(world.pipeline.started.at(-1)?.kind).toBe('rollback');
  });
});
