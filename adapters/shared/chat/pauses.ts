import type { Clock } from '../../../src/ports/clock.ts';

/** Pauses that a platform asked for, each for one place. Those that are over are forgotten. */
export interface Pauses {
  /** Milliseconds until the pause there is over; 0 when there is none. */
  left(where: string): number;
  hold(where: string, ms: number): void;
}

export function createPauses(clock: Clock): Pauses {
  const until = new Map<string, number>();
  return {
    left: (where) => Math.max(0, (until.get(where) ?? 0) - clock.now()),
    hold: (where, ms) => {
      const now = clock.now();
      for (const [key, end] of until) if (end <= now) until.delete(key);
      until.set(where, now + ms);
    },
  };
}
