import type { Clock } from '../../src/ports/clock.ts';

/** A clock that goes like every other, and can be put forward by hand. */
export interface HandClock extends Clock {
  /** Puts it forward by so many milliseconds, and wakes whoever is due by then, in order. */
  pass(milliseconds: number): void;
}

interface Timer {
  readonly at: number;
  readonly wake: () => void;
  handle?: NodeJS.Timeout;
}

/** Node's timers hold no more, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** @param start what it shows at first, ISO 8601 in UTC; a Wednesday morning unless said otherwise */
export function handClock(start = '2026-03-04T10:00:00.000Z'): HandClock {
  const begun = performance.now();
  const timers = new Set<Timer>();
  let time = Date.parse(start);

  const now = () => time + Math.floor(performance.now() - begun);

  function arm(timer: Timer): void {
    clearTimeout(timer.handle);
    timer.handle = setTimeout(look, Math.min(Math.max(timer.at - now(), 0), LONGEST_MS), timer).unref();
  }

  function look(timer: Timer): void {
    if (!timers.has(timer)) return;
    if (now() < timer.at) {
      arm(timer);
      return;
    }
    timers.delete(timer);
    clearTimeout(timer.handle);
    timer.wake();
  }

  return {
    now,
    at(at, wake) {
      const timer: Timer = { at, wake };
      timers.add(timer);
      arm(timer);
      return () => {
        timers.delete(timer);
        clearTimeout(timer.handle);
      };
    },
    pass(milliseconds) {
      time += milliseconds;
      for (const timer of [...timers].sort((one, other) => one.at - other.at)) look(timer);
    },
  };
}
