import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../contract/pipeline-tools.ts';
import { eventShape } from '../fakes/circleci/shapes.ts';
import { signed } from '../fakes/circleci/webhooks.ts';
import { addWorkflow } from '../fakes/circleci/world.ts';
import { type CircleBench, circleBench, SECRET } from './circleci-bench.ts';

const SOME_MINUTES_MS = 3 * 60_000;
let bench: CircleBench;

beforeEach(async () => {
  bench = await circleBench('branch');
});

afterEach(async () => {
  await bench.close();
  expect(bench.violations()).toEqual([]);
});

async function running(settings: Record<string, unknown> = {}) {
  const wish = bench.wish({}, settings);
  const run = await bench.pipeline.start(wish);
  return { wish, run, lever: bench.fake.lever(run.id), look: () => bench.pipeline.look(run, wish) };
}

describe('a snapshot', () => {
  it.each([
    ['running', 'running'],
    ['failing', 'running'],
    ['on_hold', 'waiting'],
    ['success', 'succeeded'],
    ['failed', 'failed'],
    ['error', 'failed'],
    ['unauthorized', 'failed'],
    ['not_run', 'failed'],
    ['canceled', 'cancelled'],
    ['toString', 'unknown'],
  ])('takes a workflow that is %s for %s', async (word, state) => {
    const { lever, look } = await running();
    for (const workflow of lever.pipeline.workflows) workflow.status = word;

    const snapshot = await look();

    expect(snapshot.state).toBe(state);
    expect(snapshot.error !== undefined).toBe(state === 'failed');
    expect(snapshot.warning !== undefined).toBe(state === 'unknown');
  });

  it.each([
    ['pending', 'queued'],
    ['setup-pending', 'queued'],
    ['setup', 'queued'],
    ['created', 'queued'],
    ['errored', 'failed'],
    ['brooding', 'unknown'],
  ])('takes a pipeline that is %s, without a workflow, for %s', async (word, state) => {
    const { lever, look } = await running();
    lever.pipeline.state = word;
    lever.pipeline.workflows.length = 0;

    expect((await look()).state).toBe(state);
  });

  it('does not wait for ever for workflows that do not come', async () => {
    const { lever, look } = await running({ workflow: 'release' });
    await lever.end('success');
    const before = await look();
    bench.clock.skip(SOME_MINUTES_MS);
    const after = await look();

    expect([before.state, after.state]).toEqual(['queued', 'failed']);
    expect(after.error).toMatch(/no workflow "release", so nothing was deployed/);
  });

  it('counts one workflow alone where the settings name it', async () => {
    const { lever, look } = await running({ workflow: 'deploy' });
    lever.begin('Lint', 'checks');
    await lever.end('failed', 'checks');
    lever.begin('Build');
    await lever.end('success');

    const { state, steps } = await look();

    expect([state, steps.map(({ name }) => name)]).toEqual(['succeeded', ['Build']]);
  });

  it('needs all workflows to succeed otherwise, and tells their jobs apart', async () => {
    const { lever, look } = await running();
    lever.begin('Build');
    await lever.end('success');
    lever.begin('Lint', 'checks');
    const during = await look();
    await lever.end('failed', 'checks');
    const { state, steps, error } = await look();

    expect([during.state, state, error]).toEqual(['running', 'failed', 'Job "Lint" failed.']);
    expect(steps.map((step) => `${step.name} ${step.state}`)).toEqual([
      'deploy: Build succeeded',
      'checks: Lint failed',
    ]);
    expect(steps[0]?.url).toMatch(/\/pipelines\/circleci\/.+\/workflows\/[\w-]+\/jobs\/\d+$/);
  });

  it('takes a workflow that was started again for the one before', async () => {
    const { lever, look } = await running();
    lever.begin('Build');
    await lever.end('failed');
    const again = addWorkflow(lever.pipeline, 'deploy');
    const during = await look();
    again.status = 'success';
    again.stoppedAt = new Date().toISOString();

    expect([during.state, (await look()).state]).toEqual(['running', 'succeeded']);
  });

  it('does not take the setup of a pipeline for its success', async () => {
    bench.fake.world.quirks.state = 'setup';
    const { lever, look } = await running();
    addWorkflow(lever.pipeline, 'prepare', 'setup');
    await lever.end('success', 'prepare');
    const before = await look();
    bench.clock.skip(SOME_MINUTES_MS);

    expect([before.state, (await look()).state]).toEqual(['running', 'failed']);
  });

  it.each([
    ['timedout', 'Job "Build" took too long.'],
    ['infrastructure_fail', 'Job "Build" was lost by CircleCI itself (infrastructure_fail).'],
    ['unauthorized', 'Job "Build" may not run. Give the user of the API token access to its contexts.'],
  ])('says of a job that is %s what went wrong', async (word, words) => {
    const { lever, look } = await running();
    lever.begin('Build');
    await lever.endJob('Build', word);
    await lever.end('failed');

    expect((await look()).error).toBe(words);
  });
});

describe('stopping', () => {
  it('is to be tried again while there is nothing yet that could be stopped', async () => {
    bench.fake.world.quirks.state = 'pending';
    const { run, wish, lever, look } = await running();

    const failure = await failureOf(bench.pipeline.stop(run, wish));
    lever.begin('Build');
    await bench.pipeline.stop(run, wish);

    expect(failure).toMatchObject({ retryable: true, code: 'not-prepared' });
    expect((await look()).state).toBe('cancelled');
  });

  it('does not mind that a workflow ended meanwhile, but does mind a refusal', async () => {
    const { run, wish, lever } = await running();
    const fault = { kind: 'status', status: 400, after: true } as const;
    bench.fake.faults.plan({ method: 'POST', path: '/cancel', fault });
    await bench.pipeline.stop(run, wish);
    lever.begin('Lint', 'checks');
    bench.fake.faults.plan({ method: 'POST', path: '/cancel', fault: { kind: 'status', status: 403 } });

    expect(await failureOf(bench.pipeline.stop(run, wish))).toMatchObject({ kind: 'forbidden' });
  });
});

describe('an approval', () => {
  it('may be given by somebody else in the same moment', async () => {
    const { run, wish, lever, look } = await running();
    lever.hold('Go on?');
    const [wait] = (await look()).waits ?? [];
    if (wait === undefined) throw new Error('nothing is waited for');
    bench.fake.faults.plan({ method: 'POST', path: '/approve', fault: { kind: 'status', status: 400, after: true } });

    await bench.pipeline.answer?.(run, wish, wait, 'approve', 'Ben');

    expect(wait.url).toMatch(/\/workflows\/[\w-]+$/);
    expect((await look()).waits).toBeUndefined();
  });

  it('fails when CircleCI refuses it and still waits', async () => {
    const { run, wish, lever, look } = await running();
    lever.hold('Go on?');
    const [wait] = (await look()).waits ?? [];
    if (wait === undefined) throw new Error('nothing is waited for');
    bench.fake.faults.plan({ method: 'POST', path: '/approve', fault: { kind: 'status', status: 403 } });

    const failure = await failureOf(bench.pipeline.answer?.(run, wish, wait, 'approve', 'Ben') ?? Promise.resolve());

    expect(failure).toMatchObject({ kind: 'forbidden', retryable: false });
    expect((await look()).waits).toHaveLength(1);
  });
});

describe('the log', () => {
  it('is the end of what the failed step printed, without colours and secrets', async () => {
    const { run, wish, lever } = await running();
    const secret = `token=ghp_${'s'.repeat(36)}`;
    lever.hold('Go on?');
    lever.begin('Build');
    lever.prints('Build', 'all is well\r\n');
    lever.prints('Build', `${'line\r\n'.repeat(5000)}\u001b[31mdenied\u001b[0m ${secret}\r\n`, 'failed');
    lever.prints('Build', 'upload\r\n');
    await lever.endJob('Build', 'failed');

    const log = await bench.pipeline.logs?.(run, wish);

    expect(log?.split('\n').length).toBeLessThanOrEqual(200);
    expect(log).toMatch(/line\ndenied token=\[secret\]$/);
  });

  it('is empty while nothing was printed', async () => {
    const { run, wish, lever } = await running();
    const before = await bench.pipeline.logs?.(run, wish);
    lever.begin('Build');

    expect([before, await bench.pipeline.logs?.(run, wish)]).toEqual(['', '']);
  });
});

describe('webhooks', () => {
  it('tell of jobs and workflows, and once more with the same id', async () => {
    const { run, lever } = await running();
    const job = lever.begin('Build');
    const calls = [job, ...lever.pipeline.workflows].flatMap((what) => {
      const delivery = signed(
        SECRET,
        eventShape('8bd71c28-4969-3677-8940-3e3a61c46660', lever.project, lever.pipeline, what),
      );
      return [delivery, delivery];
    });

    const verdicts = calls.map(({ headers, body }) => bench.pipeline.verify?.(new Headers(headers), body));

    expect(await Promise.all(verdicts)).toEqual(
      calls.map(() => ({ kind: 'runs', delivery: '8bd71c28-4969-3677-8940-3e3a61c46660', runs: [run.id] })),
    );
  });

  it('may bring signatures of later versions beside, but not alone', async () => {
    const { headers, body } = signed(SECRET, { type: 'ping' });
    const signature = headers['circleci-signature'] ?? '';
    const verdict = (value: string) => bench.pipeline.verify?.(new Headers({ 'circleci-signature': value }), body);

    expect((await verdict(`v2=abc, ${signature}`))?.kind).toBe('other');
    expect((await verdict(signature.replace('v1', 'v2')))?.kind).toBe('forged');
    expect((await verdict('v1=zz'))?.kind).toBe('forged');
  });

  it('are believed by nobody without a secret', async () => {
    const { headers, body } = signed('', { type: 'ping' });

    const empty = await bench.provider({ webhookSecret: 'env:EMPTY' });

    expect((await empty.verify?.(new Headers(headers), body))?.kind).toBe('forged');
    expect((await bench.provider({ webhookSecret: undefined })).verify).toBeUndefined();
  });
});
