import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves on by so many milliseconds and wakes whoever is due, in order. */
  advance(milliseconds: number): void;
}

export function manualClock(start = Date.parse('2026-11-21T09:00:00.000Z')): ManualClock {
  let time = start;
  let timers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => time,
    at(at, wake) {
      const timer = { at, wake };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    advance(milliseconds) {
      const end = time + milliseconds;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        time = Math.max(time, next.at);
        next.wake();
      }
      time = end;
    },
  };
}
