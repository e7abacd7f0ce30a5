import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import { type Engine, startEngine } from '../../src/engine/index.ts';
import { byConfiguration, type Kit } from '../../src/engine/kit.ts';
import type { Store } from '../../src/ports/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { all } from '../contract/store-samples.ts';
import { done, openWorld, type World } from '../engine/world.ts';
import { moving, movingAt } from './moving.ts';

let folder: string;
let world: World;
let life: { readonly store: Store; readonly engine: Engine };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-restored-'));
  world = await openWorld();
  await live('first');
});
afterEach(async () => {
  await die();
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const PRODUCTION = { service: 'web', environment: 'production', ref: 'main', reason: 'Sale starts' };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A programme at work on the database of a data folder; the world outside stays the same. */
async function live(name: string): Promise<void> {
  const { clock, catalog, pipeline, source, chat } = world;
  const store = await openSqliteStore({ path: join(folder, name, 'countersign.db'), clock, takesOver: true });
  let tokens = 0;
  const token = () => {
    tokens += 1;
    return `${name}-${tokens}`;
  };
  const kit = {
    ...{ store, clock, log: quiet, catalog: () => catalog, token, random: () => 0 },
    ...{ pipelines: new Map([['runner', pipeline]]), sources: new Map([['code', source]]) },
    ...{ chats: new Map([['slack', chat]]), identify: byConfiguration(() => catalog) },
  } as Kit;
  life = { store, engine: startEngine(kit) };
}

async function die(): Promise<void> {
  await life.engine.stop();
  await life.store.close();
}

async function reach(id: string, state: string): Promise<void> {
  await world.until(`${id} to be ${state}`, async () => (await life.store.deployment(id))?.state === state);
}

async function asked(): Promise<string> {
  const { id } = done(await life.engine.door.request(world.caller('anna'), PRODUCTION));
  await reach(id, 'awaiting-approval');
  return id;
}

async function approve(id: string): Promise<void> {
  done(await life.engine.door.act(world.caller('cleo'), id, { verb: 'approve' }));
}

const backUp = () => moving('backup', '--data', join(folder, 'first'), '--to', join(folder, 'backup.db'));

/** The machine is lost; the backup is put into another folder. */
async function bringBack(...more: readonly string[]): Promise<Awaited<ReturnType<typeof moving>>> {
  await die();
  mkdirSync(join(folder, 'second'), { recursive: true });
  copyFileSync(join(folder, 'backup.db'), join(folder, 'second', 'countersign.db'));
  const ran = await movingAt(world.clock, 'restored', '--data', join(folder, 'second'), ...more);
  await live('second');
  return ran;
}

/** Everything that is due is done, and time goes on a little. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    world.clock.advance(200);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a database that was brought back', () => {
  it('starts nothing that was started after the backup: the provider is asked first', async () => {
    const id = await asked();
    const take = life.store.takeEffects;
    // The approval is committed, the start is still owed.
    life.store.takeEffects = async () => [];
    await approve(id);
    await backUp();
    life.store.takeEffects = take;
    await settle();
    const before = world.pipeline.started.length;

    const { code, out } = await bringBack();
    await world.until('the run', async () => (await life.store.deployment(id))?.run);
    world.pipeline.play({ state: 'succeeded' });
    await reach(id, 'succeeded');

    expect([code, before, world.pipeline.started.length]).toEqual([0, 1, 1]);
    expect(out).toContain(`${id}  web in production`);
    expect(out).toContain('the provider is asked for its run before one is started');
    const roots = world.chat.shown.filter(({ under }) => under === undefined).map(({ key }) => key);
    expect(roots).toEqual([...new Set(roots)]);
  });

  it('starts what was not started, once', async () => {
    const id = await asked();
    life.store.takeEffects = async () => [];
    await approve(id);
    await backUp();

    await bringBack();
    await world.until('the run', async () => (await life.store.deployment(id))?.run);
    await settle();

    expect(world.pipeline.started).toHaveLength(1);
  });

  it('holds by a lock what may have gone on, until somebody has looked', async () => {
    const id = await asked();
    await backUp();
    await approve(id);
    await world.until('the run', async () => (await life.store.deployment(id))?.run);

    const { out } = await bringBack();
    await approve(id);
    await settle();
    const held = await life.store.deployment(id);
    const { lock } = await life.store.target('web', 'production');

    expect([held?.state, world.pipeline.started.length]).toEqual(['queued', 1]);
    expect(lock?.reason).toContain(`look at the provider whether ${id} ran meanwhile`);
    expect(out).toContain('Locked until somebody has looked (`unlock SERVICE ENVIRONMENT`):\n  web in production\n');
  });

  it('has an entry that names where it goes on, behind a chain that is whole', async () => {
    await asked();
    const saved = await backUp();
    const point = /last entry {3}(\d+):([0-9a-f]+)/.exec(saved.out);

    const { out } = await bringBack();
    const entry = await life.store.newest('installation', 'restored');
    const verdict = await verify(life.store.found());

    expect(out).toContain(`last entry   ${point?.[1]}:${point?.[2]}`);
    expect(entry?.event).toEqual({ type: 'restored', entry: Number(point?.[1]), hash: point?.[2] });
    expect([entry?.seq, entry?.previous]).toEqual([Number(point?.[1]) + 1, point?.[2]]);
    expect([verdict.kind, await all(life.store.differences())]).toEqual(['whole', []]);
  });

  it('has every owed effect in doubt, and the cards of open deployments owed again', async () => {
    const id = await asked();
    await settle();
    life.store.takeEffects = async () => [];
    await approve(id);
    await backUp();
    await die();
    mkdirSync(join(folder, 'second'));
    copyFileSync(join(folder, 'backup.db'), join(folder, 'second', 'countersign.db'));

    await movingAt(world.clock, 'restored', '--data', join(folder, 'second'));
    const now = world.clock.now();
    const store = await openSqliteStore({ path: join(folder, 'second', 'countersign.db'), clock: world.clock });
    const work = await store.takeEffects(now, 1000, 100);
    await store.close();
    await live('second');

    expect(work.map(({ effect }) => effect.kind)).toEqual(expect.arrayContaining(['start-run', 'card']));
    expect(work.map(({ inDoubtSince, attempts }) => [inDoubtSince, attempts])).toEqual(work.map(() => [now, 1]));
  });

  it('tells of console messages that belong to deployments the log does not know', async () => {
    await asked();
    await backUp();
    const lines = ['D-1', 'D-2', 'D-3'].map((id) => JSON.stringify({ do: 'post', message: { key: `card:${id}@C` } }));
    mkdirSync(join(folder, 'second', 'console'), { recursive: true });
    writeFileSync(join(folder, 'second', 'console', 'messages.jsonl'), `${lines.join('\n')}\n`);

    const { out } = await bringBack();

    expect(out).toContain('The console still has 2 messages of deployments that the log does not know.');
  });

  it('has every target locked when that is wished', async () => {
    const id = await asked();
    await approve(id);
    await world.until('the run', async () => (await life.store.deployment(id))?.run);
    world.pipeline.play({ state: 'succeeded' });
    await reach(id, 'succeeded');
    await backUp();

    const { out } = await bringBack('--lock-all');

    expect((await life.store.target('web', 'production')).lock?.reason).toContain(
      'look at the provider what runs there',
    );
    expect(out).toContain('web in production: 1111111 by D-1 since ');
  });

  it('says what the log takes to be locked, wide locks first, so that people can compare', async () => {
    const { door } = life.engine;
    const scopes = [
      { kind: 'everything' },
      { kind: 'environment', environment: 'staging' },
      { kind: 'service', service: 'web' },
      { kind: 'target', service: 'web', environment: 'staging' },
    ] as const;
    const terms = [{ mode: 'freeze' }, { mode: 'warning' }, { forMs: 60_000 }, {}] as const;
    for (const [at, scope] of scopes.entries())
      await door.lock(world.caller('anna'), { scope, reason: `Reason ${at}`, ...terms[at] });
    await backUp();
    world.clock.advance(120_000);

    const { out } = await bringBack();

    const section = out.slice(out.indexOf('What the log takes to be locked'));
    const lines = section.split('\n\n')[0]?.split('\n').slice(1);
    expect(lines).toEqual([
      expect.stringMatching(/^ {2}Everything is frozen by Anna since \S+Z: Reason 0$/),
      expect.stringMatching(/^ {2}Everything in staging is under a warning by Anna since \S+Z: Reason 1$/),
      expect.stringMatching(
        /^ {2}web everywhere is locked by Anna since \S+Z: Reason 2 \(until \S+Z, which is over\)$/,
      ),
      expect.stringMatching(/^ {2}web in staging is locked by Anna since \S+Z: Reason 3$/),
    ]);
    expect(section).toContain('What was locked or opened after the backup is not here');
  });

  it('says so when the log takes nothing to be locked', async () => {
    await backUp();

    expect((await bringBack()).out).toContain('The log takes nothing to be locked');
  });

  it.each([{ mode: 'warning' }, { mode: 'freeze' }, { forMs: 60_000 }] as const)(
    'is held also where a lock with %j would let it go',
    async (terms) => {
      const id = await asked();
      const scope = { kind: 'target', service: 'web', environment: 'production' } as const;
      await life.engine.door.lock(world.caller('anna'), { scope, reason: 'Careful', ...terms });
      await backUp();

      await bringBack();

      const { lock } = await life.store.target('web', 'production');
      expect([lock?.mode, lock?.expiresAt]).toEqual([undefined, undefined]);
      expect(lock?.reason).toContain(`look at the provider whether ${id} ran meanwhile`);
      expect(lock?.reason).toContain('Anna had locked it: Careful');
    },
  );

  it('cannot be taken for one that is at work', async () => {
    const { code, err } = await moving('restored', '--data', join(folder, 'first'));

    expect([code, err]).toEqual([2, expect.stringContaining('already at work')]);
  });
});
