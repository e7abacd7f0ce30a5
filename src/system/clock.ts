import type { Clock } from '../ports/clock.ts';

/**
 * The longest single timer. Node's timers count elapsed time and hold at most 2^31 - 1 ms; looking at the wall clock again each
 * minute lets a wait of any length end in time even after the clock was set or the machine slept.
 */
const LONGEST_MS = 60_000;

/** The real time. Timers never keep the process alive. */
export function systemClock(): Clock {
  return { now: () => Date.now(), at };
}

function at(due: number, wake: () => void): () => void {
  let timer = arm();

  function arm(): NodeJS.Timeout {
    const wait = Math.min(Math.max(due - Date.now(), 0), LONGEST_MS);
    return setTimeout(look, wait).unref();
  }

  function look(): void {
    if (Date.now() < due) timer = arm();
    else wake();
  }

  return () => clearTimeout(timer);
}
