/** The time, and the only way to wait. Milliseconds since 1970. */
export interface Clock {
  now(): number;
  /** Calls `wake` once at or after `at`; the function returned calls it off. Never keeps the process alive by itself. */
  at(at: number, wake: () => void): () => void;
}

/** ISO 8601 in UTC of the clock's now. */
export function isoNow(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
