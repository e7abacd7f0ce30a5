import type { Run } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { makeTag } from '../../shared/github/tag.ts';
import { pause } from '../../shared/http/pacer.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Context, type Wanted, wanted } from './context.ts';
import { findRun, runOf } from './find.ts';
import { adviceOn, parametersOf } from './parameters.ts';
import { type Settings, Started } from './schema.ts';

/** A new pipeline may be listed a moment later. Milliseconds between looks. */
const LISTING_PAUSES_MS = [500, 1000, 2000];

/** Runs the approved commit by a tag of its own, or else a branch; what runs there is read from the run and judged by the engine. */
export async function start(context: Context, request: StartRequest, fence?: Fence): Promise<Run> {
  const asked = wanted(context, request);
  const parameters = parametersOf(context, request, asked.settings);
  const before = await startedBefore(context, request, fence);
  if (before !== undefined) return before;
  const order = orderOf(asked, parameters);
  try {
    const answer = await context.circleci.send(order, fence);
    const started = context.circleci.read(order, answer, Started);
    if (started.id === undefined) throw notStarted(context, started.message ?? '');
    return runOf(context, asked.slug, { ...started, id: started.id });
  } catch (error) {
    throw withAdvice(error, asked.settings);
  }
}

/** A start that came this far before: with a tag only when the tag was there already, on a branch whenever the run is found. */
async function startedBefore(context: Context, request: StartRequest, fence?: Fence): Promise<Run | undefined> {
  if (context.tagger === undefined) return findRun(context, request);
  if ((await makeTag(context.tagger, request, fence)) === 'made') return undefined;
  let run = await findRun(context, request);
  for (const wait of LISTING_PAUSES_MS) {
    if (run !== undefined) return run;
    await pause(context.tools.clock, wait);
    run = await findRun(context, request);
  }
  return run;
}

/** `pipeline/run` serves every project that has pipeline definitions, and is the only way for those of the GitHub App. */
function orderOf({ slug, project, ref, settings }: Wanted, parameters: Readonly<Record<string, unknown>>) {
  const { definition, configBranch } = settings;
  const what = `a pipeline of ${slug}`;
  if (definition === undefined) return { what, path: `${project}/pipeline`, json: { ...ref, parameters } };
  const config = configBranch === undefined ? ref : { branch: configBranch };
  return {
    what,
    path: `${project}/pipeline/run`,
    json: { definition_id: definition, config, checkout: ref, parameters },
  };
}

/** Answered with 200 instead of 201, e.g. for a commit that says [skip ci]. */
function notStarted({ id }: Context, words: string): PortFailure {
  const message = `CircleCI started no pipeline. It says: ${clip(redact(words), 200)}`;
  return new PortFailure(message, { port: id, kind: 'refused', retryable: false, code: 'not-started' });
}

/** Any other failure, of the fence above all, comes through as it is. */
function withAdvice(error: unknown, settings: Settings): unknown {
  const advice = error instanceof PortFailure && error.details.code === '400' ? adviceOn(error.message, settings) : '';
  if (!(error instanceof PortFailure) || advice === '') return error;
  return new PortFailure(`${error.message}${advice}`, error.details);
}
