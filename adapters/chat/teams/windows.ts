import type { Clock } from '../../../src/ports/clock.ts';

/** So many calls at most within any so many milliseconds. */
export interface Window {
  readonly ms: number;
  readonly most: number;
}

/** Counts calls in sliding windows, each lane by itself. */
export interface Windows {
  /** Milliseconds until the next call fits into all windows; 0 when it fits now. `part`: only so much of each is ours. */
  wait(lane: string, part?: number): number;
  count(lane: string): void;
}

interface Mark {
  readonly at: number;
  readonly calls: number;
}

/** Younger calls are kept to the millisecond, older ones by the minute, which lets them count up to a minute longer. */
const EXACT_MS = 30_000;
const COARSE_MS = 60_000;
/** More lanes than this at once are not remembered: those that were quiet longest are forgotten. */
const MOST_LANES = 5000;

export function createWindows(clock: Clock, windows: readonly Window[]): Windows {
  const longest = Math.max(...windows.map(({ ms }) => ms));
  // The order of a map's keys is that of their last call.
  const lanes = new Map<string, readonly Mark[]>();

  function forgetQuiet(now: number): void {
    for (const [lane, marks] of lanes) {
      const last = marks.at(-1)?.at ?? 0;
      if (now - last < longest && lanes.size <= MOST_LANES) return;
      lanes.delete(lane);
    }
  }

  return {
    wait(lane, part = 1) {
      const marks = lanes.get(lane) ?? [];
      return Math.max(0, ...windows.map(({ ms, most }) => waitFor(marks, ms, Math.floor(most * part), clock.now())));
    },
    count(lane) {
      const now = clock.now();
      const marks = condensed(lanes.get(lane) ?? [], now, longest);
      lanes.delete(lane);
      lanes.set(lane, [...marks, { at: now, calls: 1 }]);
      forgetQuiet(now);
    },
  };
}

/** How long until fewer than `most` calls lie within the window. */
function waitFor(marks: readonly Mark[], ms: number, most: number, now: number): number {
  let calls = 0;
  for (const mark of marks.toReversed()) {
    if (mark.at <= now - ms) return 0;
    calls += mark.calls;
    if (calls >= most) return mark.at + ms - now;
  }
  return 0;
}

/** What is too old for any window falls out; what is no longer young is put together, each minute under its last call. */
function condensed(marks: readonly Mark[], now: number, longest: number): readonly Mark[] {
  const kept: Mark[] = [];
  for (const mark of marks) {
    if (mark.at <= now - longest) continue;
    const last = kept.at(-1);
    const together =
      last !== undefined &&
      mark.at <= now - EXACT_MS &&
      Math.floor(last.at / COARSE_MS) === Math.floor(mark.at / COARSE_MS);
    if (together) kept[kept.length - 1] = { at: mark.at, calls: last.calls + mark.calls };
    else kept.push(mark);
  }
  return kept;
}
