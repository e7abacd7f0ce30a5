import { type RunState, runEnded, type Snapshot, type Step, type Wait } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { redact } from '../../shared/http/redact.ts';
import { failureWords } from './failure-words.ts';
import type { Part } from './read.ts';
import { isPipelineState, type Job, jobState, type Pipeline, type Settings, workflowState } from './schema.ts';

/** What a look has brought. */
export interface Seen {
  readonly pipeline: Pipeline;
  /** Only what counts: see `counting`. */
  readonly parts: readonly Part[];
  readonly settings: Settings;
  /** Page of the pipeline. */
  readonly url?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Workflows come right after the pipeline. When none has come after so long, none will, in milliseconds. */
const NO_MORE_AFTER_MS = 2 * 60_000;

/** Setup workflows prepare the others; of these all count, or the one that the settings name. */
export function counting(name: string, tag: string | null | undefined, { workflow }: Settings): boolean {
  return tag === 'setup' || workflow === undefined || workflow === name;
}

export function snapshotOf(seen: Seen): Snapshot {
  const { pipeline, parts, url } = seen;
  const state = stateOf(seen);
  const sha = pipeline.vcs?.revision || pipeline.trigger_parameters?.git?.checkout_sha || undefined;
  const startedAt = edge(
    parts.map(({ workflow }) => iso(workflow.created_at)),
    'first',
  );
  const ends = parts.map(({ workflow }) => iso(workflow.stopped_at));
  const endedAt = runEnded(state) ? (edge(ends, 'last') ?? iso(pipeline.updated_at)) : undefined;
  const waits = parts.flatMap((part) => waitsOf(part, url));
  const failed = state === 'failed' ? clip(redact(firstLine(failureWords(seen))), 300) : undefined;
  return {
    state,
    steps: parts.flatMap((part) => stepsOf(part, parts.length > 1, url)),
    ...(sha === undefined ? {} : { sha }),
    ...(waits.length === 0 ? {} : { waits }),
    ...(url === undefined ? {} : { url }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(failed === undefined ? {} : { error: failed }),
    ...(state === 'unknown' ? { warning: unknownWords(seen) } : {}),
  };
}

function stateOf(seen: Seen): RunState {
  const { pipeline, parts } = seen;
  if (pipeline.state === 'errored') return 'failed';
  const states = parts.map(({ workflow }) => workflowState(workflow.status));
  if (!isPipelineState(pipeline.state) || states.includes('unknown')) return 'unknown';
  for (const open of ['waiting', 'running'] as const) if (states.includes(open)) return open;
  for (const bad of ['failed', 'cancelled'] as const) if (states.includes(bad)) return bad;
  if (parts.some(({ workflow }) => workflow.tag !== 'setup')) return 'succeeded';
  if (noneWillCome(seen)) return 'failed';
  return parts.length === 0 ? 'queued' : 'running';
}

/** A pipeline without a workflow, or with a setup that nothing followed, has deployed nothing. */
function noneWillCome({ pipeline, parts, now }: Seen): boolean {
  if (pipeline.state === 'pending' || pipeline.state === 'setup-pending') return false;
  const moments = [pipeline.created_at, pipeline.updated_at, ...parts.map(({ workflow }) => workflow.stopped_at)];
  const last = Math.max(...moments.map((moment) => Date.parse(moment ?? '')).filter((at) => !Number.isNaN(at)));
  return now - last > NO_MORE_AFTER_MS;
}

function stepsOf({ workflow, jobs }: Part, named: boolean, url: string | undefined): readonly Step[] {
  return jobs.map((job) => {
    const state = jobState(job.status);
    const startedAt = state === 'waiting' ? undefined : iso(job.started_at);
    const endedAt = state === 'waiting' || state === 'running' ? undefined : iso(job.stopped_at);
    const link = pageOf(workflow.id, job, url);
    return {
      name: named ? `${workflow.name}: ${job.name}` : job.name,
      state,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(link === undefined ? {} : { url: link }),
    };
  });
}

function waitsOf({ workflow, jobs }: Part, url: string | undefined): readonly Wait[] {
  return jobs.flatMap((job) => {
    if (job.type !== 'approval' || job.status !== 'on_hold' || !job.approval_request_id) return [];
    const since = iso(job.started_at);
    const link = pageOf(workflow.id, undefined, url);
    return {
      id: `${workflow.id}/${job.approval_request_id}`,
      name: job.name,
      answerable: true,
      ...(since === undefined ? {} : { since }),
      ...(link === undefined ? {} : { url: link }),
    };
  });
}

function pageOf(workflow: string, job: Job | undefined, url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const number = job?.type === 'build' ? job.job_number : undefined;
  return `${url}/workflows/${workflow}${number === undefined || number === null ? '' : `/jobs/${number}`}`;
}

function unknownWords({ pipeline, parts }: Seen): string {
  const words = [pipeline.state, ...parts.map(({ workflow }) => workflow.status)].map((word) => word ?? 'nothing');
  return `CircleCI gives the run a state that is not known here: "${clip(words.join(' / '), 100)}".`;
}

function firstLine(text: string): string {
  return text.split(/\r?\n/).find((line) => line.trim() !== '') ?? '';
}

function edge(times: readonly (string | undefined)[], which: 'first' | 'last'): string | undefined {
  const sorted = times.filter((time) => time !== undefined).toSorted();
  return sorted.at(which === 'first' ? 0 : -1);
}

function iso(time: string | null | undefined): string | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
