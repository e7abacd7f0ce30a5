import { stripVTControlCharacters } from 'node:util';
import type { Run, Snapshot } from '../../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools, PipelineAdapter } from '../../shared/adapter.ts';
import { createGitHub } from '../../shared/github/client.ts';
import { removeTag } from '../../shared/github/tag.ts';
import { redact } from '../../shared/http/redact.ts';
import { unless } from '../../shared/http/unless.ts';
import { artifactsOf } from './artifacts.ts';
import { type Context, wanted } from './context.ts';
import { readWebhook } from './inbound.ts';
import { outside, uses } from './outside.ts';
import { record } from './record.ts';
import { type Job, Jobs, Provider, Settings, WorkflowRun } from './schema.ts';
import { snapshotOf, tellingJob } from './snapshot.ts';
import { createStart, findRun } from './start.ts';
import { answer, waitsOf } from './waits.ts';

/** Runs a workflow of GitHub Actions by `workflow_dispatch`, on a short-lived tag at the approved commit. */
export const githubActions: PipelineAdapter<Provider, Settings> = {
  type: 'github-actions',
  provider: Provider,
  settings: Settings,
  abilities: {
    title: 'GitHub Actions',
    starts: '`workflow_dispatch`',
    findsBy: 'a short-lived tag of the deployment, and our id in `run-name`',
    commit: 'a tag at the commit; read from the run',
    follows: 'webhooks `workflow_run` and `workflow_job`, and asking',
    stops: 'cancels the run',
    logs: 'the job that failed',
    inputs: 'inputs of the workflow by the same name',
    waits: 'environments with required reviewers, answered with the token of a user who is one; timers are shown',
    artifacts: 'those of the run, with their digests',
    login: 'GitHub App or token; GitHub Enterprise Server too',
  },
  create,
};

/** Pages of a hundred jobs; what lies beyond is not shown as steps, while the run's own state still counts. */
const MOST_JOB_PAGES = 5;
const LOG_BYTES = 32_000;
const LOG_LINES = 200;

async function create(id: string, provider: Provider, tools: AdapterTools): Promise<Pipeline> {
  const context: Context = { id, github: await createGitHub(id, provider, tools), tools };
  const secret = provider.webhookSecret === undefined ? undefined : await tools.secrets.read(provider.webhookSecret);
  return {
    id,
    pace: { firstMs: 5000, mostMs: 60_000 },
    start: createStart(context),
    find: (request) => findRun(context, request),
    look: (run, request) => look(context, run, request),
    stop: (run, request) => stop(context, run, request),
    logs: (run, request) => logs(context, run, request),
    tidy: (_run, request) => removeTag(context, request),
    answer: (...all) => answer(context, ...all),
    record: (request, state, words, fence) => record(context, request, state, words, fence),
    uses,
    outside: (run, repository) => outside(context, run, repository),
    ...(secret === undefined ? {} : { verify: (headers, body) => readWebhook(secret, headers, body) }),
  };
}

async function look(context: Context, run: Run, request: StartRequest): Promise<Snapshot> {
  const { place } = wanted(context, request);
  const what = wordsFor(run, request);
  const [found, jobs] = await Promise.all([
    context.github.get({
      what,
      route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
      parameters: { ...place, run_id: run.id },
      form: WorkflowRun,
      polled: true,
    }),
    jobsOf(context, run, request),
  ]);
  const snapshot = snapshotOf(found, jobs);
  const waits = await waitsOf(context, request, found, jobs);
  // Only then: whatever an ended run uploaded was there before it ended.
  const named = await artifactsOf(context, run, request);
  if (snapshot.state === 'unknown') {
    const { status, conclusion } = found;
    context.tools.log.warn(
      { provider: context.id, run: run.id, status, conclusion },
      'GitHub gives a run an unknown state',
    );
  }
  return { ...named, ...snapshot, ...(waits.length === 0 ? {} : { waits }) };
}

/** A run that has ended meanwhile answers 409, which is what was wished. */
async function stop(context: Context, run: Run, request: StartRequest): Promise<void> {
  const parameters = { ...wanted(context, request).place, run_id: run.id };
  await unless(['409'], () =>
    context.github.send({
      what: wordsFor(run, request),
      route: 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel',
      parameters,
    }),
  );
}

/** Empty while GitHub has no log: it keeps one only of jobs that have ended. */
async function logs(context: Context, run: Run, request: StartRequest): Promise<string> {
  const job = tellingJob(await jobsOf(context, run, request));
  if (job?.status !== 'completed') return '';
  const text = await context.github.tail({
    what: `the log of job "${job.name}"`,
    route: 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
    parameters: { ...wanted(context, request).place, job_id: job.id },
    bytes: LOG_BYTES,
  });
  return redact(readable(text ?? ''));
}

async function jobsOf(context: Context, run: Run, request: StartRequest): Promise<readonly Job[]> {
  const { place } = wanted(context, request);
  const jobs: Job[] = [];
  for (let page = 1; page <= MOST_JOB_PAGES; page += 1) {
    const found = await context.github.get({
      what: wordsFor(run, request),
      route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
      parameters: { ...place, run_id: run.id, filter: 'latest', per_page: 100, page },
      form: Jobs,
      polled: true,
    });
    jobs.push(...found.jobs);
    if (found.jobs.length === 0 || jobs.length >= found.total_count) break;
  }
  return jobs;
}

/** Without the time at the head of each line and without colours. */
function readable(log: string): string {
  const lines = log.split(/\r?\n/).slice(-LOG_LINES);
  const bare = lines.map((line) => stripVTControlCharacters(line).replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /, ''));
  return bare.join('\n').trim();
}

function wordsFor(run: Run, request: StartRequest): string {
  return `run ${run.id} of ${request.repository}`;
}
