import type { Catalog } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import { queuePlaceOf } from '../domain/queue.ts';
import type { QueuePlace, TellContext } from '../domain/tell/context.ts';
import type { Clock } from '../ports/clock.ts';
import type { Rows } from '../ports/store.ts';

/** What words need beside the row. */
export interface Knowing {
  readonly store: Pick<Rows, 'deployments' | 'target'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly catalog: () => Catalog;
}

/** Everything that the words about a deployment depend on, read now. */
export async function tellContext(knowing: Knowing, deployment: Deployment): Promise<TellContext> {
  const base = { catalog: knowing.catalog(), now: new Date(knowing.clock.now()).toISOString() };
  if (deployment.state !== 'queued') return base;
  return { ...base, queue: await queuePlace(knowing, deployment) };
}

async function queuePlace({ store }: Knowing, deployment: Deployment): Promise<QueuePlace> {
  const { service, environment } = deployment;
  const [others, target] = await Promise.all([
    store.deployments({ service, environment, states: ['queued', 'running'], limit: 1000 }),
    store.target(service, environment),
  ]);
  return queuePlaceOf(deployment, others, target);
}
