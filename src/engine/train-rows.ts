import type { Deployment } from '../domain/deployment.ts';
import { deploymentStream } from '../domain/event.ts';
import { isMember, leadOf, type TrainHold, trainHold } from '../domain/train.ts';
import type { Rows } from '../ports/store.ts';
import type { Move } from './transact.ts';

type Looking = Pick<Rows, 'deployment'>;

/** Everything that goes with a deployment, itself included, in the order of the train; nothing for one that goes alone. */
export async function membersOf(store: Looking, { train }: Pick<Deployment, 'train'>): Promise<readonly Deployment[]> {
  const rows = await Promise.all((train?.members ?? []).map(({ deployment }) => store.deployment(deployment)));
  return rows.filter((row) => row !== undefined);
}

/** The members of the train of this id, in its order; nothing when there is no such train. */
export async function trainOf(store: Looking, id: string): Promise<readonly Deployment[] | undefined> {
  const lead = leadOf(id);
  const first = lead === undefined ? undefined : await store.deployment(lead);
  return first?.train?.id === id ? membersOf(store, first) : undefined;
}

/** What in its train keeps a deployment back; nothing for one that goes alone. */
export async function heldBack(store: Looking, deployment: Deployment): Promise<TrainHold | undefined> {
  return isMember(deployment) ? trainHold(deployment, await membersOf(store, deployment)) : undefined;
}

/** Those of a queue that no train keeps back: who waits for others of its train keeps nobody else waiting. */
export async function unheld(store: Looking, queue: readonly Deployment[]): Promise<readonly Deployment[]> {
  const holds = await Promise.all(queue.map((one) => heldBack(store, one)));
  return queue.filter((_, index) => holds[index] === undefined);
}

/** The others of its train as they are before anybody looks at them: what happens to one meanwhile is heeded. */
export async function memberVersions(store: Looking, deployment: Deployment): Promise<NonNullable<Move['heeds']>> {
  const members = await membersOf(store, deployment);
  return members
    .filter(({ id }) => id !== deployment.id)
    .map(({ id, version }) => ({ stream: deploymentStream(id), version }));
}
