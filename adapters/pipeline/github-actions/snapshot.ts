import { type RunState, runEnded, type Snapshot, type Step } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Job, type JobStep, runState, stepState, type WorkflowRun } from './schema.ts';

/** What a run looks like now. Several jobs are the steps; of a single job its own steps are, because they say more. */
export function snapshotOf(run: WorkflowRun, jobs: readonly Job[]): Snapshot {
  const state = runState(run.status, run.conclusion);
  const error = errorOf(run, state, jobs);
  const startedAt = iso(run.run_started_at);
  const endedAt = runEnded(state) ? iso(lastEnd(jobs) ?? run.updated_at) : undefined;
  return {
    state,
    sha: run.head_sha,
    steps: stepsOf(jobs),
    url: run.html_url,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(error === undefined ? {} : { error }),
    ...(state === 'unknown' ? { warning: unknownWords(run) } : {}),
  };
}

/** The job to read the log of: the one that failed, else the last that has begun. */
export function tellingJob(jobs: readonly Job[]): Job | undefined {
  return jobs.find(failed) ?? jobs.findLast((job) => job.status === 'completed' || job.status === 'in_progress');
}

function stepsOf(jobs: readonly Job[]): readonly Step[] {
  const [only, ...others] = jobs;
  if (only === undefined) return [];
  const own = only.steps?.filter(worthShowing) ?? [];
  if (others.length === 0 && own.length > 0) return own.map((step) => stepOf(step, only.html_url));
  return jobs.map((job) => stepOf(job, job.html_url));
}

/** The runner's own housekeeping is noise, unless it is what failed. */
function worthShowing(step: JobStep): boolean {
  return step.conclusion === 'failure' || !/^(Set up job|Complete job|Post .+)$/.test(step.name);
}

function stepOf(part: Job | JobStep, url: string | null): Step {
  const state = stepState(part.status, part.conclusion);
  const startedAt = state === 'waiting' ? undefined : iso(part.started_at);
  const endedAt = part.status === 'completed' ? iso(part.completed_at) : undefined;
  return {
    name: part.name,
    state,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(url === null ? {} : { url }),
  };
}

function errorOf(run: WorkflowRun, state: RunState, jobs: readonly Job[]): string | undefined {
  if (state !== 'failed' && state !== 'timed-out') return undefined;
  return clip(redact(failureWords(run, jobs)), 300);
}

function failureWords(run: WorkflowRun, jobs: readonly Job[]): string {
  const job = jobs.find(failed);
  const step = job?.steps?.find(failed);
  if (job !== undefined && step !== undefined) return `Step "${step.name}" of job "${job.name}" failed.`;
  if (job !== undefined) return `Job "${job.name}" failed.`;
  switch (run.conclusion) {
    case 'startup_failure':
      return 'GitHub could not start the run. Look at the workflow file at this commit.';
    case 'skipped':
      return 'Every job was skipped, so nothing was deployed. Look at the conditions of the jobs.';
    case 'neutral':
      return 'The run ended neutral: neither success nor failure.';
    default:
      return `The run ended with "${run.conclusion ?? ''}".`;
  }
}

function failed(part: Job | JobStep): boolean {
  return part.conclusion === 'failure' || part.conclusion === 'timed_out';
}

function unknownWords(run: WorkflowRun): string {
  const words = [run.status, run.conclusion].filter((word) => word !== null).join(' / ');
  return `GitHub gives the run a state that is not known here: "${clip(words, 100)}".`;
}

function lastEnd(jobs: readonly Job[]): string | undefined {
  const ends = jobs.map((job) => job.completed_at ?? '').filter((end) => end !== '');
  return ends.sort().at(-1);
}

function iso(time: string | null | undefined): string | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
