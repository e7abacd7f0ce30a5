import { afterEach, describe, expect, it } from 'vitest';
import { wording } from '../fakes/chat.ts';
import { closeSound, history, row, settle } from './scenes.ts';
import { askedTrain, play, say, states, threeServices, trainWorld } from './train-scenes.ts';
import { APPROVAL, codes, done, SHA, type World } from './world.ts';

let world: World;
afterEach(() => closeSound(world));

describe('what changes under a train', () => {
  it('voids the approvals of all that have not begun when those of one are voided', async () => {
    world = await trainWorld();
    await askedTrain(world);
    done(await say(world, 'cleo', 'approve'));
    await world.reach('D-1', 'running');
    await settle(world);
    world.catalog = threeServices({ api: { ...APPROVAL, rules: [{ group: 'platform', count: 2 }] } });
    await play(world, 'D-1', 'succeeded');
    await world.reach('D-2', 'awaiting-approval');
    await world.reach('D-3', 'awaiting-approval');
    const later = await states(world);
    const given = await Promise.all(['D-1', 'D-2', 'D-3'].map(async (id) => (await row(world, id)).countersignatures));
    done(await say(world, 'cleo', 'approve'));
    done(await say(world, 'dana', 'approve'));
    await play(world, 'D-2', 'succeeded');
    await play(world, 'D-3', 'succeeded');

    expect(later).toEqual(['succeeded', 'awaiting-approval', 'awaiting-approval']);
    expect(given.map(({ length }) => length)).toEqual([1, 0, 0]);
    expect(await history(world, 'D-3')).toContain('approvals-voided');
    const told = world.chat.replies('C-deploys').map(wording);
    expect(told.filter((words) => words.includes('no longer count'))).toHaveLength(1);
  });

  it('expires, and is refused, as one', async () => {
    world = await trainWorld();
    await askedTrain(world);
    world.clock.advance(61 * 60_000);
    await world.until('the end', async () => (await states(world)).every((state) => state !== 'awaiting-approval'));
    world.source.refs_.delete('main');
    const services = [{ service: 'web', ref: SHA.two }, { service: 'api' }];
    await world.door.train(world.caller('anna'), { services, environment: 'production', mode: 'ordered', reason: 'x' });
    await world.reach('D-5', 'refused');
    await world.reach('D-4', 'cancelled');

    expect([...(await states(world))].sort()).toEqual(['cancelled', 'cancelled', 'expired']);
    expect((await row(world, 'D-4')).cancellation?.reason).toBe('stopped: D-5 (api) was refused');
    expect(codes(await say(world, 'cleo', 'approve', 'T-4'))).toEqual(['not-awaiting-approval']);
  });

  it('waits for a lock of the next, and stops when what had arrived is taken back meanwhile', async () => {
    world = await trainWorld();
    await askedTrain(world);
    done(await say(world, 'cleo', 'approve'));
    for (const id of ['D-1', 'D-2', 'D-3']) await play(world, id, 'succeeded');
    world.source.refs_.set('main', SHA.two);
    const second = ['D-4', 'D-5', 'D-6'];
    await askedTrain(world);
    done(await say(world, 'cleo', 'approve', 'T-4'));
    await world.reach('D-4', 'running');
    const scope = { kind: 'target', service: 'api', environment: 'production' } as const;
    await world.door.lock(world.caller('dana'), { scope, reason: 'index' });
    await play(world, 'D-4', 'succeeded');
    await settle(world);
    const held = await states(world, second);
    const back = { service: 'web', environment: 'production', reason: 'Checkout fails' };
    done(await world.door.rollback(world.caller('dana'), back));
    await play(world, 'D-7', 'succeeded');

    expect(held).toEqual(['succeeded', 'queued', 'queued']);
    expect(await states(world, second)).toEqual(['rolled-back', 'cancelled', 'cancelled']);
    expect((await row(world, 'D-5')).cancellation?.reason).toBe('stopped: D-4 (web) is being rolled back');
  });

  it('keeps nobody waiting at a target whose turn in the train has not come', async () => {
    world = await trainWorld();
    await askedTrain(world);
    done(await say(world, 'cleo', 'approve'));
    await world.reach('D-1', 'running');
    const wish = { service: 'worker', environment: 'production', ref: SHA.two, reason: 'Alone' };
    const { id } = done(await world.door.request(world.caller('anna'), wish));
    await world.reach(id, 'awaiting-approval');
    done(await say(world, 'cleo', 'approve', id));
    await play(world, id, 'succeeded');

    expect(await states(world)).toEqual(['running', 'queued', 'queued']);
  });

  it('cancels a run that has begun, and calls off what has not', async () => {
    world = await trainWorld();
    await askedTrain(world);
    done(await say(world, 'cleo', 'approve'));
    await world.until('the run', async () => (await row(world, 'D-1')).run);
    const stranger = await say(world, 'sam', 'cancel');
    done(await say(world, 'anna', 'cancel'));
    await world.reach('D-1', 'cancelled');

    expect(codes(stranger)).toEqual(['not-permitted', 'not-permitted', 'not-permitted']);
    expect(await states(world)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(codes(await say(world, 'anna', 'cancel'))).toEqual(['not-open']);
    expect(codes(await say(world, 'anna', 'cancel', 'T-9'))).toEqual(['unknown-train']);
  });
});
