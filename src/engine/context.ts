import type { Catalog } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
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
  const [waiting, target] = await Promise.all([
    store.deployments({ service, environment, states: ['queued', 'running'], limit: 1000 }),
    store.target(service, environment),
  ]);
  const before = waiting.filter(
    (one) => one.state === 'running' || (one.id !== deployment.id && goesFirst(one, deployment)),
  );
  const last =
    before.filter(({ state }) => state === 'queued').sort((one, other) => other.since.localeCompare(one.since))[0] ??
    before[0];
  return {
    position: before.length + 1,
    ...(last === undefined ? {} : { behind: { id: last.id, requester: last.requester.name } }),
    ...(target.lock === undefined ? {} : { lock: target.lock }),
  };
}

function goesFirst(one: Deployment, other: Deployment): boolean {
  if (one.kind !== other.kind) return one.kind === 'rollback';
  return one.since < other.since || (one.since === other.since && one.number < other.number);
}
