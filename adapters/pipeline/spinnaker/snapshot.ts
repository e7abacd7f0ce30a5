import { type RunState, runEnded, type Snapshot, type Step } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { redact } from '../../shared/http/redact.ts';
import { imagesOf } from './artifacts.ts';
import { commitOf } from './commit.ts';
import { type Context, pageOf, wanted } from './context.ts';
import { errorOf } from './failure-words.ts';
import type { Execution, Stage } from './shapes.ts';
import { iso } from './times.ts';
import { waitsOf } from './waits.ts';
import { runState, stepState } from './words.ts';

/** What a run looks like now. */
export function snapshotOf(context: Context, execution: Execution, request: StartRequest): Snapshot {
  const { settings, application } = wanted(request);
  const word = runState(execution.status);
  const waits = runEnded(word) ? [] : waitsOf(context, execution, settings);
  const state: RunState = word === 'running' && waits.length > 0 ? 'waiting' : word;
  const { artifacts, left } = imagesOf(execution, settings);
  const found = {
    sha: commitOf(execution, settings, request),
    startedAt: iso(execution.startTime),
    endedAt: runEnded(state) ? iso(execution.endTime) : undefined,
    url: pageOf(context, application, execution.id),
    error: state === 'failed' ? errorOf(execution) : undefined,
    artifacts: artifacts.length === 0 ? undefined : artifacts,
    waits: waits.length === 0 ? undefined : waits,
    warning: warningOf(execution, state, left),
  };
  const said = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return { state, steps: stepsOf(context, execution, application), ...said };
}

/** The stages that people drew; those that Orca puts around and into them are its own business. */
function stepsOf(context: Context, { id, stages }: Execution, application: string): readonly Step[] {
  return stages
    .filter(({ parentStageId, syntheticStageOwner }) => !parentStageId && !syntheticStageOwner)
    .map((stage) => stepOf(stage, pageOf(context, application, id, stage.id)));
}

function stepOf(stage: Stage, url: string | undefined): Step {
  const [startedAt, endedAt] = [iso(stage.startTime), iso(stage.endTime)];
  const state = stage.status === 'CANCELED' && startedAt === undefined ? 'skipped' : stepState(stage.status);
  return {
    name: redact(stage.name ?? stage.type ?? stage.id),
    state,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(url === undefined ? {} : { url }),
  };
}

function warningOf({ status, stages }: Execution, state: RunState, left: number): string | undefined {
  if (state === 'unknown') return `Spinnaker gives the run a state that is not known here: "${clip(status, 100)}".`;
  const passed = stages.find((stage) => stage.status === 'FAILED_CONTINUE');
  if (state === 'succeeded' && passed !== undefined) {
    return `The run succeeded, although its stage "${clip(redact(passed.name ?? passed.id), 100)}" failed: the pipeline ignores that.`;
  }
  if (left === 0) return undefined;
  const many = left === 1 ? '1 artifact' : `${left} artifacts`;
  return `${many} cannot be compared: at most 20 images count, and only if their reference ends with a digest.`;
}
