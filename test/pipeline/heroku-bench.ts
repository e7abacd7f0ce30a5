import { heroku } from '../../adapters/pipeline/heroku/index.ts';
import { Provider, Settings } from '../../adapters/pipeline/heroku/schema.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import type { PipelineBench } from '../contract/pipeline-bench.ts';
import { adapterTools } from '../fakes/github/bench.ts';
import { type FakeHeroku, startFakeHeroku } from '../fakes/heroku/index.ts';
import { buildShape, delivery } from '../fakes/heroku/shapes.ts';
import { addApp, type FakeApp, type FakeBuild, finishBuild, now } from '../fakes/heroku/world.ts';

export const SECRET = 'a webhook secret';
export const SHA = '69eec518969cc409e116940aa5304ab6ab237a4d';
export const OTHER_SHA = '203e7560ee53922a7011c49e169ac10b61614e64';
const ARCHIVE = 'https://archives.example.com/{repository}/{sha}.tar.gz';

export interface HerokuBench extends PipelineBench {
  readonly fake: FakeHeroku;
  readonly app: FakeApp;
  provider(more?: Record<string, unknown>, secrets?: Readonly<Record<string, string>>): Promise<Pipeline>;
  wish(more?: Partial<StartRequest>, settings?: Record<string, unknown>): StartRequest;
  build(run: Run): FakeBuild;
}

/** The adapter and the fake Heroku, with an app. */
export async function herokuBench(): Promise<HerokuBench> {
  const fake = await startFakeHeroku();
  const app = addApp(fake.world, 'acme-shop');
  const secrets = { 'env:TOKEN': fake.token, 'env:HOOK': SECRET };
  let number = 0;

  function provider(more: Record<string, unknown> = {}, own: Readonly<Record<string, string>> = {}): Promise<Pipeline> {
    const settings = { url: fake.url, token: 'env:TOKEN', webhookSecret: 'env:HOOK', ...more };
    return heroku.create('heroku', Provider.parse(settings), adapterTools({ ...secrets, ...own }));
  }

  function wish(
    more: Partial<StartRequest> = {},
    settings: Record<string, unknown> = { archive: ARCHIVE },
  ): StartRequest {
    number += 1;
    return {
      correlation: `D-${number}-${'k'.repeat(8)}`,
      deployment: `D-${number}`,
      service: 'shop',
      environment: 'staging',
      repository: 'acme/web',
      sha: SHA,
      kind: 'regular',
      requester: 'Anna Lind',
      settings: Settings.parse({ app: 'acme-shop', ...settings }),
      timeoutMs: 60_000,
      ...more,
    };
  }

  function build(run: Run): FakeBuild {
    const found = app.builds.find(({ id }) => id === run.id);
    if (found === undefined) throw new RangeError(`The fake has no build ${run.id}`);
    return found;
  }

  const starting = { method: 'POST', path: '/builds' };
  return {
    fake,
    app,
    provider,
    wish,
    build,
    pipeline: await provider(),
    restarted: () => provider(),
    request: () => wish(),
    started: ({ correlation }) => app.builds.filter(({ source }) => source.version.endsWith(`:${correlation}`)).length,
    begin: async () => undefined,
    succeed: async (run) => void finishBuild(fake.world, app, build(run)),
    async fail(run) {
      // As Heroku prints it: https://devcenter.heroku.com/articles/troubleshooting-node-deploys
      const output =
        '-----> Building dependencies\n !     Build broke\n !\n !     Push rejected, failed to compile Node.js app.\n';
      Object.assign(build(run), { status: 'failed', updated_at: now(), output });
    },
    unreachable: () => fake.close(),
    rateLimited: (seconds) =>
      fake.faults.plan({
        fault: {
          kind: 'status',
          status: 429,
          message: 'Your account reached the API rate limit',
          ...(seconds === undefined ? {} : { headers: { 'retry-after': `${seconds}` } }),
        },
      }),
    brokenAfterAccepting: () => fake.faults.plan({ ...starting, fault: { kind: 'status', status: 500, after: true } }),
    droppedAfterAccepting: () => fake.faults.plan({ ...starting, fault: { kind: 'drop', after: true } }),
    otherCommit() {
      fake.quirks.otherSha = OTHER_SHA;
      return OTHER_SHA;
    },
    unknownWord(run) {
      build(run).status = 'pondering';
    },
    lose(run) {
      build(run).lost = true;
    },
    webhook: async (run, secret = SECRET) => delivery(app, 'build', buildShape(fake.url, app, build(run)), secret),
    close: () => fake.close(),
  };
}
