import { gitlabPipeline } from '../../adapters/pipeline/gitlab/index.ts';
import { Provider, Settings } from '../../adapters/pipeline/gitlab/schema.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import type { PipelineBench } from '../contract/pipeline-bench.ts';
import { adapterTools, type SkippingClock, skippingClock } from '../fakes/github/bench.ts';
import { addCommit } from '../fakes/github/world.ts';
import { type FakeGitLab, startFakeGitLab } from '../fakes/gitlab/index.ts';
import { type HookSettings, pipelineEvent, signed } from '../fakes/gitlab/webhooks.ts';
import { addJob, addProject, type FakeProject } from '../fakes/gitlab/world.ts';

/** Thirty-two bytes in base64, as GitLab makes them. */
export const SIGNING = `whsec_${Buffer.from('the signing token of these tests').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another signing token, of nobody').toString('base64')}`;
export const TOKEN = 'the token of the webhook';
const HOUR = 3_600_000;

export interface GitLabBench extends PipelineBench {
  readonly fake: FakeGitLab;
  readonly clock: SkippingClock;
  readonly project: FakeProject;
  readonly sha: string;
  /** The provider with other words in its configuration. */
  provider(more?: Record<string, unknown>): Promise<Pipeline>;
  wish(more?: Partial<StartRequest>, settings?: Record<string, unknown>): StartRequest;
}

/** The adapter and the fake GitLab, with a project of two commits, and a webhook that is signed or has only a token. */
export async function gitlabBench(hook: 'signed' | 'token' = 'signed'): Promise<GitLabBench> {
  const fake = await startFakeGitLab();
  const clock = skippingClock();
  const project = addProject(fake.world, 'acme/shop/web');
  addCommit(project.git);
  const sha = addCommit(project.git);
  const secrets = { 'env:TOKEN': fake.token, 'env:HOOK': TOKEN, 'env:SIGNING': SIGNING, 'env:EMPTY': '' };
  const own = hook === 'signed' ? { webhookSigningToken: 'env:SIGNING' } : { webhookToken: 'env:HOOK' };
  let number = 0;

  function provider(more: Record<string, unknown> = {}): Promise<Pipeline> {
    const settings = { url: `${fake.url}/`, token: 'env:TOKEN', ...own, ...more };
    return gitlabPipeline.create('gitlab', Provider.parse(settings), adapterTools(secrets, clock));
  }

  function wish(more: Partial<StartRequest> = {}, settings: Record<string, unknown> = {}): StartRequest {
    number += 1;
    return {
      correlation: `cs-${number}-${'k'.repeat(8)}`,
      deployment: `D-${number}`,
      service: 'shop',
      environment: 'staging',
      repository: project.path,
      sha,
      kind: 'regular',
      requester: 'Anna Lind',
      settings: Settings.parse(settings),
      timeoutMs: 60_000,
      ...more,
    };
  }

  const lever = (run: Run) => fake.run(run.id);
  const creation = { method: 'POST', path: '/pipeline' };
  const call = (run: Run, secrets: HookSettings, at?: number) =>
    signed(secrets, 'Pipeline Hook', pipelineEvent(project, lever(run).run), at);
  const keys = (secret?: string): HookSettings =>
    hook === 'signed' ? { signingToken: secret === undefined ? SIGNING : OTHER } : { token: secret ?? TOKEN };
  return {
    fake,
    clock,
    project,
    sha,
    provider,
    wish,
    pipeline: await provider(),
    restarted: () => provider(),
    request: () => wish({}, { artifacts: { job: 'Image', file: 'build/artifacts.txt' } }),
    started: (request) =>
      project.pipelines.filter(({ variables }) => variables['COUNTERSIGN_ID'] === request.correlation).length,
    begin: (run) => lever(run).begin(),
    succeed: (run) => lever(run).succeed(),
    async fail(run) {
      lever(run).log('\u001b[0KRunning\u001b[0;m\nBuild broke\nERROR: Job failed: exit code 1\n');
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
    brokenAfterAccepting: () => fake.faults.plan({ ...creation, fault: { kind: 'status', status: 500, after: true } }),
    droppedAfterAccepting: () => fake.faults.plan({ ...creation, fault: { kind: 'drop', after: true } }),
    otherCommit() {
      fake.quirks.otherSha = addCommit(project.git);
      return fake.quirks.otherSha;
    },
    cancelItself: (run) => lever(run).end('canceled'),
    unknownWord: (run) => lever(run).word('pondering'),
    lose: (run) => lever(run).lose(),
    webhook: async (run, secret) => call(run, keys(secret)),
    staleWebhook: async (run) => call(run, keys(), clock.now() - HOUR),
    nameArtifacts(run, artifacts) {
      const text = artifacts.map(({ name, digest }) => `${name}@${digest}\n`).join('');
      const job = addJob(fake.world, lever(run).run, { name: 'Image', status: 'success' });
      job.files.set('build/artifacts.txt', `# what was built\n${text}`);
    },
    toldArtifacts: (run) => lever(run).run.variables['COUNTERSIGN_ARTIFACTS'] ?? '',
    inputOf: (run, name) => lever(run).run.variables[name.toUpperCase()],
    wait: async (run) => void (await lever(run).wait('Go on?')),
    answerOf(run) {
      const by = lever(run)
        .run.jobs.find(({ name }) => name === 'Go on?')
        ?.variables.get('COUNTERSIGN_APPROVED_BY');
      if (by !== undefined) return { verdict: 'approve', words: by };
      const note = project.comments.at(-1)?.note ?? '';
      return note.includes('Rejected') ? { verdict: 'reject', words: note } : undefined;
    },
    close: () => fake.close(),
  };
}
