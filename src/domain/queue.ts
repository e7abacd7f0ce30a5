import type { Deployment } from './deployment.ts';
import { holdingLock } from './held.ts';
import type { HeldLock } from './lock.ts';
import type { Kind } from './plan.ts';
import type { QueuePlace } from './tell/context.ts';

const RANK: Readonly<Record<Kind, number>> = { rollback: 0, hotfix: 1, regular: 2 };

/** The order in which queued deployments of a target go: rollbacks, then hotfixes, then who was cleared first. For `sort`. */
export function byTurn(one: Deployment, other: Deployment): number {
  if (one.kind !== other.kind) return RANK[one.kind] - RANK[other.kind];
  if (one.since !== other.since) return one.since < other.since ? -1 : 1;
  return one.number - other.number;
}

/** Is it scheduled for later? Then it keeps nobody waiting. `now`: ISO 8601 in UTC. */
export function isForLater({ scheduledFor }: Pick<Deployment, 'scheduledFor'>, now: string): boolean {
  return scheduledFor !== undefined && Date.parse(scheduledFor) > Date.parse(now);
}

/** Is it this one's turn among those who wait? Its row may be about to enter the queue, and not stand in it yet. */
export function isNext(deployment: Deployment, queue: readonly Deployment[], now: string): boolean {
  return queue.every((one) => one.id === deployment.id || isForLater(one, now) || byTurn(deployment, one) < 0);
}

/** What stands around a target now. */
export interface QueueFacts {
  /** Every lock that the target lies under, the widest first. */
  readonly locks: readonly HeldLock[];
  /** ISO 8601 in UTC. */
  readonly now: string;
}

/** Where a queued deployment stands among those of its target, whatever their states. */
export function queuePlaceOf(
  deployment: Deployment,
  others: readonly Deployment[],
  { locks, now }: QueueFacts,
): QueuePlace {
  const running = others.find(({ state }) => state === 'running');
  const ahead = others
    .filter((one) => one.state === 'queued' && one.id !== deployment.id && byTurn(one, deployment) < 0)
    .filter((one) => !isForLater(one, now))
    .sort(byTurn);
  const last = ahead.at(-1) ?? running;
  const held = holdingLock(locks, deployment.kind, now);
  const startsInMs =
    held === undefined && !isForLater(deployment, now) ? startsIn(running, ahead, locks, now) : undefined;
  return {
    position: ahead.length + 1,
    ...(last === undefined ? {} : { behind: { id: last.id, requester: last.requester.name } }),
    ...(held === undefined ? {} : { lock: held.lock, lockScope: held.scope }),
    ...(startsInMs === undefined ? {} : { startsInMs }),
  };
}

/**
 * What is left of the running one, and as long as is usual on this target for each of those ahead, in milliseconds. Nothing where that
 * is a guess: nothing is known of their lengths, the running one is over its time, or a lock holds one of those ahead.
 */
function startsIn(
  running: Deployment | undefined,
  ahead: readonly Deployment[],
  locks: readonly HeldLock[],
  now: string,
): number | undefined {
  if (running?.expectedMs === undefined || running.startedAt === undefined) return undefined;
  const usual = running.expectedMs;
  const left = usual - (Date.parse(now) - Date.parse(running.startedAt));
  if (left <= 0 || ahead.some(({ kind }) => holdingLock(locks, kind, now) !== undefined)) return undefined;
  return ahead.reduce((sum, { expectedMs }) => sum + (expectedMs ?? usual), left);
}
