import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { type Context, runOf, type Wanted, wanted } from './context.ts';
import { Found, PipelineConfig, Started } from './shapes.ts';
import { triggerOf } from './trigger.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Orca reads through all runs of a pipeline until enough fit, so the past to look through is bounded. No start stays in doubt so long. */
const LOOKS_BACK_MS = 14 * DAY_MS;
/** Orca reads twice as many at a time; large enough that a busy pipeline takes few reads. */
const FOUND_AT_ONCE = 50;

/**
 * Starts one run. Orca itself gives back the run of the same correlation instead of a second one, but only while that run is going on
 * (`ExecutionLauncher.checkForCorrelatedExecution`, `SqlExecutionRepository.retrievePipelineForCorrelationId`): so it is looked for first.
 */
export async function start(context: Context, request: StartRequest, fence?: Fence): Promise<Run> {
  const wish = wanted(request);
  const trigger = triggerOf(context, request);
  const before = await find(context, request);
  if (before !== undefined) return before;
  await check(context, wish);
  const order = {
    what: wish.what,
    path: `pipelines/${pathOf(wish.application, wish.pipeline)}`,
    json: trigger,
  };
  const answer = await context.gate.send(order, fence);
  const { ref } = begun(context, order, answer);
  return runOf(context, wish.application, decodeURIComponent(ref.slice(ref.lastIndexOf('/') + 1)));
}

/** An answer that says nothing leaves the start in doubt, because it was taken. */
function begun(
  context: Context,
  order: { readonly what: string },
  answer: Awaited<ReturnType<Context['gate']['send']>>,
) {
  try {
    return context.gate.read(order, answer, Started);
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    throw new PortFailure(error.message, { ...error.details, retryable: true, inDoubt: true });
  }
}

/** The run that a start with this request made: it carries our correlation. Of several, which only people can have made, the first. */
export async function find(context: Context, request: StartRequest): Promise<Run | undefined> {
  const { application, pipeline, what } = wanted(request);
  const sought = JSON.stringify({ correlationId: request.correlation });
  const found = await context.gate.get({
    what: `the runs of ${what}`,
    path: `applications/${pathOf(application)}/executions/search`,
    query: {
      pipelineName: pipeline,
      triggerTypes: 'manual',
      trigger: Buffer.from(sought).toString('base64'),
      triggerTimeStartBoundary: Math.max(0, context.tools.clock.now() - LOOKS_BACK_MS - request.timeoutMs),
      size: FOUND_AT_ONCE,
    },
    form: Found,
  });
  // Newest first, and Gate compares without regard to case.
  const run = found.findLast(({ trigger }) => trigger?.correlationId === request.correlation);
  return run === undefined ? undefined : runOf(context, application, run.id);
}

/** What would be taken and come to nothing is refused before anything runs. */
async function check(context: Context, { settings, application, pipeline, what }: Wanted): Promise<void> {
  const config = await context.gate.get({
    what,
    path: `applications/${pathOf(application)}/pipelineConfigs/${pathOf(pipeline)}`,
    form: PipelineConfig,
  });
  if (config.disabled === true) {
    throw refused(context, 'disabled', `The ${what} is disabled in Spinnaker. Enable it there.`);
  }
  const declared = (config.parameterConfig ?? []).map(({ name }) => name);
  const { commitFrom, commitParameter } = settings;
  if (commitFrom !== 'parameter' || declared.includes(commitParameter)) return;
  const advice = `Give it one and deploy that commit, or set commitParameter or commitFrom.`;
  throw refused(context, 'no-commit-parameter', `The ${what} has no parameter "${commitParameter}". ${advice}`);
}

function refused({ id }: Context, code: string, message: string): PortFailure {
  return new PortFailure(message, { port: id, kind: 'refused', retryable: false, code });
}
