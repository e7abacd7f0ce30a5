import { addTo, COUNTS, contributions, type Delta, type Rollup, rollupKey, SPANS } from '../domain/rollup.ts';
import type { Difference } from './difference.ts';
import type { Row } from './fold.ts';

/** What one entry adds to the rollups: the row of its stream before and after it. */
export function counted(before: Row | undefined, after: Row | undefined): readonly Delta[] {
  if (after?.kind !== 'deployment') return [];
  const deltas = contributions(before?.kind === 'deployment' ? before.value : undefined, after.value);
  return deltas.flatMap((one) => [
    one,
    { ...one, service: ALL },
    { ...one, environment: ALL },
    { ...one, service: ALL, environment: ALL },
  ]);
}

/**
 * Stands for every service, or every environment, in rows that sum up the others: a question about all of them then reads as
 * little as one about a single target, however many there are.
 */
export const ALL = '';

/**
 * A row of the table that is no count: it says that everything in the log has been counted. A database that is older than the rollups has
 * none, and whoever starts to work on it counts its log first.
 */
export const COUNTED = { measure: 'counted', day: '', service: '', environment: '', bucket: 0, count: 1 } as const;

/** Measures by how they are asked for, as lists for SQL; none of them is a word that anybody typed. */
export const COUNT_LIST = COUNTS.map((name) => `'${name}'`).join(', ');
export const SPAN_LIST = SPANS.map((name) => `'${name}'`).join(', ');

/** Sums that were counted anew, to be written or compared. */
export interface Recount {
  add(deltas: readonly Delta[]): void;
  sums(): readonly Rollup[];
  /** What is kept, where it differs. At most one line for each day of a target. */
  differs(kept: readonly Rollup[]): readonly Difference[];
}

export function recount(): Recount {
  const sums = new Map<string, Delta>();
  return {
    add: (deltas) => {
      for (const delta of deltas) addTo(sums, delta);
    },
    sums: () => [...sums.values()],
    differs: (kept) => differing(sums, kept),
  };
}

function differing(sums: ReadonlyMap<string, Delta>, kept: readonly Rollup[]): readonly Difference[] {
  const there = new Map(kept.map((one) => [rollupKey(one), one]));
  const wrong = [
    ...kept.filter((one) => sums.get(rollupKey(one))?.count !== one.count),
    ...[...sums].flatMap(([key, one]) => (there.has(key) ? [] : [one])),
  ];
  const days = Map.groupBy(
    wrong,
    ({ day, service, environment }) => `rollups:${day}/${service || '*'}/${environment || '*'}`,
  );
  return [...days].map(([stream, ones]) => {
    const measures = [...new Set(ones.map(({ measure }) => measure))].sort();
    return { stream, what: `its counts differ from the log in: ${measures.join(', ')}` };
  });
}
