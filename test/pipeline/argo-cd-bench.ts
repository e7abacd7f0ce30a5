import { argoCd } from '../../adapters/pipeline/argo-cd/index.ts';
import { Provider, Settings } from '../../adapters/pipeline/argo-cd/schema.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import type { PipelineBench } from '../contract/pipeline-bench.ts';
import type { Lever } from '../fakes/argo-cd/controller.ts';
import { type FakeArgoCd, startFakeArgoCd } from '../fakes/argo-cd/index.ts';
import { notified } from '../fakes/argo-cd/notifications.ts';
import { addApplication } from '../fakes/argo-cd/world.ts';
import { adapterTools, type SkippingClock, skippingClock } from '../fakes/github/bench.ts';

export const SECRET = 'a webhook secret';
export const SHA = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
export const OTHER_SHA = 'f'.repeat(40);

export interface ArgoBench extends PipelineBench {
  readonly fake: FakeArgoCd;
  readonly clock: SkippingClock;
  /** The provider with other words in its configuration. */
  provider(more?: Record<string, unknown>): Promise<Pipeline>;
  /** A request for an application of its own, which the fake is given as said. */
  wish(
    settings?: Partial<Settings>,
    more?: Partial<StartRequest>,
    application?: Parameters<typeof addApplication>[2],
  ): StartRequest;
  lever(request: StartRequest): Lever;
}

/** The adapter and the fake Argo CD. An application runs one operation at a time, so that every request has its own. */
export async function argoBench(): Promise<ArgoBench> {
  const clock = skippingClock();
  const fake = await startFakeArgoCd(clock.now);
  const secrets = { 'env:TOKEN': fake.token, 'env:HOOK': SECRET };
  let number = 0;

  function provider(more: Record<string, unknown> = {}): Promise<Pipeline> {
    const settings = { url: fake.url, token: 'env:TOKEN', webhookSecret: 'env:HOOK', ...more };
    return argoCd.create('argo', Provider.parse(settings), adapterTools(secrets, clock));
  }

  const wish: ArgoBench['wish'] = (settings = {}, more = {}, application = {}) => {
    number += 1;
    const name = `shop-${number}`;
    addApplication(fake.world, name, application);
    return {
      correlation: `cs-${number}-${'k'.repeat(8)}`,
      deployment: `D-${number}`,
      service: 'shop',
      environment: 'staging',
      repository: 'acme/web',
      sha: SHA,
      kind: 'regular',
      requester: 'Anna Lind',
      settings: Settings.parse({ application: name, ...settings }),
      timeoutMs: 60_000,
      ...more,
    };
  };

  const lever = (request: StartRequest) => fake.lever(String(request.settings['application']));
  const ofRun = (run: Run) => fake.lever(run.id.split('/')[0] ?? '');
  const sync = { method: 'POST', path: '/sync' };
  return {
    fake,
    clock,
    provider,
    wish,
    lever,
    pipeline: await provider(),
    restarted: () => provider(),
    request: () => wish({ images: true }),
    started: (request) =>
      lever(request).application.told.filter(({ info }) => info?.some(({ value }) => value === request.correlation))
        .length,
    begin: async (run) => ofRun(run).begin(),
    succeed: async (run) => ofRun(run).succeed(),
    fail: async (run) => ofRun(run).fail(),
    nameArtifacts(run, artifacts) {
      const images = artifacts.map(({ name, digest }) =>
        digest === 'latest' ? `${name}:latest` : `${name}@${digest}`,
      );
      ofRun(run).images(...images);
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
    brokenAfterAccepting: () => fake.faults.plan({ ...sync, fault: { kind: 'status', status: 500, after: true } }),
    droppedAfterAccepting: () => fake.faults.plan({ ...sync, fault: { kind: 'drop', after: true } }),
    otherCommit() {
      fake.world.quirks.otherSha = OTHER_SHA;
      return OTHER_SHA;
    },
    cancelItself: async (run) => ofRun(run).end('Failed', 'Operation terminated'),
    unknownWord: (run) => ofRun(run).phase('Pondering'),
    lose: (run) => ofRun(run).lose(),
    async webhook(run, secret = SECRET) {
      const { application, begin } = ofRun(run);
      begin();
      return notified(secret, application);
    },
    wait: (run) => ofRun(run).pause('Go on?'),
    answerOf(run) {
      const acted = ofRun(run).application.acted.at(-1);
      return acted && { verdict: acted.action === 'resume' ? 'approve' : 'reject', words: acted.words };
    },
    close: () => fake.close(),
  };
}
