import { expect } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import type { Catalog } from '../../src/domain/catalog.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { deploymentStream } from '../../src/domain/event.ts';
import type { Scope } from '../../src/domain/lock.ts';
import type { Answer } from '../../src/engine/door.ts';
import { type FailureDetails, PortFailure } from '../../src/ports/failure.ts';
import { asked, deployed, done, SHA, type World } from './world.ts';

/** Closes a world, after making sure that its log is whole, its rows are what the log says, and no run was started twice. */
export async function closeSound(world: World): Promise<void> {
  await world.engine.stop();
  const differences: string[] = [];
  for await (const difference of world.store.differences()) differences.push(JSON.stringify(difference));
  const verdict = await verify(world.store.found());
  const starts = world.pipeline.started.map(({ correlation }) => correlation);
  await world.close();

  expect(verdict).toMatchObject({ kind: 'whole' });
  expect(differences).toEqual([]);
  expect(starts).toEqual([...new Set(starts)]);
}

/** The scope of one target. */
export function target(service: string, environment: string): Scope {
  return { kind: 'target', service, environment };
}

export function fault(kind: FailureDetails['kind'], more: Partial<FailureDetails> = {}): PortFailure {
  return new PortFailure(`It is ${kind}.`, { port: 'outside', kind, retryable: false, ...more });
}

/** A deployment of `main` at a commit that an approver has cleared, in whatever state that leads to. */
export async function approved(world: World, sha: string, by = 'cleo'): Promise<Deployment> {
  world.source.refs_.set('main', sha);
  const { id } = await asked(world);
  return done(await world.door.act(world.caller(by), id, { verb: 'approve' }));
}

/** A deployment whose run has begun at the provider. */
export async function running(world: World, sha: string = SHA.one): Promise<Deployment> {
  const { id } = await approved(world, sha);
  return world.until('the run', async () => {
    const row = await world.store.deployment(id);
    return row?.run === undefined ? undefined : row;
  });
}

/** Breaks the glass in its two steps. */
export async function brokenGlass(world: World, name: string, id: string): Promise<Answer> {
  const wish = { verb: 'break-glass', reason: 'The shop is down' } as const;
  const asked = await world.door.act(world.caller(name), id, wish);
  if (asked.kind !== 'refused' || asked.code === undefined) return asked;
  return world.door.act(world.caller(name), id, { ...wish, code: asked.code });
}

/** Two good deployments, D-1 of commit one and D-2 of commit two. */
export async function twoGood(world: World): Promise<void> {
  await deployed(world);
  world.source.refs_.set('main', SHA.two);
  await deployed(world);
}

export async function row(world: World, id: string): Promise<Deployment> {
  const found = await world.store.deployment(id);
  if (found === undefined) throw new Error(`There is no ${id}.`);
  return found;
}

/** The events of a deployment, by name, in order. */
export async function history(world: World, id: string): Promise<readonly string[]> {
  const entries = await world.store.entries({ stream: deploymentStream(id), limit: 1000 });
  return entries.map(({ event }) => event.type);
}

/** Lets everything that is due now be done, without time passing by more than a few hundred milliseconds. */
export async function settle(world: World): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    world.clock.advance(25);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Ends the newest run well and waits until its deployment has succeeded. */
export async function succeed(world: World, id: string): Promise<Deployment> {
  await world.until('the run', async () => (await world.store.deployment(id))?.run);
  world.pipeline.play({ state: 'succeeded' });
  return world.reach(id, 'succeeded');
}

/** The same configuration without the service. */
export function without(catalog: Catalog): Catalog {
  return { ...catalog, version: 'without', services: {} };
}
