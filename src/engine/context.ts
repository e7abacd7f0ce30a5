import type { Catalog } from '../domain/catalog.ts';
import { standInsOf } from '../domain/delegation.ts';
import type { Deployment } from '../domain/deployment.ts';
import { locksOver } from '../domain/held.ts';
import type { HeldLock } from '../domain/lock.ts';
import { queuePlaceOf } from '../domain/queue.ts';
import type { TellContext } from '../domain/tell/context.ts';
import { isMember, trainHold } from '../domain/train.ts';
import type { Clock } from '../ports/clock.ts';
import type { Rows } from '../ports/store.ts';
import { closureOn } from './scheduled.ts';
import { membersOf } from './train-rows.ts';

/** What words need beside the row. */
export interface Knowing {
  readonly store: Pick<Rows, 'deployment' | 'deployments' | 'target' | 'scopes' | 'review' | 'personBooks'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly catalog: () => Catalog;
}

/** Everything that the words about a deployment depend on, read now. */
export async function tellContext(knowing: Knowing, deployment: Deployment): Promise<TellContext> {
  const now = new Date(knowing.clock.now()).toISOString();
  const base = { catalog: knowing.catalog(), now, ...(await trainContext(knowing, deployment)) };
  const { service, environment, state } = deployment;
  if (state !== 'queued' && state !== 'awaiting-approval') return { ...base, ...(await reviewOf(knowing, deployment)) };
  const locks = await locksAround(knowing, deployment);
  if (state === 'awaiting-approval') {
    const standIns = standInsOf(deployment, await knowing.store.personBooks(), base.now);
    return { ...base, ...(locks.length === 0 ? {} : { locks }), ...(standIns.length === 0 ? {} : { standIns }) };
  }
  const others = await knowing.store.deployments({ service, environment, states: ['queued', 'running'], limit: 1000 });
  const queue = queuePlaceOf(deployment, others, { locks, now: base.now });
  return { ...base, ...closureOn(knowing, deployment), queue };
}

/** The train that it goes with, and what in it keeps this one back while it waits. */
async function trainContext(
  { store }: { readonly store: Pick<Rows, 'deployment'> },
  deployment: Deployment,
): Promise<Pick<TellContext, 'train'>> {
  if (!isMember(deployment)) return {};
  const members = await membersOf(store, deployment);
  const hold = deployment.state === 'queued' ? trainHold(deployment, members) : undefined;
  return { train: { members, ...(hold === undefined ? {} : { hold }) } };
}

/** Only what went another way than usual leaves a review. */
async function reviewOf(
  { store }: { readonly store: Pick<Rows, 'review'> },
  { id, kind, glass, override, startedAt }: Deployment,
): Promise<Pick<TellContext, 'review'>> {
  const may = startedAt !== undefined && (kind === 'hotfix' || glass !== undefined || override !== undefined);
  const review = may ? await store.review(id) : undefined;
  return review === undefined ? {} : { review };
}

/** Every lock that a target lies under now, the widest first. */
export async function locksAround(
  { store, catalog }: Pick<Knowing, 'catalog'> & { readonly store: Pick<Rows, 'target' | 'scopes'> },
  { service, environment }: { readonly service: string; readonly environment: string },
): Promise<readonly HeldLock[]> {
  const [target, books] = await Promise.all([store.target(service, environment), store.scopes()]);
  return locksOver(target, catalog().services[service]?.targets[environment]?.regions ?? [], books);
}
