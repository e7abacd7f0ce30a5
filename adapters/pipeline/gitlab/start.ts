import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { pause } from '../../shared/http/pacer.ts';
import { type Context, wanted } from './context.ts';
import { CORRELATION, handed } from './handed.ts';
import { Pipeline, Pipelines, Variables } from './schema.ts';
import { makeTag } from './tag.ts';

/** A start that is still being worked on there shows as a pipeline some seconds later. Milliseconds between looks. */
const LISTING_PAUSES_MS = [500, 1000, 2000, 4000];
/** Pages of a hundred pipelines on one tag of our own. */
const MOST_PAGES = 3;

/** Starts a pipeline on the deployment's own tag, unless a start before this one did. */
export async function start(context: Context, request: StartRequest, fence?: Fence): Promise<Run> {
  if ((await makeTag(context, request, fence)) === 'there') {
    // Somebody came this far before, and may not be done yet: one look is not enough.
    const run = await awaitRun(context, request);
    if (run !== undefined) return run;
  }
  const { project, settings, tag } = wanted(context, request);
  const what = `a pipeline of ${request.repository}`;
  const order = { what, path: `${project}/pipeline`, json: { ref: tag, ...handed(request, settings) } };
  const answer = await context.gitlab.send(order, fence).catch((error: unknown) => {
    throw withAdvice(error);
  });
  return runOf(context, context.gitlab.read({ what }, answer, Pipeline));
}

/** The run that a start with this request made: on its own tag, by the API, with our id among its variables. */
export async function findRun(context: Context, request: StartRequest): Promise<Run | undefined> {
  const { project, settings, tag } = wanted(context, request);
  const question = {
    what: `the pipelines of ${request.repository}`,
    path: `${project}/pipelines`,
    query: { ref: tag, source: 'api', order_by: 'id', sort: 'asc' },
    form: Pipelines,
  };
  const { items } = await context.gitlab.list(question, MOST_PAGES);
  // A push of the tag may have started a pipeline too: that one is not ours.
  const candidates = items.filter(({ ref, source }) => ref === tag && source === 'api');
  for (const candidate of candidates) {
    if (!settings.ownVariables || (await belongs(context, request, candidate))) return runOf(context, candidate);
  }
  return undefined;
}

/** Does the pipeline carry our id? Where the token may not read variables, the tag has to do: it is the deployment's own. */
async function belongs(context: Context, request: StartRequest, { id }: Pipeline): Promise<boolean> {
  const { project } = wanted(context, request);
  const question = {
    what: `the variables of pipeline ${id} of ${request.repository}`,
    path: `${project}/pipelines/${id}/variables`,
    form: Variables,
  };
  try {
    const variables = await context.gitlab.get(question);
    return variables.some(({ key, value }) => key === CORRELATION && value === request.correlation);
  } catch (error) {
    if (error instanceof PortFailure && error.details.kind === 'forbidden') return true;
    throw error;
  }
}

async function awaitRun(context: Context, request: StartRequest): Promise<Run | undefined> {
  for (const wait of [0, ...LISTING_PAUSES_MS]) {
    if (wait > 0) await pause(context.tools.clock, wait);
    const run = await findRun(context, request);
    if (run !== undefined) return run;
  }
  return undefined;
}

function runOf({ id }: Context, pipeline: Pipeline): Run {
  return { provider: id, id: String(pipeline.id), url: pipeline.web_url };
}

/** What to change so that GitLab takes the start. The words are those of `Ci::CreatePipelineService` and its checks. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /permissions? to set pipeline variables/i,
    'Allow the token to set pipeline variables (Settings, CI/CD, Variables), or set ownVariables to false.',
  ],
  [
    /will not run for the selected trigger|no stages ?\/ ?jobs/i,
    'Let the rules of .gitlab-ci.yml take pipelines whose CI_PIPELINE_SOURCE is "api".',
  ],
  [
    /unknown input|inputs? .*not defined|given inputs/i,
    'Declare them under spec: inputs of .gitlab-ci.yml, or leave them out of the settings.',
  ],
];

function withAdvice(error: unknown): unknown {
  if (!(error instanceof PortFailure) || (error.details.kind !== 'refused' && error.details.kind !== 'forbidden'))
    return error;
  const advice = ADVICE.find(([words]) => words.test(error.message))?.[1];
  return advice === undefined ? error : new PortFailure(`${error.message} ${advice}`, error.details);
}
