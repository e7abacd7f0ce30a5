import { type RunState, runEnded, type Snapshot, type Step, type Wait } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { redact } from '../../shared/http/redact.ts';
import type { Job, Pipeline } from './schema.ts';
import { isTimeout, runState, stepState } from './words.ts';

/** What a run looks like now. Its jobs are the steps, also those that only start another pipeline. */
export function snapshotOf(pipeline: Pipeline, jobs: readonly Job[], waits: readonly Wait[]): Snapshot {
  const state = stateOf(pipeline, jobs);
  const error = errorOf(pipeline, state, jobs);
  const startedAt = iso(pipeline.started_at);
  const endedAt = runEnded(state) ? iso(pipeline.finished_at ?? pipeline.updated_at) : undefined;
  return {
    state,
    sha: pipeline.sha,
    steps: jobs.map(stepOf),
    url: pipeline.web_url,
    ...(waits.length === 0 ? {} : { waits }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(error === undefined ? {} : { error }),
    ...(state === 'unknown' ? { warning: unknownWords(pipeline) } : {}),
  };
}

/** A job that a person must start before the pipeline goes on; one that may be left out holds nothing up. */
export function isHeldUp({ status, allow_failure }: Job): boolean {
  return status === 'manual' && allow_failure !== true;
}

/** The job to read the log of: the one that failed, else the last that has begun. */
export function tellingJob(jobs: readonly Job[]): Job | undefined {
  const begun = jobs.filter(({ started_at, downstream_pipeline }) => started_at && downstream_pipeline === undefined);
  return begun.find(isFailure) ?? begun.findLast(({ status }) => status === 'running') ?? begun.at(-1);
}

function stateOf(pipeline: Pipeline, jobs: readonly Job[]): RunState {
  const state = runState(pipeline.status);
  return state === 'failed' && isTimeout(jobs.find(isFailure)?.failure_reason) ? 'timed-out' : state;
}

/** A bridge is done as soon as the other pipeline has begun; what the other one says is what people want to know. */
function stepOf(job: Job): Step {
  const other = job.downstream_pipeline;
  const state = stepState(other?.status ?? job.status);
  const startedAt = state === 'waiting' ? undefined : iso(job.started_at);
  const endedAt = state === 'running' || state === 'waiting' ? undefined : iso(job.finished_at);
  const url = other?.web_url ?? job.web_url;
  return {
    name: job.name,
    state,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(url === null || url === undefined ? {} : { url }),
  };
}

function isFailure({ status, allow_failure }: Job): boolean {
  return status === 'failed' && allow_failure !== true;
}

function errorOf(pipeline: Pipeline, state: RunState, jobs: readonly Job[]): string | undefined {
  if (state !== 'failed' && state !== 'timed-out') return undefined;
  return clip(redact(failureWords(pipeline, jobs)).replace(/\s+/g, ' '), 300);
}

function failureWords({ status, yaml_errors }: Pipeline, jobs: readonly Job[]): string {
  if (yaml_errors) return `GitLab cannot read the pipeline: ${yaml_errors}`;
  if (status === 'skipped') return 'Every job was left out, so nothing was deployed. Look at the rules of the jobs.';
  const job = jobs.find(isFailure);
  if (job === undefined) return `The pipeline ended with "${status}".`;
  const reason = (job.failure_reason ?? '').replaceAll('_', ' ');
  return `Job "${job.name}" failed${reason === '' ? '' : ` (${reason})`}.`;
}

function unknownWords({ status }: Pipeline): string {
  return `GitLab gives the pipeline a state that is not known here: "${clip(status, 100)}".`;
}

export function iso(time: string | null | undefined): string | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
