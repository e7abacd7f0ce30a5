import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/domain/lock.ts';
import type { Kit } from '../../src/engine/kit.ts';
import type { Change, Store } from '../../src/ports/store.ts';
import { closeSound, history, row, settle, target } from './scenes.ts';
import { asked, catalogWith, deployed, done, openWorld, type World } from './world.ts';

let world: World;
/** Done once, after a dispatch was decided and before it is written. */
let between: (() => Promise<void>) | undefined;
beforeEach(async () => {
  between = undefined;
  world = await openWorld(':memory:', (kit: Kit) => ({ ...kit, store: interrupted(kit.store) }));
  world.catalog = catalogWith({ production: { regions: ['eu'] } });
});
afterEach(() => closeSound(world));

function interrupted(store: Store): Store {
  return new Proxy(store, {
    get(of, name, receiver) {
      if (name !== 'commit') return Reflect.get(of, name, receiver);
      return async (change: Change) => {
        const now = change.entries.some(({ event }) => event.type === 'dispatched') ? between : undefined;
        if (now !== undefined) {
          between = undefined;
          await now();
        }
        return of.commit(change);
      };
    },
  });
}

const SCOPES: readonly Scope[] = [
  { kind: 'everything' },
  { kind: 'environment', environment: 'production' },
  { kind: 'region', region: 'eu' },
  { kind: 'service', service: 'web' },
  target('web', 'production'),
];

describe('a lock that comes between the last look and the dispatch', () => {
  it.each(SCOPES)('of $kind holds it', async (scope) => {
    const { id } = await asked(world);
    between = async () => {
      expect((await world.door.lock(world.caller('sam'), { scope, reason: 'Stocktaking' })).kind).toBe('done');
    };
    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await settle(world);

    expect(between).toBeUndefined();
    expect((await row(world, id)).state).toBe('queued');
    expect(await history(world, id)).not.toContain('dispatched');

    expect((await world.door.unlock(world.caller('sam'), scope)).kind).toBe('done');
    await world.reach(id, 'running');
  });

  it('holds no rollback', async () => {
    await deployed(world);
    world.source.refs_.set('main', '2'.repeat(40));
    await deployed(world);
    between = async () => {
      await world.door.lock(world.caller('cleo'), { scope: { kind: 'everything' }, reason: 'Stocktaking' });
    };
    const where = { service: 'web', environment: 'production', reason: 'Broken' };
    const back = done(await world.door.rollback(world.caller('sam'), where));

    expect(between).toBeUndefined();
    await world.reach(back.id, 'running');
  });
});
