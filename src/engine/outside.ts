import { placeKey } from '../domain/catalog.ts';
import type { NewEffect } from '../domain/effect.ts';
import { targetStream } from '../domain/event.ts';
import { type OutsideRun, type Spot, spotsOf } from '../domain/outside.ts';
import { BOT } from '../domain/person.ts';
import { runEnded } from '../domain/run.ts';
import { isNewer } from '../domain/vocabulary.ts';
import type { Pipeline, RunHint } from '../ports/pipeline.ts';
import { type Kit, now } from './kit.ts';
import { spotPlaces } from './places.ts';
import { transact } from './transact.ts';

/** A call may come before our own start is answered: only after so many milliseconds is a run that nobody here knows looked at. */
const PATIENCE_MS = 30_000;

/** Has a run looked at, in a while, that a provider told us of and no deployment has. */
export async function suspect(kit: Kit, provider: string, hint: RunHint): Promise<boolean> {
  const pipeline = kit.pipelines.get(provider);
  if (pipeline === undefined || usersOf(kit, pipeline, hint).length === 0) return false;
  const key = `outside:${provider}:${hint.run}:${hint.repository}`;
  await kit.store.setWakeups([{ key, due: kit.clock.now() + PATIENCE_MS }]);
  return true;
}

/** The targets that use what the run is of. */
export function usersOf(kit: Kit, { id, uses }: Pipeline, { repository, workflows }: Omit<RunHint, 'run'>) {
  return uses === undefined ? [] : spotsOf(kit.catalog(), id, repository, (settings) => uses(settings, workflows));
}

/** A start of ours on one of the targets is under way, so the run may be its own. */
export async function isStarting({ store }: Pick<Kit, 'store'>, spots: readonly Spot[]): Promise<boolean> {
  for (const { service, environment } of spots) {
    const open = await store.deployments({ service, environment, states: ['running'], limit: 10 });
    if (open.some(({ run }) => run === undefined)) return true;
  }
  return false;
}

/**
 * Writes on each target that the run was there, and tells the places that hear of them: once when it is first seen, once when it has
 * ended, however often and on however many instances that is noticed.
 * @returns whether a newer version must do it
 */
export async function tellOutside(kit: Kit, outside: OutsideRun, spots: readonly Spot[]): Promise<boolean> {
  const { began: _began, ...what } = outside;
  const { provider, id } = outside.run;
  const key = `outside:${provider}:${id}:${runEnded(outside.state) ? 'ended' : 'began'}`;
  const left = await transact<boolean>(kit, { key }, async () => {
    const rows = await Promise.all(spots.map(({ service, environment }) => kit.store.target(service, environment)));
    if (rows.some(({ needs }) => isNewer(needs))) return { moves: [], answer: () => true };
    const at = now(kit);
    const others = rows.map(({ service, environment, version }) => ({
      entry: {
        stream: targetStream(service, environment),
        event: { type: 'outside-run' as const, ...what },
        by: BOT,
        at,
      },
      version,
    }));
    return { moves: [], others, effects: await outsideEffects(kit, outside, spots), answer: () => false };
  });
  return left === true;
}

/** One message a place, about all of its targets. */
async function outsideEffects(kit: Kit, outside: OutsideRun, spots: readonly Spot[]): Promise<readonly NewEffect[]> {
  const told = spotPlaces(spots, kit.catalog(), await kit.store.placeBooks());
  return told.map(({ place, spots: own }) => {
    const key = `outside:${outside.run.provider}:${outside.run.id}@${placeKey(place)}`;
    const effect = { kind: 'outside-run' as const, outside, spots: own, place };
    return { key, lane: key, mode: 'latest' as const, effect, due: kit.clock.now() };
  });
}
