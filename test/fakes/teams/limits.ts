import type { CallKind } from './world.ts';

/** How many calls within how many seconds. */
type Window = readonly [most: number, seconds: number];

/** Per bot and thread. Source: learn.microsoft.com, "Optimize your bot with rate limiting in Teams". */
const SENDING: readonly Window[] = [
  [7, 1],
  [8, 2],
  [60, 30],
  [1800, 3600],
];
const ROSTER: readonly Window[] = [
  [14, 1],
  [16, 2],
  [120, 30],
  [3600, 3600],
];

/** The real service's rate limits; off until they are switched on. */
export interface Limits {
  on(isOn?: boolean): void;
  /** Counts a call. A number: it is one too many, and may be tried again after so many seconds. */
  count(call: CallKind, thread: string): number | undefined;
}

export function createLimits(): Limits {
  let isOn = false;
  const seen = new Map<string, number[]>();
  return {
    on: (wanted = true) => {
      isOn = wanted;
      seen.clear();
    },
    count: (call, thread) => {
      const windows = windowsOf(call);
      if (!isOn || windows === undefined) return undefined;
      const key = `${groupOf(call)} ${thread}`;
      const times = seen.get(key) ?? [];
      seen.set(key, times);
      const now = Date.now();
      for (const [most, seconds] of windows) {
        const oldest = times.at(-most);
        if (oldest === undefined || now - oldest >= seconds * 1000) continue;
        return Math.ceil(seconds - (now - oldest) / 1000);
      }
      times.push(now);
      return undefined;
    },
  };
}

/** What is counted together. */
function groupOf(call: CallKind): string {
  if (call === 'member' || call === 'members') return 'roster';
  return call === 'target' ? 'post' : call;
}

function windowsOf(call: CallKind): readonly Window[] | undefined {
  switch (call) {
    case 'post':
    case 'target':
    case 'create':
    case 'update':
      return SENDING;
    case 'member':
    case 'members':
      return ROSTER;
    default:
      return undefined;
  }
}
