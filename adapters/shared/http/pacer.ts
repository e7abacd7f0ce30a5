import type { Clock } from '../../../src/ports/clock.ts';

/** Waits through the clock. */
export function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.at(clock.now() + milliseconds, resolve);
  });
}

/**
 * Lets a burst of calls pass at once and then one a second, as GitHub asks of clients that write
 * (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api). A single deployment never waits.
 */
export function createPacer(clock: Clock, burst = 20, everyMs = 1000): () => Promise<void> {
  let free = burst;
  let since = clock.now();
  return async function pass(): Promise<void> {
    const now = clock.now();
    free = Math.min(burst, free + (now - since) / everyMs);
    since = now;
    free -= 1;
    if (free < 0) await pause(clock, -free * everyMs);
  };
}
