import { afterEach, describe, expect, it } from 'vitest';
import { wording } from '../fakes/chat.ts';
import { closeSound, row, settle } from './scenes.ts';
import { askedTrain, OPEN, play, SERVICES, say, states, trainWorld } from './train-scenes.ts';
import { changes, codes, done, hand, type World } from './world.ts';

let world: World;
afterEach(() => closeSound(world));

describe('a train of three', () => {
  it('is asked for as one, countersigned once, and goes one after the other', async () => {
    world = await trainWorld();
    const members = await askedTrain(world);
    const alone = await world.door.act(world.caller('cleo'), 'D-2', { verb: 'approve' });
    done(await say(world, 'cleo', 'approve'));
    await world.reach('D-1', 'running');
    await settle(world);
    const first = await states(world);
    await play(world, 'D-1', 'succeeded');
    await world.reach('D-2', 'running');
    const second = await states(world);
    await play(world, 'D-2', 'succeeded');
    await play(world, 'D-3', 'succeeded');

    expect(members.map(({ train }) => [train?.id, train?.position])).toEqual([
      ['T-1', 1],
      ['T-1', 2],
      ['T-1', 3],
    ]);
    expect(codes(alone)).toEqual(['part-of-train']);
    expect([first, second]).toEqual([
      ['running', 'queued', 'queued'],
      ['succeeded', 'running', 'queued'],
    ]);
    expect(world.pipeline.started.map(({ service }) => service)).toEqual([...SERVICES]);
    const bindings = await Promise.all(
      ['D-1', 'D-2', 'D-3'].map(async (id) => (await row(world, id)).countersignatures),
    );
    expect(new Set(bindings.flat().map(({ binding }) => binding)).size).toBe(3);
  });

  it('has one card in each place, and calls the approvers once', async () => {
    world = await trainWorld();
    await askedTrain(world);
    done(await say(world, 'cleo', 'approve'));
    for (const id of ['D-1', 'D-2', 'D-3']) await play(world, id, 'succeeded');
    await settle(world);

    const calls = world.chat.replies('C-deploys').map(wording);
    expect(world.chat.roots('C-deploys')).toHaveLength(1);
    expect(world.chat.roots('C-log')).toHaveLength(1);
    expect(world.chat.roots('C-all')).toHaveLength(1);
    expect(wording(world.chat.roots('C-deploys')[0])).toContain('Deployed · train T-1 · web, api, worker → production');
    expect(calls.filter((words) => words.includes('look at'))).toHaveLength(1);
    expect(calls.filter((words) => words.includes('countersigned'))).toHaveLength(1);
  });

  it('goes all at the same time when asked to, and no earlier than all of it is cleared', async () => {
    world = await trainWorld({ worker: OPEN });
    await askedTrain(world, { mode: 'parallel' });
    await settle(world);
    const before = await states(world);
    done(await say(world, 'cleo', 'approve'));
    for (const id of ['D-1', 'D-2', 'D-3']) await world.reach(id, 'running');

    expect(before).toEqual(['awaiting-approval', 'awaiting-approval', 'queued']);
  });

  it('stops when one fails: what has not begun is called off and says after whom, what arrived stays', async () => {
    world = await trainWorld();
    await askedTrain(world);
    done(await say(world, 'cleo', 'approve'));
    await play(world, 'D-1', 'succeeded');
    await play(world, 'D-2', 'failed');
    await settle(world);

    expect(await states(world)).toEqual(['succeeded', 'failed', 'cancelled']);
    expect((await row(world, 'D-3')).cancellation?.reason).toBe('stopped: D-2 (api) failed');
    const card = world.chat.roots('C-deploys')[0]?.versions.at(-1)?.announcement;
    expect(card?.buttons.map(({ label }) => label)).toEqual(['Roll Back web', 'Roll Back api']);
    expect(world.pipeline.started.map(({ service }) => service)).toEqual(['web', 'api']);
  });

  it('lets what runs beside a failed one go on to its end', async () => {
    world = await trainWorld();
    await askedTrain(world, { mode: 'parallel' });
    done(await say(world, 'cleo', 'approve'));
    for (const id of ['D-1', 'D-2', 'D-3']) await world.reach(id, 'running');
    await play(world, 'D-2', 'failed');
    await settle(world);
    const meanwhile = await states(world);
    await play(world, 'D-1', 'succeeded');
    await play(world, 'D-3', 'succeeded');

    expect(meanwhile).toEqual(['running', 'failed', 'running']);
    expect(world.pipeline.stopped.filter((id) => !id.startsWith('D-2'))).toEqual([]);
  });

  it('is refused as a whole, and every member says why', async () => {
    world = await trainWorld();
    const services = [{ service: 'web' }, { service: 'nothing' }, { service: 'api' }];
    const wish = { services, environment: 'production', mode: 'ordered' } as const;
    const answer = await world.door.train(world.caller('anna'), wish);
    const twice = { ...wish, services: [{ service: 'web' }, { service: 'web' }], reason: 'x' };

    expect(codes(answer)).toEqual(['missing-reason', 'unknown-service', 'missing-reason']);
    expect(JSON.stringify(answer)).toMatch(/"web: .*"nothing: .*"api: /);
    expect(codes(await world.door.train(world.caller('anna'), twice))).toEqual(['bad-arguments']);
    expect(await world.store.deployments({ limit: 10 })).toEqual([]);
  });

  it('is countersigned by nobody who had a hand in one of its members, who is told in which', async () => {
    world = await trainWorld();
    const services = [{ service: 'web' }, { service: 'api' }, { service: 'worker', ref: 'side' }];
    world.source.refs_.set('side', '9'.repeat(40));
    world.source.range = (base, head) => changes(head, base, [hand(head.startsWith('9') ? 'cleo' : 'ben')]);
    await askedTrain(world, { services });
    const cleo = await say(world, 'cleo', 'approve');
    const anna = await say(world, 'anna', 'approve');
    done(await say(world, 'dana', 'approve'));

    expect(codes(cleo)).toEqual(['contributor-may-not-approve']);
    expect(JSON.stringify(cleo)).toContain('worker (D-3)');
    expect(codes(anna)).toEqual(['requester-may-not-approve']);
    await world.reach('D-1', 'running');
  });

  it('adds up the groups of different members', async () => {
    const sam = { rules: [{ group: 'ops', count: 1 }], expiresMs: 3_600_000, checks: 'shown' as const };
    world = await trainWorld({ worker: sam });
    const groups = {
      ...world.catalog.groups,
      ops: { id: 'ops', source: { kind: 'people' as const, people: ['sam'] } },
    };
    world.catalog = { ...world.catalog, groups };
    await askedTrain(world);
    done(await say(world, 'cleo', 'approve'));
    await settle(world);
    const half = await states(world);
    const again = await say(world, 'cleo', 'approve');
    done(await say(world, 'sam', 'approve'));
    await world.reach('D-1', 'running');

    expect(half).toEqual(['queued', 'queued', 'awaiting-approval']);
    expect(codes(again)).toEqual(['not-in-group']);
  });

  it('is rejected and cancelled as one', async () => {
    world = await trainWorld();
    await askedTrain(world);
    done(await world.door.act(world.caller('cleo'), 'T-1', { verb: 'reject', reason: 'Not today' }));
    await askedTrain(world);
    done(await say(world, 'anna', 'cancel', 'T-4'));

    expect(await states(world)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await states(world, ['D-4', 'D-5', 'D-6'])).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('takes two presses at once for one each, and one countersignature of each human', async () => {
    world = await trainWorld();
    await askedTrain(world);
    const [one, other] = await Promise.all([say(world, 'cleo', 'approve'), say(world, 'dana', 'approve')]);
    await world.reach('D-1', 'running');

    expect([one, other].flatMap(codes).sort()).toEqual(['already-decided', 'done']);
    expect((await row(world, 'D-2')).countersignatures).toHaveLength(1);
  });

  it('goes on after a restart in the middle', async () => {
    world = await trainWorld();
    await askedTrain(world);
    done(await say(world, 'cleo', 'approve'));
    await world.reach('D-1', 'running');
    await world.restart();
    await play(world, 'D-1', 'succeeded');
    await world.restart();
    await play(world, 'D-2', 'succeeded');
    await play(world, 'D-3', 'succeeded');
    await settle(world);

    expect(await states(world)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(world.chat.roots('C-deploys')).toHaveLength(1);
  });
});
