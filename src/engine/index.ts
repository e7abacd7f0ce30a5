import type { Person } from '../domain/person.ts';
import type { RunHint } from '../ports/pipeline.ts';
import { createCourier, type Finished } from './courier.ts';
import { createDoor } from './deployments.ts';
import type { Door } from './door.ts';
import { createGroups, rostersOf } from './groups.ts';
import type { Kit } from './kit.ts';
import { suspect } from './outside.ts';
import { createWatcher } from './watcher.ts';

/** The hall: one door in, a courier and a watcher at work behind it. */
export interface Engine {
  readonly door: Door;
  /** A provider says that a run of its changed: it is looked at now. One that nobody here knows is looked at in a while. */
  runChanged(provider: string, run: string, hint?: RunHint): Promise<void>;
  /** Who is in each of these groups now; one that cannot be read is left out. */
  rosters(groups: readonly string[]): Promise<Readonly<Record<string, readonly Person[]>>>;
  /** Takes nothing new; returns when nothing is under way. */
  stop(): Promise<void>;
}

export function startEngine(kit: Kit, finished?: Finished): Engine {
  const groups = createGroups(kit);
  const courier = createCourier(kit, groups, finished);
  const watcher = createWatcher(kit);
  const unlisten = kit.store.listen(() => {
    courier.kick();
    watcher.kick();
  });
  const unring = kit.store.onRing(() => watcher.kick());
  courier.kick();
  return {
    door: createDoor(kit, groups),
    rosters: (names) => rostersOf(kit, groups, names),
    async runChanged(provider, run, hint) {
      const deployment = await kit.store.deploymentByRun(provider, run);
      if (deployment === undefined && hint !== undefined && (await suspect(kit, provider, hint))) watcher.kick();
      if (deployment?.state !== 'running') return;
      await kit.store.setWakeups([{ key: deployment.id, due: kit.clock.now() }]);
      watcher.kick();
    },
    async stop() {
      unlisten();
      unring();
      await watcher.stop();
      await courier.stop();
    },
  };
}
