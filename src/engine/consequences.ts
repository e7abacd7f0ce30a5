import type { Deployment } from '../domain/deployment.ts';
import type { NewEffect } from '../domain/effect.ts';
import { type DeploymentEvent, type NewEntry, targetStream } from '../domain/event.ts';
import { allows } from '../domain/machine.ts';
import { BOT } from '../domain/person.ts';
import { isForeign } from '../domain/vocabulary.ts';
import type { Wakeup } from '../ports/store.ts';
import { configured, openOn } from './admission.ts';
import { cardEffect, gatherEffect } from './effects.ts';
import { type Kit, now } from './kit.ts';
import { hearings } from './places.ts';
import { commentEffects } from './pull-comments.ts';
import { openedReview } from './reviews.ts';
import { beginMove, findCourse, rollbackProposal } from './rollbacks.ts';
import { foreseen, leftToNewer, type Move } from './transact.ts';

export interface Consequences {
  readonly moves: readonly Move[];
  readonly others: { readonly entry: NewEntry; readonly version: number }[];
  readonly effects: readonly NewEffect[];
  readonly wakeups: readonly Wakeup[];
}

/** What one deployment's move means for others: its target, the one it undoes, the queue, and whoever waits with older facts. */
export async function consequencesOf(kit: Kit, move: Move): Promise<Consequences> {
  const after = foreseen(move, now(kit));
  const none: Consequences = { moves: [], others: [], effects: [], wakeups: [] };
  if (after === undefined) return none;
  const types = new Set(move.events.map(({ event }) => event.type));
  const undoing = await undoneMoves(kit, after, types);
  const due = kit.clock.now();
  const task = openedReview(kit, after, types);
  if (move.before?.state === 'queued' && after.state !== 'queued') {
    const queue = await moveQueue(kit, after, due);
    return {
      moves: undoing,
      others: task.others,
      effects: queue.effects,
      wakeups: [...queue.wakeups, ...task.wakeups],
    };
  }
  if (move.before?.state !== 'running' || after.state === 'running') return { ...none, moves: undoing, ...task };
  const arrived = after.state === 'succeeded';
  const automatic = after.state === 'failed' ? await automaticRollback(kit, after) : none;
  const queue = await moveQueue(kit, after, due);
  return {
    moves: [...undoing, ...automatic.moves],
    others: [...(arrived ? [await arrival(kit, after)] : []), ...automatic.others],
    effects: [
      ...queue.effects,
      ...(arrived ? await renewedFacts(kit, after, due) : []),
      ...automatic.effects,
      ...(await commentEffects(kit, after)),
    ],
    wakeups: [...queue.wakeups, ...automatic.wakeups],
  };
}

/** Somebody left the queue or the target: whoever waits looks again whether it may go, and shows its new place. */
async function moveQueue(
  kit: Kit,
  left: Pick<Deployment, 'service' | 'environment'> & { readonly id?: string },
  due: number,
): Promise<Pick<Consequences, 'effects' | 'wakeups'>> {
  const open = await openOn(kit, left);
  const queue = open.queue.filter(({ id }) => id !== left.id);
  const books = queue.length === 0 ? [] : await kit.store.placeBooks();
  return {
    effects: queue.flatMap((one) =>
      hearings(one, kit.catalog(), books).map((hearing) => cardEffect(one, hearing, due)),
    ),
    // Those of a newer version may have waited for just this.
    wakeups: [...queue, ...open.foreign].map(({ id }) => ({ key: id, due })),
  };
}

async function undoneMoves(
  kit: Kit,
  after: Deployment,
  types: ReadonlySet<DeploymentEvent['type']>,
): Promise<readonly Move[]> {
  if (after.kind !== 'rollback' || after.undoes === undefined) return [];
  const undone = await kit.store.deployment(after.undoes);
  if (undone === undefined) return [];
  if (types.has('dispatched') && allows(undone.state, 'rollback-began')) return [beginMove(undone, after.number)];
  const ended = types.has('succeeded') || types.has('failed') || types.has('cancelled');
  if (!ended || undone.state !== 'rolling-back') return [];
  const outcome = after.state === 'succeeded' ? 'rolled-back' : 'failed';
  return [{ before: undone, events: [{ event: { type: 'rollback-ended', by: after.id, outcome }, by: BOT }] }];
}

async function arrival(kit: Kit, after: Deployment): Promise<{ entry: NewEntry; version: number }> {
  const { id, service, environment, restores } = after;
  const target = await kit.store.target(service, environment);
  const event = {
    type: 'deployed' as const,
    deployment: id,
    sha: after.runSha ?? after.findings?.sha ?? '',
    ...(restores === undefined ? {} : { restores }),
  };
  return {
    entry: { stream: targetStream(service, environment), event, by: BOT, at: now(kit) },
    version: target.version,
  };
}

/** What runs there has changed, so the ranges of those who wait are no longer right. */
async function renewedFacts(kit: Kit, after: Deployment, due: number): Promise<readonly NewEffect[]> {
  const { service, environment } = after;
  const waiting = await kit.store.deployments({
    service,
    environment,
    states: ['awaiting-approval', 'queued'],
    limit: 1000,
  });
  return waiting
    .filter((one) => one.id !== after.id && one.kind !== 'rollback' && !isForeign(one))
    .map((one) => gatherEffect(one, due));
}

/** A failed run goes back by itself where the configuration says so; the bot locks the target like anybody else. */
async function automaticRollback(kit: Kit, failed: Deployment): Promise<Consequences> {
  const none: Consequences = { moves: [], others: [], effects: [], wakeups: [] };
  const place = configured(kit, failed);
  if (failed.kind === 'rollback' || place?.settings.rollbackOnFailure !== true) return none;
  const course = await findCourse(kit, failed);
  // Only the newer version can tell what to bring back: all of this failure is left to it.
  if ('code' in course && course.code === 'newer-version') throw leftToNewer(failed.id);
  if ('code' in course) return none;
  const draft = {
    course: { ...course, undone: failed },
    place,
    by: BOT,
    reason: `The run of ${failed.id} failed`,
    ...(failed.origin === undefined ? {} : { origin: failed.origin }),
  };
  // The failed one still holds the target in the store: the rollback waits in the queue and is woken at once.
  const proposal = await rollbackProposal(kit, draft, true);
  const opened = proposal.moves[0];
  const row = opened === undefined ? undefined : foreseen(opened, now(kit));
  return {
    moves: opened === undefined ? [] : [opened],
    others: [...(proposal.others ?? [])],
    effects: [],
    wakeups: [...(proposal.wakeups ?? []), ...(row === undefined ? [] : [{ key: row.id, due: kit.clock.now() }])],
  };
}
