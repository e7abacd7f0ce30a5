import type { Delta, Rollup } from '../domain/rollup.ts';
import type { Counting, Difference } from './difference.ts';
import { COUNTED, recount } from './tally.ts';

/** Rollups as they are kept, beside those that are counted anew while the log is walked through. */
export interface Comparison extends Counting {
  /** All has been added. Nothing when not everything could be counted. */
  differences(): readonly Difference[];
}

/**
 * Compares rollups with the log, of which only what was there at the same moment is counted: others may go on writing meanwhile.
 * @param kept every row of the table
 * @param last the last entry of that moment
 */
export function comparison(kept: readonly (Omit<Rollup, 'measure'> & { measure: string })[], last: number): Comparison {
  const counts = recount();
  const rollups = kept.filter(({ measure }) => measure !== COUNTED.measure) as readonly Rollup[];
  // Of a database that nobody has counted yet there is nothing to compare.
  let able = rollups.length < kept.length;
  return {
    add: (seq: number, deltas: readonly Delta[]) => {
      if (able && seq <= last) counts.add(deltas);
    },
    giveUp: () => {
      able = false;
    },
    differences: () => (able ? counts.differs(rollups) : []),
  };
}
