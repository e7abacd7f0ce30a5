import { until } from '../support/until.ts';
import type { HandClock } from './hand-clock.ts';

const PATIENCE_MS = 20_000;

/** Lets time pass on the clock of a story in small steps, as it does, until `look` finds something. */
export function meanwhile<Found>(clock: HandClock, what: string, look: () => Found | Promise<Found>) {
  return until(
    what,
    () => {
      clock.pass(1000);
      return look();
    },
    PATIENCE_MS,
  );
}
