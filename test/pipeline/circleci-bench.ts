import { circleci } from '../../adapters/pipeline/circleci/index.ts';
import { Provider, Settings } from '../../adapters/pipeline/circleci/schema.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import type { PipelineBench } from '../contract/pipeline-bench.ts';
import { type FakeCircleCI, startFakeCircleCI } from '../fakes/circleci/index.ts';
import { eventShape } from '../fakes/circleci/shapes.ts';
import { signed } from '../fakes/circleci/webhooks.ts';
import { addProject, type FakeProject } from '../fakes/circleci/world.ts';
import { adapterTools, type SkippingClock, skippingClock } from '../fakes/github/bench.ts';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import { addCommit, addRepository, type FakeRepository } from '../fakes/github/world.ts';

export const SECRET = 'a webhook secret';
export const DEFINITION = '2338d0ae-5541-4bbf-88a2-55e9f7281f80';
export const APP_SLUG = 'circleci/34R3kN5RtfEE7v4sa4nWAU/4nYdoKGkb6RXn7JGt8SQtg';

export interface CircleBench extends PipelineBench {
  readonly fake: FakeCircleCI;
  readonly github: FakeGitHub;
  readonly clock: SkippingClock;
  readonly repository: FakeRepository;
  readonly project: FakeProject;
  readonly sha: string;
  provider(more?: Record<string, unknown>, secrets?: Readonly<Record<string, string>>): Promise<Pipeline>;
  wish(more?: Partial<StartRequest>, settings?: Record<string, unknown>): StartRequest;
  /** Whatever is not as the two systems describe themselves. */
  violations(): readonly string[];
}

/** `tags`: an older project, pinned by tags on GitHub. `branch`: a project of the GitHub App, of which a branch is run. */
export async function circleBench(kind: 'tags' | 'branch'): Promise<CircleBench> {
  const [fake, github] = [await startFakeCircleCI(), await startFakeGitHub()];
  const clock = skippingClock();
  const repository = addRepository(github.world, 'acme/web');
  addCommit(repository);
  const sha = addCommit(repository);
  const parameters = { countersign_id: 'string', region: 'string', dry: 'boolean', artifacts: 'string' } as const;
  const project =
    kind === 'tags'
      ? addProject(fake.world, 'gh/acme/web', repository, { parameters })
      : addProject(fake.world, APP_SLUG, repository, { parameters, definition: DEFINITION });
  const secrets = { 'env:TOKEN': fake.token, 'env:GIT': github.doorkeeper.token, 'env:HOOK': SECRET, 'env:EMPTY': '' };
  const tags = { type: 'github', apiUrl: github.url, auth: { token: 'env:GIT' } };
  const place = kind === 'tags' ? {} : { project: APP_SLUG, definition: DEFINITION, branch: 'main' };
  let number = 0;

  function provider(more: Record<string, unknown> = {}, own: Readonly<Record<string, string>> = {}): Promise<Pipeline> {
    const settings = {
      url: fake.url,
      token: 'env:TOKEN',
      webhookSecret: 'env:HOOK',
      ...(kind === 'tags' ? { tags } : {}),
    };
    return circleci.create('ci', Provider.parse({ ...settings, ...more }), adapterTools({ ...secrets, ...own }, clock));
  }

  function wish(more: Partial<StartRequest> = {}, settings: Record<string, unknown> = {}): StartRequest {
    number += 1;
    return {
      correlation: `cs-${number}-${'k'.repeat(8)}`,
      deployment: `D-${number}`,
      service: 'shop',
      environment: 'staging',
      repository: 'acme/web',
      sha,
      kind: 'regular',
      requester: 'Anna Lind',
      settings: Settings.parse({ ...place, types: { dry: 'boolean' }, ...settings }),
      timeoutMs: 60_000,
      ...more,
    };
  }

  const trigger = { method: 'POST', path: '/pipeline' };
  const lever = (run: Run) => fake.lever(run.id);
  return {
    fake,
    github,
    clock,
    repository,
    project,
    sha,
    provider,
    wish,
    violations: () => [...fake.violations, ...github.violations],
    pipeline: await provider(),
    restarted: () => provider(),
    request: () => wish({}, { artifactsParameter: 'artifacts' }),
    started: ({ correlation }) =>
      project.pipelines.filter(({ parameters: given }) => given['countersign_id'] === correlation).length,
    begin: async (run) => void lever(run).begin('Build'),
    succeed: (run) => lever(run).end('success'),
    async fail(run) {
      lever(run).prints('Build', 'Build broke\r\n', 'failed');
      await lever(run).endJob('Build', 'failed');
      await lever(run).end('failed');
    },
    unreachable: () => Promise.all([fake.close(), github.close()]).then(() => undefined),
    rateLimited: (seconds) =>
      fake.faults.plan({
        fault: {
          kind: 'status',
          status: 429,
          ...(seconds === undefined ? {} : { headers: { 'retry-after': `${seconds}` } }),
        },
      }),
    brokenAfterAccepting: () => fake.faults.plan({ ...trigger, fault: { kind: 'status', status: 500, after: true } }),
    droppedAfterAccepting: () => fake.faults.plan({ ...trigger, fault: { kind: 'drop', after: true } }),
    otherCommit() {
      fake.world.quirks.otherSha = addCommit(repository);
      return fake.world.quirks.otherSha;
    },
    cancelItself: (run) => lever(run).end('canceled'),
    unknownWord(run) {
      for (const workflow of lever(run).pipeline.workflows) workflow.status = 'pondering';
    },
    lose(run) {
      lever(run).pipeline.lost = true;
    },
    async webhook(run, secret = SECRET) {
      const { pipeline } = lever(run);
      const [workflow] = pipeline.workflows;
      if (workflow === undefined) throw new Error('no workflow to tell of');
      return signed(secret, eventShape('3888f21b-eaa7-38e3-8f3d-75a63bba8895', project, pipeline, workflow));
    },
    toldArtifacts: (run) => String(lever(run).pipeline.parameters['artifacts']),
    inputOf: (run, name) => String(lever(run).pipeline.parameters[name]),
    wait: (run) => void lever(run).hold('Go on?'),
    answerOf(run) {
      const job = lever(run)
        .pipeline.workflows.flatMap(({ jobs }) => jobs)
        .find(({ type }) => type === 'approval');
      if (job === undefined || job.stoppedAt === undefined) return undefined;
      return { verdict: job.status === 'success' ? 'approve' : 'reject', words: '' };
    },
    async close() {
      // Closing twice is no error: some tests let both disappear.
      await Promise.allSettled([fake.close(), github.close()]);
    },
  };
}
