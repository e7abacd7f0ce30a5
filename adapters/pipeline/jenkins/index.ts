import { stripVTControlCharacters } from 'node:util';
import type { Run, Snapshot } from '../../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools, PipelineAdapter } from '../../shared/adapter.ts';
import { orNothing } from '../../shared/http/or-nothing.ts';
import { redact } from '../../shared/http/redact.ts';
import { artifactsOf } from './artifacts.ts';
import { createJenkins } from './client.ts';
import { commitOf } from './commit.ts';
import { type Context, pageOf, type Wanted, wanted } from './context.ts';
import { findRun, placeOf } from './find.ts';
import { readWebhook } from './inbound.ts';
import { Build, Provider, Settings, type Stage, Stages } from './schema.ts';
import { cancelledSnapshot, queuedSnapshot, snapshotOf } from './snapshot.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { answer, pendingOf, waitOf } from './waits.ts';

/** Runs a job of Jenkins with parameters, and follows it from the queue to its end. */
export const jenkins: PipelineAdapter<Provider, Settings> = {
  type: 'jenkins',
  provider: Provider,
  settings: Settings,
  abilities: {
    title: 'Jenkins',
    starts: '`buildWithParameters`',
    findsBy: 'a parameter with our id, in the queue and among the builds',
    commit: 'a parameter; read from what the git plugin checked out',
    follows: 'asking, and the Notification plugin',
    stops: 'takes it out of the queue, or aborts the build; asked again, harder',
    logs: 'the console',
    inputs: 'parameters of the job by the same name',
    waits: '`input` steps, answered with the values they are filled in with',
    artifacts: 'from an archived file of `name@sha256:…` lines',
    login: 'user with API token or password; any address and authority',
    limits: 'the job must declare the parameters; stages and `input` need the plugin Pipeline: REST API',
  },
  create,
};

const LOG_BYTES = 32_000;
const LOG_LINES = 200;

async function create(id: string, provider: Provider, tools: AdapterTools): Promise<Pipeline> {
  const server = await createJenkins(id, provider, tools);
  const context: Context = { id, jenkins: server, tools, numbers: new Map(), stops: new Map() };
  const secret = provider.webhookSecret === undefined ? undefined : await tools.secrets.read(provider.webhookSecret);
  return {
    id,
    pace: { firstMs: 3000, mostMs: 30_000 },
    start: (request, fence) => start(context, request, fence),
    find: (request) => findRun(context, request),
    look: (run, request) => look(context, run, request),
    stop: (run, request) => stop(context, run, request),
    logs: (run, request) => logs(context, run, request),
    answer: (...all) => answer(context, ...all),
    ...(secret === undefined ? {} : { verify: (headers, body) => readWebhook(secret, headers, body) }),
  };
}

async function look(context: Context, run: Run, request: StartRequest): Promise<Snapshot> {
  const mine = wanted(request);
  const place = await placeOf(context, run, request);
  if (place.kind === 'queued') return queuedSnapshot(place.item, pageOf(context, mine));
  if (place.kind === 'cancelled') return cancelledSnapshot(pageOf(context, mine));
  const { number } = place;
  const [build, { stages, asks }] = await Promise.all([
    context.jenkins.get({
      what: `build ${number} of ${mine.what}`,
      path: `${mine.job}/${number}/api/json`,
      query: { tree: `number,building,result,timestamp,duration,actions[lastBuiltRevision[SHA1],remoteUrls]` },
      form: Build,
    }),
    stagesOf(context, mine, number),
  ]);
  const pending = build.building && asks ? await pendingOf(context, mine, number) : [];
  const waits = pending.map((one) => waitOf(context, mine, number, one));
  const snapshot = snapshotOf({ build, stages, waits, url: pageOf(context, mine, number) });
  if (snapshot.state === 'unknown') {
    const { result } = build;
    context.tools.log.warn({ provider: context.id, run: run.id, result }, 'Jenkins gives a build an unknown result');
  }
  // Only then: whatever an ended build archived was there before it ended.
  const named = await artifactsOf(context, mine, number);
  return { ...commitOf(build.actions, mine, request), ...named, ...snapshot };
}

/** None for what is no pipeline, and where the plugin that tells of them is missing. */
async function stagesOf(
  { jenkins: server }: Context,
  { job, what }: Wanted,
  number: number,
): Promise<{ readonly stages: readonly Stage[] | undefined; readonly asks: boolean }> {
  const path = `${job}/${number}/wfapi/describe`;
  const found = await orNothing(server.get({ what: `the stages of build ${number} of ${what}`, path, form: Stages }));
  return { stages: found?.stages, asks: found?.status === 'PAUSED_PENDING_INPUT' };
}

/** The end of the console; empty while there is no build. */
async function logs(context: Context, run: Run, request: StartRequest): Promise<string> {
  const { job, what } = wanted(request);
  const place = await placeOf(context, run, request);
  if (place.kind !== 'build') return '';
  const text = await context.jenkins.tail({
    what: `the console of build ${place.number} of ${what}`,
    path: `${job}/${place.number}/consoleText`,
    bytes: LOG_BYTES,
  });
  return redact(readable(text ?? ''));
}

/** Without colours, and without the lines in which Jenkins tells of the steps of a pipeline. */
function readable(log: string): string {
  const lines = log.split(/\r?\n/).map(stripVTControlCharacters);
  const said = lines.filter((line) => !line.startsWith('[Pipeline] '));
  return said.slice(-LOG_LINES).join('\n').trim();
}
