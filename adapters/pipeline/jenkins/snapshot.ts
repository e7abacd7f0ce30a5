import { type RunState, runEnded, type Snapshot, type Step, type Wait } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Build, buildState, type QueueItem, type Stage, stageState } from './schema.ts';

/** A build and what the plugin Pipeline: REST API tells of it; without stages where there is no such plugin, or no pipeline. */
export interface Seen {
  readonly build: Build;
  readonly stages: readonly Stage[] | undefined;
  readonly waits: readonly Wait[];
  /** Page of the build. */
  readonly url: string;
}

export function snapshotOf(seen: Seen): Snapshot {
  const { build, waits, url } = seen;
  const ran = buildState(build);
  const state = ran === 'running' && waits.length > 0 ? 'waiting' : ran;
  const error = errorOf(seen, state);
  const warning = state === 'unknown' ? unknownWord(build) : withoutStages(seen);
  return {
    state,
    steps: stepsOf(seen, state),
    startedAt: iso(build.timestamp),
    url,
    ...(waits.length === 0 || runEnded(state) ? {} : { waits }),
    ...(runEnded(state) ? { endedAt: iso(build.timestamp + build.duration) } : {}),
    ...(error === undefined ? {} : { error }),
    ...(warning === undefined ? {} : { warning }),
  };
}

/** Not begun. Why not is worth reading, unless it only waits for a moment on purpose. */
export function queuedSnapshot(item: QueueItem, url: string): Snapshot {
  const { why, blocked, buildable, stuck } = item;
  const held = stuck === true || blocked === true || buildable === true;
  const words = `Jenkins keeps the build in its queue${stuck === true ? ', longer than usual' : ''}: ${clip(redact(why ?? 'it does not say why'), 200)}`;
  return { state: 'queued', steps: [], url, ...(held ? { warning: words } : {}) };
}

/** Taken out of the queue before it began. */
export function cancelledSnapshot(url: string): Snapshot {
  return { state: 'cancelled', steps: [], url, error: 'It was taken out of the queue of Jenkins before it began.' };
}

function stepsOf({ build, stages = [], url }: Seen, state: RunState): readonly Step[] {
  if (stages.length > 0) return stages.map((stage) => stepOf(stage, url));
  const ended = runEnded(state) || state === 'unknown';
  const end = ended ? { endedAt: iso(build.timestamp + build.duration) } : {};
  const word = !ended ? 'running' : state === 'succeeded' ? 'succeeded' : 'failed';
  return [{ name: 'Build', state: word, startedAt: iso(build.timestamp), ...end, url: `${url}console` }];
}

/** A stage that was not executed has no times. */
function stepOf({ id, name, status, startTimeMillis, durationMillis }: Stage, url: string): Step {
  const state = stageState(status);
  const begun = state !== 'skipped' && startTimeMillis > 0;
  return {
    name,
    state,
    ...(begun ? { startedAt: iso(startTimeMillis) } : {}),
    ...(begun && state !== 'running' ? { endedAt: iso(startTimeMillis + durationMillis) } : {}),
    url: `${url}execution/node/${encodeURIComponent(id)}/`,
  };
}

function errorOf({ build, stages = [] }: Seen, state: RunState): string | undefined {
  if (state !== 'failed') return undefined;
  return clip(redact(failureWords(build.result, stages)).replace(/\s+/g, ' ').trim(), 300);
}

function failureWords(result: string | null, stages: readonly Stage[]): string {
  if (result === 'NOT_BUILT') {
    return 'Jenkins ended the build without building anything (NOT_BUILT), for example because a newer one overtook it at a milestone.';
  }
  const stage = stages.find(({ status }) => stageState(status) === 'failed');
  if (result === 'UNSTABLE') {
    const where = stage === undefined ? '' : ` in stage "${stage.name}"`;
    return `Jenkins calls the build unstable${where}: usually tests failed.`;
  }
  if (stage === undefined) return 'The build failed. Its console says more.';
  const [line = ''] = (stage.error?.message ?? '').trim().split(/\r?\n/);
  return `Stage "${stage.name}" failed${line === '' ? '.' : `: ${line}`}`;
}

function unknownWord({ result }: Build): string {
  return `Jenkins gives the build a result that is not known here: "${clip(redact(result ?? 'none'), 100)}".`;
}

/** Only a pipeline has stages; to see them, and to hear of its questions, a plugin is needed. */
function withoutStages({ build, stages }: Seen): string | undefined {
  if (stages !== undefined || !isPipeline(build)) return undefined;
  return 'Jenkins shows neither the stages of the build nor its questions: its plugin "Pipeline: REST API" is missing.';
}

export function isPipeline({ _class: kind }: Build): boolean {
  return kind === 'org.jenkinsci.plugins.workflow.job.WorkflowRun';
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
