import type { Progress } from '../../src/domain/announcement.ts';

/** Where to begin when only `most` steps are shown: the first one that is not behind us stays in sight, with two before it. */
export function windowStart(steps: Progress['steps'], most: number): number {
  if (steps.length <= most) return 0;
  const current = steps.findIndex(({ state }) => state === 'running' || state === 'failed' || state === 'waiting');
  const wanted = (current === -1 ? steps.length : current) - 2;
  return Math.max(0, Math.min(wanted, steps.length - most));
}
