import type { Run, Snapshot } from '../../../src/domain/run.ts';
import { runEnded } from '../../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools, PipelineAdapter } from '../../shared/adapter.ts';
import { createGitLab } from '../../shared/gitlab/client.ts';
import { redact } from '../../shared/http/redact.ts';
import { artifactsOf, type Named } from './artifacts.ts';
import { type Context, wanted, wordsFor } from './context.ts';
import { readWebhook, signingKey } from './inbound.ts';
import { jobsOf } from './jobs.ts';
import { Pipeline as PipelineForm, Provider, Settings } from './schema.ts';
import { snapshotOf, tellingJob } from './snapshot.ts';
import { findRun, start } from './start.ts';
import { stop } from './stop.ts';
import { removeTag } from './tag.ts';
import { readable } from './trace.ts';
import { answer, waitsOf } from './waits.ts';
import { runState } from './words.ts';

/** Runs a pipeline of GitLab CI/CD on a short-lived tag at the approved commit. */
export const gitlabPipeline: PipelineAdapter<Provider, Settings> = {
  type: 'gitlab',
  provider: Provider,
  settings: Settings,
  abilities: {
    title: 'GitLab CI/CD',
    starts: '`POST /projects/:id/pipeline`',
    findsBy: 'a short-lived tag of the deployment, and our id in the variable `COUNTERSIGN_ID`',
    commit: 'a tag at the commit; read from the pipeline',
    follows: 'webhooks for pipelines and jobs, by token or signed, and asking',
    stops: 'cancels the pipeline, with the jobs that wait for a person',
    logs: 'the job that failed',
    inputs: 'variables in capitals, or inputs of the pipeline',
    waits: 'manual jobs and protected environments, answered in the name of whoever decides',
    artifacts: 'told in `COUNTERSIGN_ARTIFACTS`; read from a file that a job leaves',
    login: 'access token of a project, a group or a service account; self-managed too, with a private authority',
  },
  create,
};

const LOG_BYTES = 32_000;
const LOG_LINES = 200;

async function create(id: string, provider: Provider, tools: AdapterTools): Promise<Pipeline> {
  const context: Context = { id, gitlab: await createGitLab(id, provider, tools), tools };
  const verify = await verifying(id, provider, tools);
  const named: Named = new Map();
  return {
    id,
    pace: { firstMs: 5000, mostMs: 60_000 },
    start: (request, fence) => start(context, request, fence),
    find: (request) => findRun(context, request),
    look: (run, request) => look(context, run, request, named),
    stop: (run, request) => stop(context, run, request),
    logs: (run, request) => logs(context, run, request),
    tidy: (_run, request) => removeTag(context, request),
    answer: (...all) => answer(context, ...all),
    ...(verify === undefined ? {} : { verify }),
  };
}

/** Nothing where no token of a webhook is configured. */
async function verifying(
  id: string,
  provider: Provider,
  { secrets, clock }: AdapterTools,
): Promise<Pipeline['verify']> {
  const { webhookToken, webhookSigningToken } = provider;
  const token = webhookToken === undefined ? undefined : await secrets.read(webhookToken);
  const signing = webhookSigningToken === undefined ? undefined : await secrets.read(webhookSigningToken);
  if (token === undefined && signing === undefined) return undefined;
  const key = signing === undefined ? undefined : signingKey(id, signing);
  return async (headers, body) => readWebhook({ token, key }, headers, body, clock.now());
}

async function look(context: Context, run: Run, request: StartRequest, known: Named): Promise<Snapshot> {
  const { project } = wanted(context, request);
  const question = {
    what: wordsFor(run, request),
    path: `${project}/pipelines/${run.id}`,
    form: PipelineForm,
    polled: true,
  };
  const [pipeline, jobs] = await Promise.all([context.gitlab.get(question), jobsOf(context, run, request)]);
  // Only then: whatever an ended job left was there before it ended.
  const named = await artifactsOf(context, request, jobs, known);
  const waits = runEnded(runState(pipeline.status)) ? [] : waitsOf(jobs);
  const snapshot = snapshotOf(pipeline, jobs, waits);
  if (snapshot.state === 'unknown') {
    const { status } = pipeline;
    context.tools.log.warn({ provider: context.id, run: run.id, status }, 'GitLab gives a pipeline an unknown state');
  }
  return { ...named, ...snapshot };
}

/** Empty while no job has begun. */
async function logs(context: Context, run: Run, request: StartRequest): Promise<string> {
  const job = tellingJob(await jobsOf(context, run, request));
  if (job === undefined) return '';
  const text = await context.gitlab.tail({
    what: `the log of job "${job.name}"`,
    path: `${wanted(context, request).project}/jobs/${job.id}/trace`,
    bytes: LOG_BYTES,
  });
  return redact(readable(text ?? '', LOG_LINES));
}
