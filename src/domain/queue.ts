import type { Deployment } from './deployment.ts';
import type { Target } from './target.ts';
import type { QueuePlace } from './tell/context.ts';

/** The order in which queued deployments of a target go: rollbacks first, then who was cleared first. For `sort`. */
export function byTurn(one: Deployment, other: Deployment): number {
  if (one.kind !== other.kind) return one.kind === 'rollback' ? -1 : 1;
  if (one.since !== other.since) return one.since < other.since ? -1 : 1;
  return one.number - other.number;
}

/** Where a queued deployment stands among those of its target, whatever their states. */
export function queuePlaceOf(deployment: Deployment, others: readonly Deployment[], target: Target): QueuePlace {
  const running = others.find(({ state }) => state === 'running');
  const ahead = others
    .filter((one) => one.state === 'queued' && one.id !== deployment.id && byTurn(one, deployment) < 0)
    .sort(byTurn);
  const last = ahead.at(-1) ?? running;
  // A lock holds no rollback.
  const lock = deployment.kind === 'rollback' ? undefined : target.lock;
  return {
    position: ahead.length + 1,
    ...(last === undefined ? {} : { behind: { id: last.id, requester: last.requester.name } }),
    ...(lock === undefined ? {} : { lock }),
  };
}
