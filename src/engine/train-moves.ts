import { decideStop } from '../domain/decide-train.ts';
import type { Deployment } from '../domain/deployment.ts';
import { type DeploymentEvent, deploymentStream } from '../domain/event.ts';
import { BOT } from '../domain/person.ts';
import { byPosition, hasNotBegun, stopsTrain, toldAs } from '../domain/train.ts';
import type { Wakeup } from '../ports/store.ts';
import type { Kit } from './kit.ts';
import { expiryOf } from './scheduled.ts';
import { membersOf } from './train-rows.ts';
import type { Move } from './transact.ts';

/** A move that changes something, and the row after it. */
export interface Turn {
  readonly move: Move;
  readonly after: Deployment;
}

/** A train of which something changes. */
export interface TrainTurn {
  readonly id: string;
  /** As they were; nothing for one that is asked for just now. */
  readonly before: readonly Deployment[];
  /** As they are after the moves that were decided. */
  readonly after: readonly Deployment[];
}

/** The trains that these moves touch. */
export async function trainTurns(kit: Kit, turns: readonly Turn[]): Promise<readonly TrainTurn[]> {
  const touched = new Map(
    turns.filter(({ after }) => after.train !== undefined).map((one) => [toldAs(one.after), one]),
  );
  return Promise.all(
    [...touched].map(async ([id, { after: one }]) => {
      const before = await membersOf(kit.store, one);
      const fresh = turns.map(({ after }) => after).filter((row) => row.train?.id === id);
      const kept = before.filter((row) => !fresh.some((other) => other.id === row.id));
      return { id, before, after: [...kept, ...fresh].sort(byPosition) };
    }),
  );
}

/** A train changes as one: whoever changes a member must have seen all of them. */
export function trainVersions({ before }: TrainTurn) {
  return before.map(({ id, version }) => ({ stream: deploymentStream(id), version }));
}

/**
 * What becomes of the rest of a train: the first that goes wrong stops all that have not begun, and approvals that no longer count for
 * one count for none that has not begun.
 */
export function followUps(kit: Kit, { id, after }: TrainTurn, turns: readonly Turn[]): readonly Move[] {
  const moved = turns.filter((one) => one.after.train?.id === id);
  const others = after.filter((row) => !moved.some((one) => one.after.id === row.id));
  const stopper = moved.find((one) => stopsTrain(one.after))?.after ?? after.find(stopsTrain);
  if (stopper !== undefined) return others.flatMap((row) => moveBy(row, decideStop(row, stopper)));
  const voided = moved.find(({ move }) => move.events.some(({ event }) => event.type === 'approvals-voided'));
  return voided === undefined ? [] : others.flatMap((row) => voidedWith(kit, row, voided));
}

function moveBy(before: Deployment, decision: ReturnType<typeof decideStop>): readonly Move[] {
  if (decision.kind !== 'events') return [];
  return [{ before, events: decision.events.map((event) => ({ event, by: BOT })) }];
}

function voidedWith(kit: Kit, row: Deployment, { move, after }: Turn): readonly Move[] {
  const { plan, countersignatures, service, environment } = row;
  if (!hasNotBegun(row) || countersignatures.length === 0 || plan === undefined) return [];
  const why = move.events.find(({ event }) => event.type === 'approvals-voided')?.event;
  const reason = `${after.service} (${after.id}) goes with it: ${why?.type === 'approvals-voided' ? why.reason : 'it changed.'}`;
  const policy = kit.catalog().services[service]?.targets[environment]?.policy;
  const expiresAt = policy === undefined ? row.expiresAt : expiryOf(kit, policy, row);
  const events: DeploymentEvent[] = [
    { type: 'approvals-voided', reason },
    { type: 'approval-asked', plan, expiresAt: expiresAt ?? row.since },
  ];
  return [{ before: row, events: events.map((event) => ({ event, by: BOT })) }];
}

/** Whoever of the train waits in a queue looks again whether it may go now. */
export function trainWakeups({ before, after }: TrainTurn, due: number): readonly Wakeup[] {
  const still = (row: Deployment) => before.find(({ id }) => id === row.id)?.state === row.state;
  if (after.every(still)) return [];
  return after.filter(({ state }) => state === 'queued').map(({ id }) => ({ key: id, due }));
}
