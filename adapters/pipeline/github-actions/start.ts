import { artifactLines } from '../../../src/domain/artifact.ts';
import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { sendFenced } from '../../shared/github/fenced.ts';
import { makeTag } from '../../shared/github/tag.ts';
import { pause } from '../../shared/http/pacer.ts';
import { type Context, wanted } from './context.ts';
import { Dispatched, type Settings, type WorkflowRun, WorkflowRuns } from './schema.ts';

/** GitHub lists a new run some seconds after the dispatch. Milliseconds between looks. */
const LISTING_PAUSES_MS = [500, 1000, 2000, 4000];

/** Makes the function that starts runs. It remembers whether this GitHub can name the run it starts. */
export function createStart(context: Context): (request: StartRequest, fence?: Fence) => Promise<Run> {
  let namesRuns = true;

  async function start(request: StartRequest, fence?: Fence): Promise<Run> {
    if ((await makeTag(context, request, fence)) === 'there') {
      // Somebody came this far before. The run may exist without being listed yet, so one look is not enough.
      const run = (await findRun(context, request)) ?? (await awaitRun(context, request));
      if (run !== undefined) return run;
    }
    if (namesRuns) {
      const answer = await dispatchNamed(request, fence);
      if (answer !== 'unknown-word') return answer;
    }
    await dispatch(context, request, false, fence);
    namesRuns = false;
    return accepted(context, request);
  }

  /** GitHub Enterprise Server without `return_run_details` answers 422 to the word, or 204 and no details. */
  async function dispatchNamed(request: StartRequest, fence?: Fence): Promise<Run | 'unknown-word'> {
    try {
      const { data } = await dispatch(context, request, true, fence);
      const details = Dispatched.safeParse(data).data;
      if (details === undefined) return accepted(context, request);
      return { provider: context.id, id: String(details.workflow_run_id), url: details.html_url };
    } catch (error) {
      if (error instanceof PortFailure && error.details.code === '422' && /return_run_details/.test(error.message)) {
        return 'unknown-word';
      }
      throw error;
    }
  }

  return start;
}

/** The run that a start with this request made: it runs on the deployment's own tag. */
export async function findRun(context: Context, request: StartRequest): Promise<Run | undefined> {
  const { place, settings, tag } = wanted(context, request);
  const found = await context.github.get({
    what: `workflow ${settings.workflow} of ${request.repository}`,
    route: 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
    parameters: { ...place, workflow_id: settings.workflow, event: 'workflow_dispatch', branch: tag, per_page: 100 },
    form: WorkflowRuns,
    polled: true,
  });
  const run = ours(found.workflow_runs, tag, request.correlation);
  return run === undefined ? undefined : { provider: context.id, id: String(run.id), url: run.html_url };
}

/** The one that shows our id, else the first on the tag: a run that somebody started there by hand came later. */
function ours(runs: readonly WorkflowRun[], tag: string, correlation: string): WorkflowRun | undefined {
  const candidates = runs.filter((run) => run.head_branch === tag && run.event === 'workflow_dispatch');
  const oldestFirst = candidates.toSorted((one, other) => one.id - other.id);
  return oldestFirst.find((run) => run.display_title?.includes(correlation)) ?? oldestFirst[0];
}

async function dispatch(context: Context, request: StartRequest, named: boolean, fence?: Fence) {
  const { place, settings, tag } = wanted(context, request);
  const { workflow, correlationInput, artifactsInput } = settings;
  const id = correlationInput === false ? {} : { [correlationInput]: request.correlation };
  const artifacts = artifactsInput === undefined ? {} : { [artifactsInput]: artifactLines(request.artifacts ?? []) };
  const inputs = { ...settings.inputs, ...request.inputs, ...artifacts, ...id };
  const details = named ? { return_run_details: true } : {};
  try {
    const order = {
      what: `workflow ${workflow} of ${request.repository}`,
      route: 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      // The whole name, so that a branch called like the tag is never taken instead.
      parameters: { ...place, workflow_id: workflow, ref: `refs/tags/${tag}`, inputs, ...details },
    } as const;
    return await sendFenced(context, order, fence);
  } catch (error) {
    throw withAdvice(error, settings);
  }
}

/** The dispatch was taken without naming the run: from here on, every fault leaves the start in doubt. */
async function accepted(context: Context, request: StartRequest): Promise<Run> {
  const run = await awaitRun(context, request).catch((error: unknown) => {
    if (!(error instanceof PortFailure)) throw error;
    throw new PortFailure(error.message, { ...error.details, retryable: true, inDoubt: true });
  });
  if (run !== undefined) return run;
  const message = 'GitHub took the start, but does not show the run yet.';
  throw new PortFailure(message, {
    port: context.id,
    kind: 'timeout',
    retryable: true,
    inDoubt: true,
    code: 'not-listed',
  });
}

async function awaitRun(context: Context, request: StartRequest): Promise<Run | undefined> {
  for (const wait of LISTING_PAUSES_MS) {
    await pause(context.tools.clock, wait);
    const run = await findRun(context, request);
    if (run !== undefined) return run;
  }
  return undefined;
}

function withAdvice(error: unknown, { correlationInput, artifactsInput }: Settings): unknown {
  if (!(error instanceof PortFailure) || error.details.code !== '422') return error;
  const unexpected = /unexpected inputs/i.test(error.message);
  const advice =
    unexpected && artifactsInput !== undefined && error.message.includes(`"${artifactsInput}"`)
      ? ` Give the workflow an input "${artifactsInput}", or leave artifactsInput out.`
      : unexpected && correlationInput !== false
        ? ` Give the workflow an input "${correlationInput}", or set correlationInput to false.`
        : /workflow_dispatch/.test(error.message)
          ? ' Give the workflow the trigger workflow_dispatch.'
          : '';
  return new PortFailure(`${error.message}${advice}`, error.details);
}
