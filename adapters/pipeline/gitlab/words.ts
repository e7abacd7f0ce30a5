import type { RunState, StepState } from '../../../src/domain/run.ts';

/** Words of pipelines: docs.gitlab.com/api/pipelines, and `Ci::HasStatus::AVAILABLE_STATUSES` of GitLab. */
const PIPELINE_STATES: Readonly<Record<string, RunState>> = {
  created: 'queued',
  waiting_for_resource: 'queued',
  preparing: 'queued',
  waiting_for_callback: 'queued',
  pending: 'queued',
  // A delayed job lets the rest wait for its time.
  scheduled: 'queued',
  running: 'running',
  canceling: 'running',
  manual: 'waiting',
  success: 'succeeded',
  failed: 'failed',
  canceled: 'cancelled',
  // Every job was left out: nothing has shown that anything was deployed.
  skipped: 'failed',
};

const JOB_STATES: Readonly<Record<string, StepState>> = {
  created: 'waiting',
  waiting_for_resource: 'waiting',
  preparing: 'waiting',
  waiting_for_callback: 'waiting',
  pending: 'waiting',
  scheduled: 'waiting',
  manual: 'waiting',
  running: 'running',
  canceling: 'running',
  success: 'succeeded',
  skipped: 'skipped',
};

/** Reasons of failed jobs that mean a limit of time. Source: `Enums::Ci::CommitStatus.failure_reasons` of GitLab. */
const TIMEOUTS = [
  'job_execution_timeout',
  'stuck_or_timeout_failure',
  'job_execution_server_timeout',
  'stale_schedule',
];

/** A word that nobody knows is `unknown`. */
export function runState(status: string): RunState {
  return Object.hasOwn(PIPELINE_STATES, status) ? (PIPELINE_STATES[status] ?? 'unknown') : 'unknown';
}

/** A step whose word nobody understands counts as failed in the picture; the pipeline's own state decides. */
export function stepState(status: string): StepState {
  return Object.hasOwn(JOB_STATES, status) ? (JOB_STATES[status] ?? 'failed') : 'failed';
}

export function isTimeout(reason: string | null | undefined): boolean {
  return TIMEOUTS.includes(reason ?? '');
}
