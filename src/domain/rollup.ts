/**
 * What is counted of deployments, each on the day (UTC) it became certain. `finished`: runs of regular deployments and hotfixes that ended in
 * success or failure; `failed`: those that failed, or were taken back later; `rework`: those that mended a failure (hotfixes, and what
 * was deployed in place of something taken back); `rolled-back`: what was taken back. The others are spans of time, in buckets.
 */
export const MEASURES = ['finished', 'failed', 'rework', 'rolled-back', 'lead', 'recovery', 'approval', 'run'] as const;
export type Measure = (typeof MEASURES)[number];

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

/** Days are `2026-11-21`, from inclusive, until exclusive. */
export interface RollupQuery {
  readonly from: string;
  readonly until: string;
  readonly services?: readonly string[];
  readonly environment?: string;
}
