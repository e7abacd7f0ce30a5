import { spinnaker } from '../../adapters/pipeline/spinnaker/index.ts';
import { Provider, Settings } from '../../adapters/pipeline/spinnaker/schema.ts';
import { type Artifact, artifactLines } from '../../src/domain/artifact.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import type { PipelineBench } from '../contract/pipeline-bench.ts';
import { adapterTools, type SkippingClock, skippingClock } from '../fakes/github/bench.ts';
import { type FakeSpinnaker, startFakeSpinnaker } from '../fakes/spinnaker/index.ts';
import { eventShape } from '../fakes/spinnaker/shapes.ts';
import { addPipeline, type FakePipeline } from '../fakes/spinnaker/world.ts';

export const SECRET = 'a webhook secret';
export const SHA = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
export const OTHER_SHA = '9d1c0b2a3f4e5d6c7b8a99887766554433221100';

export interface SpinnakerBench extends PipelineBench {
  readonly fake: FakeSpinnaker;
  readonly clock: SkippingClock;
  readonly deploy: FakePipeline;
  /** The provider with other words in its configuration. */
  provider(more?: Record<string, unknown>, secrets?: Readonly<Record<string, string>>): Promise<Pipeline>;
  wish(more?: Partial<StartRequest>, settings?: Record<string, unknown>): StartRequest;
}

/** The adapter and the fake Gate, with an application of one pipeline. */
export async function spinnakerBench(): Promise<SpinnakerBench> {
  const clock = skippingClock();
  const fake = await startFakeSpinnaker({ clock: () => clock.now() });
  const deploy = addPipeline(fake.world, 'web', 'Deploy to staging', ['countersign_sha', 'region', 'dry']);
  const secrets = { 'env:TOKEN': fake.token, 'env:PASSWORD': fake.password, 'env:HOOK': SECRET, 'env:EMPTY': '' };
  let number = 0;

  function provider(more: Record<string, unknown> = {}, own: Readonly<Record<string, string>> = {}): Promise<Pipeline> {
    const settings = { url: fake.url, auth: { token: 'env:TOKEN' }, webhookSecret: 'env:HOOK', ...more };
    return spinnaker.create('cd', Provider.parse(settings), adapterTools({ ...secrets, ...own }, clock));
  }

  function wish(more: Partial<StartRequest> = {}, settings: Record<string, unknown> = {}): StartRequest {
    number += 1;
    return {
      correlation: `cs-${number}-${'k'.repeat(8)}`,
      deployment: `D-${number}`,
      service: 'shop',
      environment: 'staging',
      repository: 'acme/web',
      sha: SHA,
      kind: 'regular',
      requester: 'Anna Lind',
      settings: Settings.parse({ application: 'web', pipeline: 'Deploy to staging', ...settings }),
      timeoutMs: 60_000,
      ...more,
    };
  }

  const starting = { method: 'POST', path: '/pipelines/' };
  const lever = (run: Run) => fake.run(run.id);
  return {
    fake,
    clock,
    deploy,
    provider,
    wish,
    pipeline: await provider(),
    restarted: () => provider(),
    request: () => wish({}, { images: true }),
    started: ({ correlation }) =>
      fake.world.executions.filter(({ trigger }) => trigger.correlationId === correlation).length,
    begin: async (run) => void (await lever(run).stage('Build')),
    succeed: (run) => lever(run).succeed(),
    async fail(run) {
      const exception = { details: { error: 'Unexpected Task Failure', errors: ['Build broke\nin two lines'] } };
      await lever(run).stage('Build', 'TERMINAL', { context: { exception } });
      await lever(run).end('TERMINAL');
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
    brokenAfterAccepting: () => fake.faults.plan({ ...starting, fault: { kind: 'status', status: 500, after: true } }),
    droppedAfterAccepting: () => fake.faults.plan({ ...starting, fault: { kind: 'drop', after: true } }),
    otherCommit() {
      fake.quirks.otherSha = OTHER_SHA;
      return OTHER_SHA;
    },
    cancelItself: (run) => lever(run).end('CANCELED'),
    unknownWord: (run) => lever(run).word('PONDERING'),
    lose: (run) => lever(run).lose(),
    webhook: async (run, secret = SECRET) => told(fake, run.id, secret),
    async nameArtifacts(run, artifacts) {
      const made = artifacts.map(({ name, digest }) => ({
        type: 'docker/image',
        name,
        reference: `${name}@${digest}`,
      }));
      await lever(run).stage('Bake', 'SUCCEEDED', { outputs: { artifacts: [...made, ...made] } });
    },
    toldArtifacts: (run) => artifactLines(handedImages(fake, run.id)),
    inputOf: (run, name) => String(lever(run).execution.trigger.parameters[name]),
    wait: async (run) => void (await lever(run).stage('Go on?', 'RUNNING', { type: 'manualJudgment' })),
    answerOf(run) {
      const { status, context } = lever(run).execution.stages.find(({ name }) => name === 'Go on?') ?? {};
      if (status === undefined || status === 'RUNNING') return undefined;
      return { verdict: status === 'SUCCEEDED' ? 'approve' : 'reject', words: String(context?.['comments']) };
    },
    close: () => fake.close(),
  };
}

function handedImages(fake: FakeSpinnaker, id: string): readonly Artifact[] {
  return fake
    .run(id)
    .execution.trigger.artifacts.flatMap(({ type, name, version }) =>
      type === 'docker/image' ? [{ name: String(name), digest: String(version) }] : [],
    );
}

/** A call of Echo's, with the header of its endpoint. */
export function told(fake: FakeSpinnaker, id: string, secret: string, type = 'orca:pipeline:complete') {
  const body = JSON.stringify(eventShape(fake.run(id).execution, type, `event-${id}`));
  return { headers: { 'content-type': 'application/json', 'x-countersign-token': secret }, body };
}
