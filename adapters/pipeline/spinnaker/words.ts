import type { RunState, StepState } from '../../../src/domain/run.ts';

/**
 * Words of executions: `ExecutionStatus` of Orca
 * (https://github.com/spinnaker/spinnaker/blob/main/orca/orca-api/src/main/java/com/netflix/spinnaker/orca/api/pipeline/models/ExecutionStatus.java).
 * Only SUCCEEDED is success: what was stopped, skipped or failed on the way has not shown that anything was deployed.
 */
const RUN_WORDS: Readonly<Record<string, RunState>> = {
  NOT_STARTED: 'queued',
  BUFFERED: 'queued',
  RUNNING: 'running',
  REDIRECT: 'running',
  PAUSED: 'waiting',
  SUSPENDED: 'waiting',
  SUCCEEDED: 'succeeded',
  FAILED_CONTINUE: 'failed',
  TERMINAL: 'failed',
  STOPPED: 'failed',
  SKIPPED: 'failed',
  CANCELED: 'cancelled',
};

const STEP_WORDS: Readonly<Record<string, StepState>> = {
  RUNNING: 'running',
  REDIRECT: 'running',
  SUCCEEDED: 'succeeded',
  FAILED_CONTINUE: 'failed',
  TERMINAL: 'failed',
  STOPPED: 'failed',
  CANCELED: 'failed',
  SKIPPED: 'skipped',
};

/** A word that nobody knows is `unknown`. */
export function runState(word: string): RunState {
  return (Object.hasOwn(RUN_WORDS, word) ? RUN_WORDS[word] : undefined) ?? 'unknown';
}

/** Everything else waits: it has not begun, was held up, or nobody knows the word; the run's own state decides. */
export function stepState(word: string): StepState {
  return (Object.hasOwn(STEP_WORDS, word) ? STEP_WORDS[word] : undefined) ?? 'waiting';
}

/** Words of stages that did not do what they should. */
export function isFailure(word: string): boolean {
  return ['TERMINAL', 'FAILED_CONTINUE', 'STOPPED'].includes(word);
}
