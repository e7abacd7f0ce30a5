import type { Run, Snapshot } from '../../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools, PipelineAdapter } from '../../shared/adapter.ts';
import { createGitHub } from '../../shared/github/client.ts';
import { removeTag, type Tagger } from '../../shared/github/tag.ts';
import { answer, stop } from './act.ts';
import { createCircleCI } from './client.ts';
import { type Context, placeOf } from './context.ts';
import { findRun, runOf } from './find.ts';
import { readWebhook } from './inbound.ts';
import { logs } from './logs.ts';
import { partsOf, pipelineOf, workflowsOf } from './read.ts';
import { Provider, Settings } from './schema.ts';
import { counting, snapshotOf } from './snapshot.ts';
import { start } from './start.ts';

/** Runs a pipeline of CircleCI over version 2 of its API, on a short-lived tag at the approved commit where it may make one. */
export const circleci: PipelineAdapter<Provider, Settings> = {
  type: 'circleci',
  provider: Provider,
  settings: Settings,
  abilities: {
    title: 'CircleCI',
    starts: 'a new pipeline, for GitHub App projects by its definition',
    findsBy: 'the short-lived tag of the deployment; on a branch our id in the compiled configuration',
    commit: 'a tag at the commit, or else a branch that must stand there; read from the pipeline',
    follows: 'webhooks `workflow-completed` and `job-completed`, and asking',
    stops: 'cancels every open workflow',
    logs: 'the step that failed',
    inputs: 'parameters of the pipeline by the same name',
    waits:
      'approval jobs, answered from the card: approved, or the workflow cancelled; CircleCI keeps no words, so who decided stands with us alone',
    artifacts: 'handed over in a parameter; CircleCI names no digests of its own',
    login: 'personal API token; CircleCI server too',
    limits: 'takes no commit: without a GitHub connection for the tag, a branch that has moved on is run and stopped',
  },
  create,
};

async function create(id: string, provider: Provider, tools: AdapterTools): Promise<Pipeline> {
  const tagger = await taggerOf(id, provider, tools);
  const made = await createCircleCI(id, provider, tools);
  const context: Context = { id, circleci: made, tools, ...(tagger === undefined ? {} : { tagger }) };
  const secret = provider.webhookSecret === undefined ? undefined : await tools.secrets.read(provider.webhookSecret);
  return {
    id,
    pace: { firstMs: 5000, mostMs: 60_000 },
    start: (request, fence) => start(context, request, fence),
    find: (request) => findRun(context, request),
    look: (run, request) => look(context, run, request),
    stop: (run) => stop(context, run),
    logs: (run, request) => logs(context, run, request),
    answer: (_run, _request, wait, verdict, _words, fence) => answer(context, wait, verdict, fence),
    ...(tagger === undefined ? {} : { tidy: (_run, request) => removeTag(tagger, request) }),
    ...(secret === undefined ? {} : { verify: (headers, body) => readWebhook(secret, headers, body) }),
  };
}

async function taggerOf(id: string, { tags }: Provider, tools: AdapterTools): Promise<Tagger | undefined> {
  if (tags === undefined) return undefined;
  const { type: _type, ...connection } = tags;
  return { id, tools, github: await createGitHub(id, connection, tools) };
}

async function look(context: Context, run: Run, request: StartRequest): Promise<Snapshot> {
  const { settings, slug } = placeOf(request);
  const pipeline = await pipelineOf(context, run);
  const workflows = (await workflowsOf(context, run)).filter(({ name, tag }) => counting(name, tag, settings));
  const parts = await partsOf(context, workflows);
  const { url } = runOf(context, slug, pipeline);
  const snapshot = snapshotOf({ pipeline, parts, settings, url, now: context.tools.clock.now() });
  if (snapshot.state === 'unknown') {
    const words = {
      provider: context.id,
      run: run.id,
      state: pipeline.state,
      workflows: workflows.map((one) => one.status),
    };
    context.tools.log.warn(words, 'CircleCI gives a run an unknown state');
  }
  return snapshot;
}
