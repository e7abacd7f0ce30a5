import type { Deployment } from './deployment.ts';
import { type Refusal, refusal } from './refusal.ts';
import { newerRefusal } from './refusals.ts';
import type { Target } from './target.ts';
import { isForeign } from './vocabulary.ts';

/** What a rollback takes away and what it brings back. */
export interface Course {
  /** What is undone: what runs there, is running towards it, or failed on its way. */
  readonly undone?: Deployment;
  readonly restored: Deployment;
  readonly target: Target;
}

/** What is known of a target when somebody wants to go back. Both lists newest first. */
export interface ReleaseLine {
  readonly target: Target;
  /** Deployments of any state. */
  readonly recent: readonly Deployment[];
  /** Those that a rollback may undo or bring back. */
  readonly line: readonly Deployment[];
}

/** Finds what to bring back: the deployment named by `to`, or the last good one before the present along the release line. */
export function courseOf({ target, recent, line }: ReleaseLine, to?: string): Course | Refusal {
  const { service, environment } = target;
  if (target.current === undefined) {
    return refusal(
      'never-deployed-there',
      `Nothing was ever deployed to ${service} in ${environment}, so there is nothing to go back to.`,
      'Deploy something first.',
    );
  }
  const undone = line.find(({ startedAt }) => startedAt !== undefined);
  const restored = to === undefined ? lastGood(line, target, undone) : named(line, to);
  // What a newer version did since then may be what has to be undone, in ways that only it knows.
  const foreign = recent.find((one) => isForeign(one) && one.number >= (restored?.number ?? 0));
  if (foreign !== undefined) return newerRefusal(foreign.id);
  if (restored === undefined) {
    const what = to === undefined ? 'No earlier deployment succeeded there' : `"${to}" never succeeded there`;
    return refusal(
      'nothing-to-roll-back-to',
      `${what}, so there is nothing to bring back.`,
      `See \`history ${service} ${environment}\`.`,
    );
  }
  return { restored, target, ...(undone === undefined || undone.id === restored.id ? {} : { undone }) };
}

/** Roll Back on an old card must not undo what came after it, whether that has arrived, runs or failed. `begun`: newest first. */
export function oldCardRefusal(
  { id, number, service, environment }: Deployment,
  begun: readonly Deployment[],
): Refusal | undefined {
  const newer = begun.find((one) => one.number > number && one.startedAt !== undefined);
  if (newer === undefined) return undefined;
  const sentence = `${newer.id} has begun on ${service} in ${environment} since ${id}, so this button no longer stands for what runs there.`;
  const next = `Roll back from the card of ${newer.id}, or type \`rollback ${service} ${environment}\`.`;
  return refusal('request-changed', sentence, next);
}

function lastGood(line: readonly Deployment[], target: Target, undone: Deployment | undefined): Deployment | undefined {
  const { current } = target;
  const good = line.filter(({ state, kind }) => state === 'succeeded' && kind !== 'rollback');
  const present = current?.restores ?? current?.deployment;
  // A rollback that never arrived is tried again: what it was to take away may still be there.
  if (undone?.kind === 'rollback' && undone.id !== current?.deployment)
    return line.find(({ id }) => id === undone.restores);
  // What is undone never arrived: what ran before it is still the good one.
  if (undone !== undefined && undone.id !== current?.deployment)
    return line.find(({ id }) => id === present) ?? good[0];
  const position = line.findIndex(({ id }) => id === present);
  return line.slice(position + 1).find((one) => good.includes(one) && one.findings?.sha !== current?.sha);
}

function named(line: readonly Deployment[], to: string): Deployment | undefined {
  const wanted = to.toLowerCase();
  const arrived = line.filter(
    ({ state, kind }) => kind !== 'rollback' && (state === 'succeeded' || state === 'rolled-back'),
  );
  return arrived.find(
    ({ id, ref, findings }) =>
      id.toLowerCase() === wanted ||
      ref.toLowerCase() === wanted ||
      (wanted.length >= 7 && findings?.sha.startsWith(wanted) === true),
  );
}
