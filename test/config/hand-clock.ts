import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still until it is moved on by hand. */
export interface HandClock extends Clock {
  /** Moves on and wakes what is due, in order. */
  pass(milliseconds: number): void;
  /** How many wait. */
  waiting(): number;
}

export function handClock(start = 0): HandClock {
  let now = start;
  let waiting: { readonly due: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    at(due, wake) {
      const entry = { due, wake };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    pass(milliseconds) {
      now += milliseconds;
      const ready = waiting.filter(({ due }) => due <= now).sort((one, other) => one.due - other.due);
      waiting = waiting.filter(({ due }) => due > now);
      for (const { wake } of ready) wake();
    },
    waiting: () => waiting.length,
  };
}
