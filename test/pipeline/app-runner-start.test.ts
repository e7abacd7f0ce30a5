import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Settings } from '../../adapters/pipeline/app-runner/schema.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { addOperation, endOperation } from '../fakes/app-runner/world.ts';
import { until } from '../support/until.ts';
import { type AppRunnerBench, appRunnerBench, OTHER_SHA, REGISTRY, SHA } from './app-runner-bench.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
let bench: AppRunnerBench;

beforeEach(async () => {
  bench = await appRunnerBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

const written = () => bench.fake.asked.filter((action) => /^(Update|Start|Tag)/.test(action));

describe('a start', () => {
  it('gives the service the image of the commit, and leaves everything else as it is', async () => {
    const wish = bench.wish();

    const run = await bench.pipeline.start(wish);

    const service = bench.serviceOf(wish);
    expect(service.image).toBe(`${REGISTRY}:${SHA}`);
    expect(written()).toEqual(['TagResource', 'UpdateService']);
    expect(service.tags.get('countersign-start')).toBe(`${wish.correlation} ${service.operations[0]?.Id}`);
    expect(run.url).toContain('eu-west-1.console.aws.amazon.com/apprunner/home?region=eu-west-1#/services/dashboard');
  });

  it('deploys the digest that was approved, and names it', async () => {
    const artifacts = [{ name: 'web', digest: DIGEST }];
    const wish = bench.wish({ artifacts }, { artifact: 'web' });

    const run = await bench.pipeline.start(wish);
    const snapshot = await bench.pipeline.look(run, wish);

    expect(bench.serviceOf(wish).image).toBe(`${REGISTRY}@${DIGEST}`);
    expect(snapshot).toMatchObject({ sha: SHA, artifacts });
  });

  it('deploys again what is there already, because an update without a change starts nothing', async () => {
    const wish = bench.wish({ sha: OTHER_SHA });

    const run = await bench.pipeline.start(wish);

    expect(written()).toEqual(['TagResource', 'StartDeployment']);
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
    expect((await bench.pipeline.look(run, wish)).sha).toBe(OTHER_SHA);
  });

  it('goes back by the former image', async () => {
    const wish = bench.wish({ kind: 'rollback', sha: 'c'.repeat(40) });

    await bench.pipeline.start(wish);

    expect(bench.serviceOf(wish).image).toBe(`${REGISTRY}:${'c'.repeat(40)}`);
  });

  it('finds the operation that App Runner did not name', async () => {
    bench.fake.quirks.namesNone = true;
    const wish = bench.wish();

    const run = await bench.pipeline.start(wish);

    expect(bench.found(run).operation.Type).toBe('UPDATE_SERVICE');
  });

  it('is in doubt when the answer does not come within ten seconds', async () => {
    bench.fake.faults.plan({ path: '/UpdateService', fault: { kind: 'hang', after: true } });
    const wish = bench.wish();

    const failure = failureOf(bench.pipeline.start(wish));
    await until('App Runner was asked', () => bench.fake.asked.includes('UpdateService'));
    bench.clock.skip(10_000);

    expect(await failure).toMatchObject({ kind: 'timeout', retryable: true, inDoubt: true });
    expect(await bench.pipeline.find(wish)).toBeDefined();
  });

  it('is not in doubt when only its tag may have been set', async () => {
    bench.fake.faults.plan({ path: '/TagResource', fault: { kind: 'status', status: 500, after: true } });
    const wish = bench.wish();

    expect(await failureOf(bench.pipeline.start(wish))).toMatchObject({ retryable: true, inDoubt: false });
    expect(await bench.pipeline.find(wish)).toBeUndefined();
    expect(bench.started(wish)).toBe(0);
  });
});

describe('finding', () => {
  it('takes neither what was before nor what is no deployment', async () => {
    const wish = bench.wish();
    const service = bench.serviceOf(wish);
    addOperation(service, 'START_DEPLOYMENT');
    endOperation(service, 'SUCCEEDED');
    service.tags.set('countersign-start', `${wish.correlation} ${service.operations.at(-1)?.Id}`);
    addOperation(service, 'PAUSE_SERVICE');

    expect(await bench.pipeline.find(wish)).toBeUndefined();
  });

  it('reads on where there are more operations than on one page', async () => {
    const wish = bench.wish();
    const run = await bench.pipeline.start(wish);
    const service = bench.serviceOf(wish);
    endOperation(service, 'SUCCEEDED');
    for (let more = 1; more <= 25; more += 1) {
      addOperation(service, 'START_DEPLOYMENT');
      endOperation(service, 'SUCCEEDED');
    }

    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
    expect((await bench.pipeline.look(run, wish)).state).toBe('succeeded');
  });

  it('finds nothing when the operation of the tag is there no more', async () => {
    const wish = bench.wish();
    bench.serviceOf(wish).tags.set('countersign-start', `${wish.correlation} gone`);
    addOperation(bench.serviceOf(wish), 'UPDATE_SERVICE');

    expect(await bench.pipeline.find(wish)).toBeUndefined();
  });
});

describe('a start is refused', () => {
  it.each([
    ['by a service that is built from a branch', { code: true }, 'code-service', false],
    ['by a service that also deploys by itself', { automatic: true }, 'automatic-deployments', false],
    ['by a paused service', { status: 'PAUSED' }, 'not-running', false],
    ['for now by a service that is worked on', { status: 'OPERATION_IN_PROGRESS' }, 'InvalidStateException', true],
  ] as const)('%s', async (_what, state, code, retryable) => {
    const wish = bench.wish();
    Object.assign(bench.serviceOf(wish), state);

    expect(await failureOf(bench.pipeline.start(wish))).toMatchObject({ kind: 'refused', code, retryable });
    expect(written()).toEqual([]);
  });

  it('for now when somebody was faster', async () => {
    const fault = { kind: 'status', status: 400, message: 'InvalidStateException' } as const;
    bench.fake.faults.plan({ path: '/UpdateService', fault });

    expect(await failureOf(bench.pipeline.start(bench.wish()))).toMatchObject({ kind: 'refused', retryable: true });
  });

  it('with inputs, which App Runner would never hear of', async () => {
    const wish = bench.wish({ inputs: { region: 'eu' } });

    expect(await failureOf(bench.pipeline.start(wish))).toMatchObject({ code: 'no-inputs', retryable: false });
  });

  it('with a key that does not sign as it should', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another secret');
    const stranger = await bench.provider();

    const failure = await failureOf(stranger.start(bench.wish()));

    expect(failure).toMatchObject({ kind: 'forbidden', code: 'InvalidSignatureException', retryable: false });
  });

  it('where a right is missing, by its name', async () => {
    const fault = { kind: 'status', status: 400, message: 'AccessDeniedException' } as const;
    bench.fake.faults.plan({ path: '/TagResource', fault });

    expect(await failureOf(bench.pipeline.start(bench.wish()))).toMatchObject({
      kind: 'forbidden',
      code: 'AccessDeniedException',
    });
  });

  it('not by a service that deploys by itself where that is meant so', async () => {
    const wish = bench.wish({}, { automaticDeployments: 'leave' });
    bench.serviceOf(wish).automatic = true;

    expect(await bench.pipeline.start(wish)).toBeDefined();
  });
});

describe('settings', () => {
  const service = 'arn:aws:apprunner:eu-west-1:123456789012:service/web/8fe1e10304f84fd2b0df550fe98a71fa';

  it.each([
    ['a tag without the commit', { service, image: `${REGISTRY}:latest` }],
    ['the commit elsewhere than in the tag', { service, image: 'registry.example.com/{sha}:latest' }],
    ['something else than a service', { service: 'arn:aws:s3:::bucket', image: `${REGISTRY}:{sha}` }],
  ])('refuse %s', (_what, settings) => {
    expect(Settings.safeParse(settings).success).toBe(false);
  });

  it.each([`${REGISTRY}:{sha}`, `${REGISTRY}:web-{sha}`, 'public.ecr.aws/acme/web:{sha}'])('take %s', (image) => {
    expect(Settings.safeParse({ service, image }).success).toBe(true);
  });
});
