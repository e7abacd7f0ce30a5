import type { Policy, TargetSettings } from '../../src/domain/catalog.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Answer, TrainWish } from '../../src/engine/door.ts';
import { APPROVAL, catalogWith, done, openWorld, place, type World } from './world.ts';

export const SERVICES = ['web', 'api', 'worker'] as const;

/** The configuration with three services that go to production, each with a policy of its own if it is given one. */
export function threeServices(policies: Partial<Record<string, Policy>> = {}) {
  const catalog = catalogWith();
  const { web } = catalog.services;
  if (web === undefined) throw new Error('The configuration has no web.');
  const { production, staging } = web.targets;
  if (production === undefined || staging === undefined) throw new Error('The web has no targets.');
  const services = SERVICES.map((id) => {
    const settings: TargetSettings = { ...production, policy: policies[id] ?? APPROVAL };
    return [id, { ...web, id, title: `The ${id}`, targets: { staging, production: settings } }] as const;
  });
  return { ...catalog, services: Object.fromEntries(services) };
}

export async function trainWorld(policies: Partial<Record<string, Policy>> = {}): Promise<World> {
  const world = await openWorld();
  world.catalog = threeServices(policies);
  return world;
}

export const OPEN: Policy = { rules: [], expiresMs: 3_600_000, checks: 'shown' };

/** Asks as Anna for a train of the three services, D-1 to D-3, and waits until each needs approval. */
export async function askedTrain(world: World, more: Partial<TrainWish> = {}): Promise<readonly Deployment[]> {
  const services = SERVICES.map((service) => ({ service }));
  const wish: TrainWish = { services, environment: 'production', mode: 'ordered', reason: 'Spring sale', ...more };
  const lead = done(await world.door.train(world.caller('anna'), wish));
  const ids = (lead.train?.members ?? []).map(({ deployment }) => deployment);
  return Promise.all(ids.map((id) => settledAt(world, id)));
}

function settledAt(world: World, id: string): Promise<Deployment> {
  return world.until(`${id} to be worked out`, async () => {
    const row = await world.store.deployment(id);
    return row === undefined || row.state === 'requested' || row.state === 'checking' ? undefined : row;
  });
}

export function say(world: World, name: string, verb: 'approve' | 'nudge' | 'cancel', id = 'T-1'): Promise<Answer> {
  return world.door.act(world.caller(name), id, { verb });
}

/** Ends the run of a deployment at the provider, and waits until that is known. */
export async function play(world: World, id: string, state: 'succeeded' | 'failed'): Promise<Deployment> {
  const run = await world.until(`the run of ${id}`, async () => (await world.store.deployment(id))?.run);
  const former = world.pipeline.runs.get(run.id);
  world.pipeline.runs.set(run.id, { ...(former ?? { steps: [] }), state });
  return world.reach(id, state);
}

export async function states(world: World, ids: readonly string[] = ['D-1', 'D-2', 'D-3']): Promise<readonly string[]> {
  const rows = await Promise.all(ids.map((id) => world.store.deployment(id)));
  return rows.map((row) => row?.state ?? 'none');
}

export const DEPLOYS = place('C-deploys');
