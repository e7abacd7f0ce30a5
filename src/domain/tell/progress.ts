import type { Progress } from '../announcement.ts';
import type { Deployment } from '../deployment.ts';
import { runEnded, type Step } from '../run.ts';
import { duration } from '../text.ts';

/** `3 of 7: Integration tests · about 2 min left`, and how far that is. Nothing before it was dispatched. */
export function progressOf(deployment: Deployment, now: string): Progress | undefined {
  if (deployment.startedAt === undefined) return undefined;
  const elapsed = Math.max(0, Date.parse(deployment.endedAt ?? now) - Date.parse(deployment.startedAt));
  const { steps, expectedMs, runState } = deployment;
  const ended = runState !== undefined && runEnded(runState);
  const words = [stepWords(steps, ended), ended ? undefined : remaining(elapsed, expectedMs)].filter(
    (word) => word !== undefined,
  );
  return {
    steps: steps.map(shown),
    percent: ended ? endedPercent(deployment) : livePercent(steps, elapsed, expectedMs),
    words: words.length === 0 ? 'Starting' : words.join(' · '),
  };
}

function shown({ name, state, startedAt, endedAt }: Step): Progress['steps'][number] {
  if (startedAt === undefined || endedAt === undefined) return { name, state };
  return { name, state, tookMs: Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) };
}

function endedPercent({ runState, steps }: Deployment): number {
  return runState === 'succeeded' ? 100 : percentOfSteps(steps);
}

/** By time when the usual length is known, else by steps; never quite full, because only the end is the end. */
function livePercent(steps: readonly Step[], elapsed: number, expectedMs: number | undefined): number {
  const percent =
    expectedMs === undefined || expectedMs <= 0 ? percentOfSteps(steps) : Math.round((elapsed / expectedMs) * 100);
  return Math.min(95, percent);
}

function percentOfSteps(steps: readonly Step[]): number {
  return steps.length === 0 ? 0 : Math.round((doneSteps(steps) / steps.length) * 100);
}

function doneSteps(steps: readonly Step[]): number {
  return steps.filter(({ state }) => state === 'succeeded' || state === 'skipped').length;
}

function stepWords(steps: readonly Step[], ended: boolean): string | undefined {
  if (steps.length === 0) return undefined;
  const failed = steps.find(({ state }) => state === 'failed');
  if (failed !== undefined) return `${steps.indexOf(failed) + 1} of ${steps.length}: ${failed.name} failed`;
  if (ended) return `${doneSteps(steps)} of ${steps.length} steps done`;
  const running = steps.findIndex(({ state }) => state === 'running');
  const at = running === -1 ? Math.min(doneSteps(steps), steps.length - 1) : running;
  return `${at + 1} of ${steps.length}: ${steps[at]?.name ?? ''}`;
}

function remaining(elapsed: number, expectedMs: number | undefined): string | undefined {
  if (expectedMs === undefined || expectedMs <= 0) return undefined;
  const left = expectedMs - elapsed;
  if (left < 0) return `${duration(-left)} longer than usual`;
  return `about ${duration(Math.max(1000, Math.ceil(left / 5000) * 5000))} left`;
}
