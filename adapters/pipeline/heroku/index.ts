import { stripVTControlCharacters } from 'node:util';
import type { Run, Snapshot } from '../../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools, PipelineAdapter } from '../../shared/adapter.ts';
import { createGitHub } from '../../shared/github/client.ts';
import { redact } from '../../shared/http/redact.ts';
import { createHeroku } from './client.ts';
import { type Context, partsOf, runOf, settingsOf } from './context.ts';
import { readWebhook } from './inbound.ts';
import { buildOf, commitOf, newestBuild, releaseOf } from './reading.ts';
import { type Build, Provider, type Release, Settings } from './schema.ts';
import { errorOf, snapshotOf } from './snapshot.ts';
import { find, start } from './start.ts';
import { stop } from './stop.ts';

/** Builds the approved commit on Heroku and follows it until it is released. */
export const heroku: PipelineAdapter<Provider, Settings> = {
  type: 'heroku',
  provider: Provider,
  settings: Settings,
  abilities: {
    title: 'Heroku',
    starts: 'a build from the archive of the commit, or a release of what another app built of it (`promoteFrom`)',
    findsBy: 'our id in the version of the build, or in the description of the release',
    commit: 'the archive of exactly this commit; read from the slug',
    follows: 'webhooks `api:build` and `api:release`, and asking; succeeded only when the release is',
    stops: 'cancels the build, or stops the dyno of the release command',
    logs: 'the build, or the release command',
    rollsBack: 'releases the slug of the former commit again, with the config vars of today',
    login: 'OAuth token',
    limits:
      'Heroku takes no inputs with a build. `SOURCE_VERSION` and the commit of the slug are the commit followed by our id',
  },
  create,
};

const LOG_LINES = 200;

async function create(id: string, provider: Provider, tools: AdapterTools): Promise<Pipeline> {
  const { archives } = provider;
  const context: Context = {
    id,
    heroku: await createHeroku(id, provider, tools),
    tools,
    ...(archives === undefined ? {} : { github: await createGitHub(id, archives, tools) }),
    stopped: new Set(),
  };
  const secret = provider.webhookSecret === undefined ? undefined : await tools.secrets.read(provider.webhookSecret);
  const buildBehind = async (app: string, release: string) =>
    (await newestBuild(context, app, (build) => build.release?.id === release))?.id;
  return {
    id,
    pace: { firstMs: 5000, mostMs: 60_000 },
    start: (request, fence) => start(context, request, fence),
    find: (request) => find(context, request),
    look: (run, request) => look(context, run, request),
    stop: (run, request) => stop(context, run, request),
    logs: (run, request) => logs(context, run, request),
    ...(secret === undefined ? {} : { verify: (headers, body) => readWebhook(secret, headers, body, buildBehind) }),
  };
}

async function look(context: Context, run: Run, request: StartRequest): Promise<Snapshot> {
  const { app } = settingsOf(request);
  const { build, release } = await seen(context, run, app);
  const slug = (release ?? build)?.slug ?? build?.slug ?? undefined;
  const commit = slug === undefined ? undefined : await commitOf(context, app, slug.id);
  const snapshot = snapshotOf({ build, release, commit });
  const { kind, id } = partsOf(run);
  const { url } = runOf(context, kind, id, app);
  const place = url === undefined ? {} : { url };
  if (snapshot.state === 'unknown') {
    const words = { provider: context.id, run: run.id, build: build?.status, release: release?.status };
    context.tools.log.warn(words, 'Heroku gives a run an unknown state');
  }
  if (snapshot.state !== 'failed') return { ...snapshot, ...place };
  if (context.stopped.has(run.id)) return { ...snapshot, ...place, state: 'cancelled' };
  const output = await context.heroku.output((release ?? build)?.output_stream_url);
  return { ...snapshot, ...place, error: errorOf(release, output) };
}

/** Empty until the build or the release command has ended: before, what it prints is a stream without an end. */
async function logs(context: Context, run: Run, request: StartRequest): Promise<string> {
  const { build, release } = await seen(context, run, settingsOf(request).app);
  const telling = release?.output_stream_url ? release : build;
  if (telling === undefined || telling.status === 'pending') return '';
  const text = (await context.heroku.output(telling.output_stream_url)) ?? '';
  const lines = stripVTControlCharacters(text).split(/\r?\n/).slice(-LOG_LINES);
  return redact(lines.join('\n').trim());
}

async function seen(context: Context, run: Run, app: string): Promise<{ build?: Build; release?: Release }> {
  const { kind, id } = partsOf(run);
  if (kind === 'release') return { release: await releaseOf(context, app, id) };
  const build = await buildOf(context, app, id);
  return build.release ? { build, release: await releaseOf(context, app, build.release.id) } : { build };
}
