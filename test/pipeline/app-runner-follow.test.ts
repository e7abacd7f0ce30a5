import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../contract/pipeline-tools.ts';
import { addOperation, endOperation, type FakeOperation } from '../fakes/app-runner/world.ts';
import { type AppRunnerBench, appRunnerBench, OTHER_SHA, REGISTRY, SHA } from './app-runner-bench.ts';

let bench: AppRunnerBench;

beforeEach(async () => {
  bench = await appRunnerBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

async function running() {
  const wish = bench.wish();
  const run = await bench.pipeline.start(wish);
  return { wish, run, service: bench.serviceOf(wish) };
}

describe('a snapshot', () => {
  it.each([
    ['PENDING', 'queued', 'waiting'],
    ['IN_PROGRESS', 'running', 'running'],
    ['SUCCEEDED', 'succeeded', 'succeeded'],
    ['FAILED', 'failed', 'failed'],
    ['ROLLBACK_IN_PROGRESS', 'running', 'running'],
    ['ROLLBACK_SUCCEEDED', 'failed', 'failed'],
    ['ROLLBACK_FAILED', 'failed', 'failed'],
    ['PONDERING', 'unknown', 'running'],
  ] as const)('takes %s for %s', async (status, state, step) => {
    const { wish, run } = await running();
    bench.found(run).operation.Status = status;

    const snapshot = await bench.pipeline.look(run, wish);

    expect(snapshot.state).toBe(state);
    expect(snapshot.steps).toMatchObject([{ name: 'Deploy', state: step }]);
    expect(snapshot.error !== undefined).toBe(state === 'failed');
    expect(snapshot.warning !== undefined).toBe(state === 'unknown');
  });

  it('has failed when App Runner went back by itself, and claims no commit then', async () => {
    const { wish, run, service } = await running();
    service.image = `${REGISTRY}:${OTHER_SHA}`;
    endOperation(service, 'ROLLBACK_SUCCEEDED');

    const end = await bench.pipeline.look(run, wish);

    expect(end).toMatchObject({ state: 'failed', error: expect.stringContaining('went back') });
    expect(end).not.toHaveProperty('sha');
  });

  it('names the other commit that a service ended with', async () => {
    bench.fake.quirks.otherImage = `${REGISTRY}:${OTHER_SHA}`;
    const { wish, run, service } = await running();

    const during = await bench.pipeline.look(run, wish);
    endOperation(service, 'SUCCEEDED');
    const end = await bench.pipeline.look(run, wish);

    expect(during).not.toHaveProperty('sha');
    expect(end).toMatchObject({ state: 'succeeded', sha: OTHER_SHA });
  });

  it('does not take the image of a later deployment for its own', async () => {
    const { wish, run, service } = await running();
    endOperation(service, 'SUCCEEDED');
    service.image = `${REGISTRY}:${OTHER_SHA}`;
    addOperation(service, 'UPDATE_SERVICE');

    const end = await bench.pipeline.look(run, wish);

    expect(end.state).toBe('succeeded');
    expect(end).not.toHaveProperty('sha');
  });

  it('concludes nothing from an answer that cannot be understood', async () => {
    const { wish, run } = await running();
    bench.fake.faults.plan({ path: '/ListOperations', fault: { kind: 'garbage' } });

    expect((await failureOf(bench.pipeline.look(run, wish))).kind).toBe('misbehaved');
  });
});

describe('stopping', () => {
  it.each<FakeOperation['Status']>(['PENDING', 'IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])(
    'is refused while an operation is %s, and nothing is paused',
    async (status) => {
      const { wish, run, service } = await running();
      bench.found(run).operation.Status = status;

      const failure = await failureOf(bench.pipeline.stop(run, wish));

      expect(failure).toMatchObject({ kind: 'refused', code: 'cannot-stop', retryable: false });
      expect(service.image).toBe(`${REGISTRY}:${SHA}`);
      expect(bench.fake.asked).not.toContain('PauseService');
    },
  );
});
