import type { Deployment } from './deployment.ts';

/**
 * What is counted of deployments, each on the day (UTC) it became certain. `finished`: runs of regular deployments and hotfixes that ended in
 * success or failure; `failed`: those that failed, or were taken back later (counted on the day of the success that was none); `rework`:
 * runs that were only needed because something had gone wrong (hotfixes, and rollbacks that arrived); `rolled-back`: rollbacks that
 * arrived. The others are spans of time, in buckets: `lead` one for each commit, the rest one for each deployment.
 */
export const MEASURES = ['finished', 'failed', 'rework', 'rolled-back', 'lead', 'recovery', 'approval', 'run'] as const;
export type Measure = (typeof MEASURES)[number];

/** Those that are spans of time; of the others only the number counts. */
export const SPANS = ['lead', 'recovery', 'approval', 'run'] as const satisfies readonly Measure[];
export const COUNTS = ['finished', 'failed', 'rework', 'rolled-back'] as const satisfies readonly Measure[];
export type SpanMeasure = (typeof SPANS)[number];
export type CountMeasure = (typeof COUNTS)[number];

/** How often something was counted on one day of one target. A sum over the log, kept in the same transaction. */
export interface Rollup {
  /** `2026-11-21`, in UTC. */
  readonly day: string;
  readonly service: string;
  readonly environment: string;
  readonly measure: Measure;
  /** For spans of time: see `bucketOf`; else 0. */
  readonly bucket: number;
  readonly count: number;
}

/** What one event adds to a rollup. */
export type Delta = Rollup;

/** Days are `2026-11-21`, from inclusive, until exclusive. */
export interface RollupQuery {
  readonly from: string;
  readonly until: string;
  readonly services?: readonly string[];
  readonly environment?: string;
}

/** Rollups summed up over the targets that were asked for: counts day by day, spans of time over all days together. */
export interface Tally {
  /** Empty for spans of time. */
  readonly day: string;
  readonly measure: Measure;
  readonly bucket: number;
  readonly count: number;
}

/** Each bucket is so much wider than the one before; its middle is then never more than 4 % away from what lies in it. */
const GROWTH = 1.08;
const SECOND = 1000;

/** The bucket of a span of time in milliseconds: 0 is everything below a second, the others grow by 8 % each. */
export function bucketOf(ms: number): number {
  return ms < SECOND ? 0 : 1 + Math.floor(Math.log(ms / SECOND) / Math.log(GROWTH));
}

/** The span of time that a bucket stands for, in milliseconds: at most 4 % from each that was put in, from one second on. */
export function spanOf(bucket: number): number {
  return bucket <= 0 ? SECOND / 2 : SECOND * GROWTH ** (bucket - 0.5);
}

/**
 * What one event changes in the counts: the deployment before and after it. Pure, and summed over the whole log it gives the
 * rollups; so a database can always be counted anew.
 */
export function contributions(before: Deployment | undefined, after: Deployment): readonly Delta[] {
  if (before === undefined || before.state === after.state) return [];
  if (after.state === 'queued') return before.state === 'awaiting-approval' ? waited(before, after) : [];
  if (after.state === 'succeeded' || after.state === 'failed') return before.state === 'running' ? ended(after) : [];
  if (after.kind === 'rollback') return [];
  if (after.state === 'rolling-back') return takenBack(before);
  if (after.state === 'rolled-back') return span(after, after.since, 'recovery', before.endedAt);
  return [];
}

function waited(before: Deployment, after: Deployment): readonly Delta[] {
  return span(after, after.since, 'approval', before.since);
}

function ended(after: Deployment): readonly Delta[] {
  const at = after.since;
  const arrived = after.state === 'succeeded';
  if (after.kind === 'rollback') return arrived ? [one(after, at, 'rework'), one(after, at, 'rolled-back')] : [];
  const counts = [
    one(after, at, 'finished'),
    ...(arrived ? [] : [one(after, at, 'failed')]),
    ...(after.kind === 'hotfix' ? [one(after, at, 'rework')] : []),
  ];
  if (!arrived) return counts;
  return [
    ...counts,
    ...span(after, at, 'run', after.startedAt),
    ...span(after, at, 'recovery', after.failingSince),
    ...leads(after, at),
  ];
}

/** A success that is taken back was none, and a run that was stopped and then taken back is a deployment that failed. */
function takenBack(before: Deployment): readonly Delta[] {
  const at = before.endedAt ?? before.since;
  if (before.state === 'succeeded') return [one(before, at, 'failed')];
  return before.state === 'cancelled' ? [one(before, at, 'finished'), one(before, at, 'failed')] : [];
}

/** From each commit to its running there. What was there before the first deployment is not known, and going back brings nothing new. */
function leads(after: Deployment, at: string): readonly Delta[] {
  const changes = after.findings?.changeSet;
  if (changes === undefined || (changes.direction !== 'ahead' && changes.direction !== 'diverged')) return [];
  return summed(changes.commits.flatMap((commit) => span(after, at, 'lead', commit.at)));
}

function one(of: Deployment, at: string, measure: CountMeasure): Delta {
  return { day: dayOf(at), service: of.service, environment: of.environment, measure, bucket: 0, count: 1 };
}

/** Nothing when a time is missing or is none. Clocks that disagree make no negative time. */
function span(of: Deployment, at: string, measure: SpanMeasure, from: string | undefined): readonly Delta[] {
  const ms = from === undefined ? Number.NaN : Date.parse(at) - Date.parse(from);
  if (!Number.isFinite(ms)) return [];
  const bucket = bucketOf(Math.max(0, ms));
  return [{ day: dayOf(at), service: of.service, environment: of.environment, measure, bucket, count: 1 }];
}

/** The day (UTC) of a time, which is ISO 8601 in UTC. */
function dayOf(at: string): string {
  return at.slice(0, 10);
}

/** The name of what a delta adds to. */
export function rollupKey({ day, service, environment, measure, bucket }: Rollup): string {
  return JSON.stringify([day, service, environment, measure, bucket]);
}

/** One delta for each rollup, in the order of their keys, so that whoever writes several always takes them in one order. */
export function summed(deltas: readonly Delta[]): readonly Delta[] {
  if (deltas.length < 2) return deltas;
  const sums = new Map<string, Delta>();
  for (const delta of deltas) addTo(sums, delta);
  return [...sums].sort(([first], [second]) => (first < second ? -1 : 1)).map(([, delta]) => delta);
}

/** Adds a delta to sums under their keys. */
export function addTo(sums: Map<string, Delta>, delta: Delta): void {
  const key = rollupKey(delta);
  const before = sums.get(key);
  sums.set(key, before === undefined ? delta : { ...before, count: before.count + delta.count });
}
