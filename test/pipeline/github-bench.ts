import { githubActions } from '../../adapters/pipeline/github-actions/index.ts';
import { Provider, Settings } from '../../adapters/pipeline/github-actions/schema.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import type { PipelineBench } from '../contract/pipeline-bench.ts';
import { adapterTools, type SkippingClock, skippingClock } from '../fakes/github/bench.ts';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import { runShape } from '../fakes/github/shapes.ts';
import { signed } from '../fakes/github/webhooks.ts';
import { addCommit, addRepository, type FakeRepository } from '../fakes/github/world.ts';

export const SECRET = 'a webhook secret';

export interface GitHubBench extends PipelineBench {
  readonly fake: FakeGitHub;
  readonly clock: SkippingClock;
  readonly repository: FakeRepository;
  readonly sha: string;
  /** The provider with other words in its configuration. */
  provider(more: Record<string, unknown>, secrets?: Readonly<Record<string, string>>): Promise<Pipeline>;
  wish(more?: Partial<StartRequest>, settings?: Partial<Settings>): StartRequest;
}

/** The adapter and the fake GitHub, with a repository of two commits. */
export async function githubBench(): Promise<GitHubBench> {
  const fake = await startFakeGitHub();
  const clock = skippingClock();
  const repository = addRepository(fake.world, 'acme/web');
  addCommit(repository);
  repository.workflows.set('deploy.yml', ['countersign_id', 'artifacts', 'region', 'dry']);
  const sha = addCommit(repository);
  const secrets = { 'env:TOKEN': fake.doorkeeper.token, 'env:HOOK': SECRET, 'env:EMPTY': '' };
  let number = 0;

  function provider(more: Record<string, unknown> = {}, own: Readonly<Record<string, string>> = {}): Promise<Pipeline> {
    const settings = { apiUrl: fake.url, auth: { token: 'env:TOKEN' }, webhookSecret: 'env:HOOK', ...more };
    return githubActions.create('github', Provider.parse(settings), adapterTools({ ...secrets, ...own }, clock));
  }

  function wish(more: Partial<StartRequest> = {}, settings: Partial<Settings> = {}): StartRequest {
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
      settings: Settings.parse({ workflow: 'deploy.yml', ...settings }),
      timeoutMs: 60_000,
      ...more,
    };
  }

  const dispatch = { method: 'POST', path: '/dispatches' };
  const lever = (run: Run) => fake.run(run.id);
  return {
    fake,
    clock,
    repository,
    sha,
    provider,
    wish,
    pipeline: await provider(),
    restarted: () => provider(),
    request: () => wish({}, { artifacts: ['*'], artifactsInput: 'artifacts' }),
    started: (request) =>
      repository.runs.filter(({ inputs }) => inputs['countersign_id'] === request.correlation).length,
    begin: (run) => lever(run).step('Build'),
    succeed: (run) => lever(run).succeed(),
    async fail(run) {
      await lever(run).step('Build', 'failure');
      lever(run).log('2026-09-01T08:00:00.0000000Z Build broke\n');
      await lever(run).fail();
    },
    unreachable: () => fake.close(),
    rateLimited: (seconds) =>
      fake.faults.plan({
        fault: {
          kind: 'status',
          status: 429,
          ...(seconds === undefined ? {} : { headers: { 'retry-after': `${seconds}` } }),
        },
      }),
    brokenAfterAccepting: () => fake.faults.plan({ ...dispatch, fault: { kind: 'status', status: 500, after: true } }),
    droppedAfterAccepting: () => fake.faults.plan({ ...dispatch, fault: { kind: 'drop', after: true } }),
    otherCommit() {
      fake.quirks.otherSha = addCommit(repository);
      return fake.quirks.otherSha;
    },
    cancelItself: (run) => lever(run).end('cancelled'),
    unknownWord: (run) => lever(run).words('pondering', null),
    lose: (run) => lever(run).lose(),
    webhook: async (run, secret = SECRET) =>
      signed(secret, 'workflow_run', { action: 'completed', workflow_run: runShape(repository, lever(run).run) }),
    nameArtifacts(run, artifacts) {
      for (const { name, digest } of artifacts)
        lever(run).run.artifacts.push({ id: fake.world.nextId(), name, digest: digest === 'latest' ? null : digest });
    },
    toldArtifacts: (run) => lever(run).run.inputs['artifacts'],
    inputOf: (run, name) => lever(run).run.inputs[name],
    wait: (run) => lever(run).hold('Go on?'),
    answerOf(run) {
      const said = lever(run).run.reviews.at(-1);
      return said && { verdict: said.state === 'approved' ? 'approve' : 'reject', words: said.comment };
    },
    close: () => fake.close(),
  };
}
