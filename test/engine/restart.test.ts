import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngine } from '../../src/engine/index.ts';
import { byConfiguration } from '../../src/engine/kit.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { approved, closeSound, row, running, settle, succeed, target, twoGood } from './scenes.ts';
import { asked, codes, deployed, done, openWorld, place, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

const PRODUCTION = { service: 'web', environment: 'production' };

describe('a restart', () => {
  it.each(['checking', 'awaiting-approval', 'queued', 'running', 'rolling-back'] as const)(
    'in the middle of %s loses nothing and doubles nothing',
    async (state) => {
      const lead: Record<typeof state, () => Promise<string>> = {
        checking: async () =>
          done(await world.door.request(world.caller('anna'), { ...PRODUCTION, reason: 'Sale starts' })).id,
        'awaiting-approval': async () => (await asked(world)).id,
        queued: async () => {
          await running(world);
          return (await approved(world, SHA.two)).id;
        },
        running: async () => (await approved(world, SHA.one)).id,
        'rolling-back': async () => {
          await twoGood(world);
          await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'Basket is broken' });
          return 'D-2';
        },
      };
      const id = await lead[state]();
      const before = await row(world, id);

      await world.restart();
      await finish(id, state);
      await settle(world);

      expect(before.state).toBe(state);
      expect((await row(world, id)).state).toBe(state === 'rolling-back' ? 'rolled-back' : 'succeeded');
      const roots = world.chat.shown.filter(({ under }) => under === undefined).map(({ key }) => key);
      expect(roots).toEqual([...new Set(roots)]);
      const all = world.chat.shown.map(({ key }) => key);
      expect(all).toEqual([...new Set(all)]);
    },
  );

  async function finish(id: string, state: string): Promise<void> {
    if (state === 'queued') await succeed(world, 'D-1');
    if (state === 'checking') await world.reach(id, 'awaiting-approval');
    if (state === 'checking' || state === 'awaiting-approval')
      done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await (state === 'rolling-back' ? succeed(world, 'D-3') : succeed(world, id));
    if (state === 'rolling-back') await world.reach(id, 'rolled-back');
  }
});

describe('a log that cannot be written', () => {
  it('lets nothing happen, and the person is told', async () => {
    const { id } = await asked(world);
    await deployedElsewhere();
    const broken = unwritable();
    const door = broken.door;

    const answers = [
      await door.request(world.caller('anna'), { service: 'web', environment: 'staging' }),
      await door.act(world.caller('cleo'), id, { verb: 'approve' }),
      await door.rollback(world.caller('sam'), { service: 'web', environment: 'staging', reason: 'x' }),
      await door.lock(world.caller('sam'), { scope: target('web', 'production'), reason: 'x' }),
      await door.subscribe(world.caller('sam'), place('C-room'), { ...PRODUCTION, audience: 'line' }),
    ];
    await broken.stop();

    expect([...new Set(answers.flatMap(codes))]).toEqual(['log-unwritable']);
    expect(JSON.stringify(answers[0])).toContain('The disk is full.');
    expect((await row(world, id)).state).toBe('awaiting-approval');
    expect(world.pipeline.started.map(({ environment }) => environment)).toEqual(['staging', 'staging']);
  });

  it('goes on by itself when it can be written again', async () => {
    const { id } = await running(world);
    const commit = world.store.commit.bind(world.store);
    world.store.commit = async () => {
      throw full();
    };
    world.pipeline.play({ state: 'succeeded' });
    for (let turn = 0; turn < 10; turn += 1) {
      world.clock.advance(1000);
      await settle(world);
    }
    const meanwhile = await row(world, id);

    world.store.commit = commit;
    await world.reach(id, 'succeeded');

    expect(meanwhile.state).toBe('running');
  });

  async function deployedElsewhere(): Promise<void> {
    for (const ref of [SHA.one, SHA.two]) {
      const { id } = done(
        await world.door.request(world.caller('anna'), { ...PRODUCTION, environment: 'staging', ref }),
      );
      await succeed(world, id);
    }
  }

  function full(): PortFailure {
    return new PortFailure('The disk is full.', { port: 'store', kind: 'unreachable', retryable: true });
  }

  function unwritable() {
    const catalog = () => world.catalog;
    const store = new Proxy(world.store, {
      get: (target, name, receiver) =>
        name === 'commit' ? () => Promise.reject(full()) : Reflect.get(target, name, receiver),
    });
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    return startEngine({
      ...{ store, clock: world.clock, log: quiet, catalog, token: () => 'token', random: () => 0 },
      ...{ pipelines: new Map([['runner', world.pipeline]]), sources: new Map([['code', world.source]]) },
      ...{ chats: new Map([['slack', world.chat]]), identify: byConfiguration(catalog) },
    });
  }
});

it('holds no more than one run of a target, whatever is approved at the same moment', async () => {
  await deployed(world);
  const ids: string[] = [];
  for (const sha of [SHA.two, SHA.three, SHA.four]) ids.push((await asked(world, sha)).id);

  const answers = await Promise.all(
    ids.flatMap((id) => [1, 2].map(() => world.door.act(world.caller('cleo'), id, { verb: 'approve' }))),
  );
  await settle(world);
  const states = await Promise.all(ids.map(async (id) => (await row(world, id)).state));

  expect(answers.filter(({ kind }) => kind === 'done')).toHaveLength(3);
  expect([...states].sort()).toEqual(['queued', 'queued', 'running']);
  expect(world.pipeline.started).toHaveLength(2);
});
