import { vi } from 'vitest';
import { appRunner } from '../../adapters/pipeline/app-runner/index.ts';
import { Provider, Settings } from '../../adapters/pipeline/app-runner/schema.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import type { PipelineBench } from '../contract/pipeline-bench.ts';
import { type FakeAppRunner, startFakeAppRunner } from '../fakes/app-runner/index.ts';
import { addService, endOperation, type FakeOperation, type FakeService } from '../fakes/app-runner/world.ts';
import { adapterTools, type SkippingClock, skippingClock } from '../fakes/github/bench.ts';

export const SHA = '69eec518969cc409e116940aa5304ab6ab237a4d';
export const OTHER_SHA = '203e7560ee53922a7011c49e169ac10b61614e64';
export const REGISTRY = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web';

export interface AppRunnerBench extends PipelineBench {
  readonly fake: FakeAppRunner;
  readonly clock: SkippingClock;
  provider(): Promise<Pipeline>;
  wish(more?: Partial<StartRequest>, settings?: Record<string, unknown>): StartRequest;
  serviceOf(request: StartRequest): FakeService;
  found(run: Run): { readonly service: FakeService; readonly operation: FakeOperation };
}

/** The adapter and the fake App Runner. Every request has a service of its own, because one does one thing at a time. */
export async function appRunnerBench(): Promise<AppRunnerBench> {
  const fake = await startFakeAppRunner();
  const clock = skippingClock();
  vi.stubEnv('AWS_ACCESS_KEY_ID', fake.key.id);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', fake.key.secret);
  let number = 0;

  const provider = () =>
    appRunner.create('app-runner', Provider.parse({ endpoint: fake.url }), adapterTools({}, clock));

  function wish(more: Partial<StartRequest> = {}, settings: Record<string, unknown> = {}): StartRequest {
    number += 1;
    const { arn } = addService(fake.world, `web-${number}`, `${REGISTRY}:${OTHER_SHA}`);
    return {
      correlation: `D-${number}-${'k'.repeat(8)}`,
      deployment: `D-${number}`,
      service: 'shop',
      environment: 'staging',
      repository: 'acme/web',
      sha: SHA,
      kind: 'regular',
      requester: 'Anna Lind',
      settings: Settings.parse({ service: arn, image: `${REGISTRY}:{sha}`, ...settings }),
      timeoutMs: 60_000,
      ...more,
    };
  }

  function serviceOf({ settings }: StartRequest): FakeService {
    const service = fake.world.services.get(String(settings['service']));
    if (service === undefined) throw new RangeError('The fake has no such service');
    return service;
  }

  function found(run: Run) {
    for (const service of fake.world.services.values()) {
      const operation = service.operations.find(({ Id }) => Id === run.id);
      if (operation !== undefined) return { service, operation };
    }
    throw new RangeError(`The fake has no operation ${run.id}`);
  }

  const starting = { path: '/UpdateService' };
  return {
    fake,
    clock,
    provider,
    wish,
    serviceOf,
    found,
    step: 'Deploy',
    pipeline: await provider(),
    restarted: provider,
    request: () => wish(),
    started: (request) => serviceOf(request).operations.filter(({ Type }) => Type !== 'CREATE_SERVICE').length,
    async begin(run) {
      found(run).operation.Status = 'IN_PROGRESS';
    },
    succeed: async (run) => endOperation(found(run).service, 'SUCCEEDED'),
    fail: async (run) => endOperation(found(run).service, 'FAILED'),
    unreachable: () => fake.close(),
    rateLimited: (seconds) =>
      fake.faults.plan({
        fault: {
          kind: 'status',
          status: 400,
          message: 'ThrottlingException',
          ...(seconds === undefined ? {} : { headers: { 'retry-after': `${seconds}` } }),
        },
      }),
    brokenAfterAccepting: () => fake.faults.plan({ ...starting, fault: { kind: 'status', status: 500, after: true } }),
    droppedAfterAccepting: () => fake.faults.plan({ ...starting, fault: { kind: 'drop', after: true } }),
    unknownWord(run) {
      found(run).operation.Status = 'PONDERING';
    },
    lose(run) {
      found(run).operation.lost = true;
    },
    async close() {
      vi.unstubAllEnvs();
      await fake.close();
    },
  };
}
