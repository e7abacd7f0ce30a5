import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Engine, startEngine } from '../../src/engine/index.ts';
import { byConfiguration, type Kit } from '../../src/engine/kit.ts';
import type { ChatPlatform } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Pipeline } from '../../src/ports/pipeline.ts';
import type { FakeChat } from '../fakes/chat.ts';
import { createFakeProvider, type FakeProvider } from '../fakes/pipeline.ts';
import { fault, history, row, settle } from './scenes.ts';
import { done, openWorld, type World } from './world.ts';

/** Longer than any lease. */
const LONG_MS = 45_000;

let world: World;
let provider: FakeProvider;
let engines: Engine[];

beforeEach(async () => {
  world = await openWorld();
  // Only the store, the time and the source are used of it; the instances below do the work.
  await world.engine.stop();
  provider = createFakeProvider('runner', world.clock.now);
  engines = [];
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
  await world.close();
});

/** A process that stands still, e.g. after SIGSTOP or on a machine that sleeps: no timer of it fires, no call of it goes on. */
interface Instance {
  readonly engine: Engine;
  readonly log: string[];
  /** Stands still as soon as it is about to make this call. */
  freezeAt(call: Call): void;
  /** It has come to the call and stands still there. */
  frozen(): boolean;
  thaw(): void;
}
type Call = 'start' | 'started' | 'post' | 'update' | 'whisper';

function instance(chat: ChatPlatform = world.chat): Instance {
  let wanted: Call | undefined;
  let ice: PromiseWithResolvers<void> | undefined;
  const kept: (() => void)[] = [];
  const log: string[] = [];

  async function pass(call: Call): Promise<void> {
    if (wanted === call && ice === undefined) ice = Promise.withResolvers();
    await ice?.promise;
  }
  const clock: Clock = {
    now: world.clock.now,
    at: (at, wake) => world.clock.at(at, () => (ice === undefined ? wake() : void kept.push(wake))),
  };
  const note = (_fields: object, message: string) => void log.push(message);
  const own = provider.pipeline();
  const pipeline: Pipeline = {
    ...own,
    start: async (...call) => {
      await pass('start');
      const run = await own.start(...call);
      await pass('started');
      return run;
    },
  };
  const chats: ChatPlatform = {
    ...chat,
    post: async (...call) => pass('post').then(() => chat.post(...call)),
    update: async (...call) => pass('update').then(() => chat.update(...call)),
    whisper: async (...call) => pass('whisper').then(() => chat.whisper(...call)),
  };
  const catalog = () => world.catalog;
  let tokens = 0;
  const kit: Kit = {
    store: world.store,
    clock,
    log: { debug() {}, info() {}, warn: note, error: note },
    catalog,
    pipelines: new Map([['runner', pipeline]]),
    sources: new Map([['code', world.source]]),
    chats: new Map([['slack', chats]]),
    token: () => `token-${engines.length}-${tokens++}-${'x'.repeat(8)}`,
    random: () => 0,
    identify: byConfiguration(catalog),
  };
  const engine = startEngine(kit);
  engines.push(engine);
  return {
    engine,
    log,
    freezeAt: (call) => {
      wanted = call;
    },
    frozen: () => ice !== undefined,
    thaw: () => {
      wanted = undefined;
      ice?.resolve();
      ice = undefined;
      for (const wake of kept.splice(0)) wake();
    },
  };
}

async function toStaging({ engine }: Instance, ref = 'main'): Promise<string> {
  const wish = { service: 'web', environment: 'staging', ref, reason: 'Sale starts' };
  return done(await engine.door.request(world.caller('anna'), wish)).id;
}

function starts(): readonly string[] {
  return provider.calls.filter((call) => call.startsWith('start '));
}

describe('an instance that stands still between the taking of work and the call', () => {
  it('starts nothing when it goes on: whoever took over has started the run, once', async () => {
    const sleeper = instance();
    sleeper.freezeAt('start');
    const id = await toStaging(sleeper);
    await world.until('the sleeper to stand still', sleeper.frozen);
    const other = instance();
    world.clock.advance(LONG_MS);
    await world.until('the run', async () => (await row(world, id)).run);

    sleeper.thaw();
    await settle(world);

    expect(starts()).toEqual(['start D-1']);
    expect(provider.runs).toHaveLength(1);
    expect((await history(world, id)).filter((type) => type === 'run-started')).toHaveLength(1);
    expect([...sleeper.log, ...other.log]).toEqual([]);
  });

  it('writes nothing of its failure, although nobody has taken over yet, and does the work itself afterwards', async () => {
    const sleeper = instance();
    sleeper.freezeAt('start');
    const id = await toStaging(sleeper);
    await world.until('the sleeper to stand still', sleeper.frozen);
    world.clock.advance(LONG_MS);

    sleeper.thaw();
    await world.until('the run', async () => (await row(world, id)).run);

    expect(starts()).toEqual(['start D-1']);
    expect(await history(world, id)).not.toContainEqual(expect.stringMatching(/refused|failed|contact-lost/));
    expect((await row(world, id)).state).toBe('running');
  });

  it('leaves a run that it began to whoever found it meanwhile', async () => {
    const sleeper = instance();
    sleeper.freezeAt('started');
    const id = await toStaging(sleeper);
    await world.until('the sleeper to stand still', sleeper.frozen);
    const other = instance();
    world.clock.advance(LONG_MS);
    await world.until('the run', async () => (await row(world, id)).run);
    provider.end(id, 'succeeded');
    await world.reach(id, 'succeeded');
    const before = await history(world, id);

    sleeper.thaw();
    await settle(world);

    expect(provider.calls.filter((call) => /^(start|find) /.test(call))).toEqual(['start D-1', 'find D-1']);
    expect(await history(world, id)).toEqual(before);
    expect([...sleeper.log, ...other.log]).toEqual([]);
  });

  it.each(['post', 'whisper'] as const)('doubles no message (%s)', async (call) => {
    const sleeper = instance();
    sleeper.freezeAt(call);
    // What is refused is told to the requester alone.
    await toStaging(sleeper, call === 'whisper' ? 'no-such-branch' : 'main');
    await world.until('the sleeper to stand still', sleeper.frozen);
    instance();
    for (let second = 0; second < LONG_MS / 1000; second += 1) {
      world.clock.advance(1000);
      await settle(world);
    }

    sleeper.thaw();
    await settle(world);

    const keys = world.chat.shown.map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys).toEqual([...new Set(keys)]);
    const whispers = world.chat.whispers.map(({ message }) => message.key);
    expect(whispers).toEqual([...new Set(whispers)]);
    if (call === 'whisper') expect(whispers.length).toBeGreaterThan(0);
  });

  it('never puts its older picture over the newer one of whoever took over', async () => {
    const sleeper = instance();
    const id = await toStaging(sleeper);
    await world.until('the run', async () => (await row(world, id)).run);
    await world.until('the card', () => world.chat.roots('C-deploys')[0]);
    sleeper.freezeAt('update');
    provider.step(id, 'Build', 'running');
    await world.until('the sleeper to stand still', sleeper.frozen);
    instance();
    provider.end(id, 'succeeded');
    world.clock.advance(LONG_MS);
    await world.reach(id, 'succeeded');
    for (let second = 0; second < LONG_MS / 1000; second += 1) {
      world.clock.advance(1000);
      await settle(world);
    }
    const before = newest(world.chat);

    sleeper.thaw();
    await settle(world);

    expect(before).toBe((await row(world, id)).revision);
    expect(newest(world.chat)).toBe(before);
  });
});

describe('a failure that comes after the lease has run out', () => {
  it('marks no place as broken and no card as undelivered: whoever took over has posted it', async () => {
    const sleeper = instance({ ...world.chat, post: () => Promise.reject(fault('gone')) });
    sleeper.freezeAt('post');
    const id = await toStaging(sleeper);
    await world.until('the sleeper to stand still', sleeper.frozen);
    instance();
    world.clock.advance(LONG_MS);
    await world.until('the card', () => world.chat.roots('C-deploys')[0]);
    await settle(world);

    sleeper.thaw();
    await settle(world);

    expect(await history(world, id)).not.toContain('card-undelivered');
    expect((await world.store.placeBooks()).filter(({ broken }) => broken !== undefined)).toEqual([]);
  });
});

/** The revision that the root message in the channel shows. */
function newest(chat: FakeChat): number | undefined {
  return chat.roots('C-deploys')[0]?.versions.at(-1)?.revision;
}
