import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Subscription } from '../../src/domain/catalog.ts';
import { plain } from '../../src/domain/text.ts';
import type { Change } from '../../src/ports/store.ts';
import { closeSound, running, settle, target, twoGood } from './scenes.ts';
import { catalogWith, openWorld, place, SHA, type World } from './world.ts';

const DAY = 86_400_000;
const WEB = target('web', 'production');

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

/** Anna's deployment D-3 fails, and D-4 brings the former one back and locks the target. */
async function rolledBack(...subscriptions: readonly Subscription[]): Promise<void> {
  const catalog = catalogWith({ production: { rollbackOnFailure: true } });
  world.catalog = { ...catalog, subscriptions: [...catalog.subscriptions, ...subscriptions] };
  await twoGood(world);
  await running(world, SHA.three);
  world.pipeline.play({ state: 'failed' });
  await world.reach('D-4', 'running');
  await world.until('the run', async () => (await world.store.deployment('D-4'))?.run);
  world.pipeline.play({ state: 'succeeded' });
  await world.reach('D-4', 'succeeded');
}

async function later(ms: number): Promise<void> {
  world.clock.advance(ms);
  await settle(world);
}

/** What was said about locks: to whom, and in which words. */
function nags(): readonly string[] {
  const whispered = world.chat.whispers
    .filter(({ message }) => message.key.startsWith('notice:lock:'))
    .map(({ to, message }) => `${to.id}: ${plain(message.announcement.title)}`);
  const posted = world.chat.shown
    .filter(({ key }) => key.startsWith('notice:lock:'))
    .map(({ handle, versions }) => `${handle.place.channel}: ${plain(versions[0]?.announcement.title ?? [])}`);
  return [...whispered, ...posted];
}

const SAID = 'web in production is still locked since the rollback D-4.';

describe('the lock of an automatic rollback', () => {
  it('is brought up every day, with whoever asked for the deployment and where it was asked for', async () => {
    await rolledBack();
    await later(DAY / 2);
    expect(nags()).toEqual([]);

    await later(DAY / 2);
    expect(nags()).toEqual([`U-anna: ${SAID}`, `C-deploys: ${SAID}`]);

    await later(DAY);
    expect(nags()).toHaveLength(4);
  });

  it('is brought up in the channel of the team where there is one', async () => {
    await rolledBack({ place: place('C-web'), audience: 'engineering', service: 'web', environment: '*' });
    await later(DAY);

    expect(nags()).toEqual([`U-anna: ${SAID}`, `C-web: ${SAID}`]);
  });

  it('is no longer brought up once somebody opened it', async () => {
    await rolledBack();
    await world.door.unlock(world.caller('ben'), WEB);
    await later(2 * DAY);

    expect(nags()).toEqual([]);
  });

  it('is no longer brought up once it ends by itself', async () => {
    await rolledBack();
    world.catalog = catalogWith({ production: { access: { lock: ['*'], steal: ['platform'] } } });
    expect(await world.door.steal(world.caller('ben'), WEB, 'I look', DAY / 2)).toMatchObject({ kind: 'done' });
    await later(2 * DAY);

    expect(nags().filter((one) => one.includes('still locked'))).toEqual([]);
    expect((await world.store.target('web', 'production')).lock).toBeUndefined();
  });

  it('asks the person alone who rolled back by hand', async () => {
    await twoGood(world);
    await world.door.rollback(world.caller('sam'), { service: 'web', environment: 'production', reason: 'Broken' });
    await world.until('the run', async () => (await world.store.deployment('D-3'))?.run);
    world.pipeline.play({ state: 'succeeded' });
    await world.reach('D-3', 'succeeded');
    await later(DAY);

    expect(nags()).toEqual(['U-sam: web in production is still locked since the rollback D-3.']);
  });
});

describe('the lock of a rollback', () => {
  /** What was written together with a lock, and when that was. */
  async function writing(): Promise<readonly { readonly change: Change; readonly at: number }[]> {
    await closeSound(world);
    const written: { change: Change; at: number }[] = [];
    world = await openWorld(':memory:', (kit) => {
      const commit = (change: Change) => {
        if (change.entries.some(({ event }) => event.type === 'locked')) written.push({ change, at: kit.clock.now() });
        return kit.store.commit(change);
      };
      return { ...kit, store: Object.assign(Object.create(kit.store), kit.store, { commit }) };
    });
    return written;
  }

  const onceADay = ({ change, at }: { change: Change; at: number }) =>
    change.wakeups.filter(({ key }) => key.startsWith('lock:')).map(({ key, due }) => [key, due - at]);

  it('comes with its wake-up in the same transaction, by hand', async () => {
    const written = await writing();
    await twoGood(world);
    await world.door.rollback(world.caller('sam'), { service: 'web', environment: 'production', reason: 'Broken' });

    expect(written.map(onceADay)).toEqual([[['lock:target/web/production', DAY]]]);
  });

  it('comes with its wake-up in the same transaction, by itself', async () => {
    const written = await writing();
    await rolledBack();

    expect(written.map(onceADay)).toEqual([[['lock:target/web/production', DAY]]]);
  });

  it('leaves a lock of a person alone, and its wake-up with it', async () => {
    const written = await writing();
    await twoGood(world);
    await world.door.lock(world.caller('sam'), { scope: WEB, reason: 'Stocktaking' });
    await world.door.rollback(world.caller('sam'), { service: 'web', environment: 'production', reason: 'Broken' });

    expect(written.map(({ change }) => change.entries.map(({ event }) => event.type))).toEqual([['locked']]);
  });
});
