import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readable } from '../../adapters/pipeline/gitlab/trace.ts';
import type { Run } from '../../src/domain/run.ts';
import type { StartRequest } from '../../src/ports/pipeline.ts';
import { addJob } from '../fakes/gitlab/world.ts';
import { type GitLabBench, gitlabBench } from './gitlab-bench.ts';

let bench: GitLabBench;
let wish: StartRequest;
let run: Run;

beforeEach(async () => {
  bench = await gitlabBench();
  wish = bench.wish();
  run = await bench.pipeline.start(wish);
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

const lever = () => bench.fake.run(run.id);
const look = () => bench.pipeline.look(run, wish);
const job = (more: Parameters<typeof addJob>[2]) => addJob(bench.fake.world, lever().run, more);

describe('the steps', () => {
  it('are the jobs in their order, without those that were tried again, and the pipelines that they start', async () => {
    job({ name: 'Build', status: 'failed', retried: true });
    job({ name: 'Test', status: 'success' });
    job({ name: 'Deploy', status: 'success', downstream: { status: 'running', url: 'https://gitlab.test/child/5' } });
    job({ name: 'Build', status: 'success' });
    await lever().begin('Smoke test');

    const { steps } = await look();

    expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Test succeeded',
      'Deploy running',
      'Build succeeded',
      'Smoke test running',
    ]);
    expect(steps[1]?.url).toBe('https://gitlab.test/child/5');
  });

  it('may fail without the pipeline, where they are allowed to', async () => {
    job({ name: 'Lint', status: 'failed', allowFailure: true, failureReason: 'script_failure' });
    job({ name: 'Build', status: 'success' });
    await lever().end('success');

    expect(await look()).toMatchObject({
      state: 'succeeded',
      steps: [{ name: 'Lint', state: 'failed' }, { name: 'Build' }],
    });
    expect(await look()).not.toHaveProperty('error');
  });

  it('are read beyond the first hundred', async () => {
    for (let number = 1; number <= 130; number += 1) job({ name: `Job ${number}`, status: 'success' });

    expect((await look()).steps).toHaveLength(130);
  });
});

describe('the end', () => {
  it.each([
    ['script_failure', 'failed', 'Job "Build" failed (script failure).'],
    ['job_execution_timeout', 'timed-out', 'Job "Build" failed (job execution timeout).'],
    ['stuck_or_timeout_failure', 'timed-out', 'Job "Build" failed (stuck or timeout failure).'],
  ])('by %s is %s', async (reason, state, error) => {
    await lever().endJob('Build', 'failed', reason);
    await lever().end('failed');

    expect(await look()).toMatchObject({ state, error });
  });

  it.each([
    ['created', 'queued'],
    ['waiting_for_resource', 'queued'],
    ['preparing', 'queued'],
    ['pending', 'queued'],
    ['scheduled', 'queued'],
    ['canceling', 'running'],
    ['manual', 'waiting'],
    ['skipped', 'failed'],
    ['canceled', 'cancelled'],
    ['constructor', 'unknown'],
  ])('and everything before it: %s is %s', async (word, state) => {
    lever().word(word);

    expect((await look()).state).toBe(state);
  });

  it('of a pipeline that left out every job has deployed nothing', async () => {
    lever().word('skipped');

    expect((await look()).error).toContain('nothing was deployed');
  });
});

describe('looking again', () => {
  it('costs GitLab no words where nothing has changed', async () => {
    await lever().begin();
    const first = await look();
    const before = bench.fake.asked.length;

    expect(await look()).toEqual(first);
    const again = bench.fake.asked.slice(before);
    expect(again.map(({ status }) => status)).toEqual([304, 304, 304]);
  });
});

describe('the log', () => {
  it('is that of the job that failed, and is fetched without showing the token to the store', async () => {
    lever().log('Fine\n', 'Build');
    await lever().endJob('Build', 'success');
    lever().log('token=very-secret-value\nDisk full\n', 'Deploy');
    await lever().fail();

    expect(await bench.pipeline.logs?.(run, wish)).toBe('token=[secret]\nDisk full');
  });

  it('is empty while no job has begun', async () => {
    expect(await bench.pipeline.logs?.(run, wish)).toBe('');
  });

  it('is cleaned of what only a terminal reads', () => {
    // As runners write it: docs.gitlab.com/ci/jobs/job_logs and docs.gitlab.com/runner, feature flag FF_TIMESTAMPS.
    const trace = [
      'section_start:1560896352:prepare_script[collapsed=true]\r\u001b[0K\u001b[0;mPreparing\u001b[0;m',
      '2026-09-01T08:00:00.000000Z 00O 10%\r20%\r100%',
      '2026-09-01T08:00:01.000000Z 01E Disk ',
      '2026-09-01T08:00:01.000000Z 01E+full',
      'section_end:1560896353:prepare_script\r\u001b[0K',
      '\u001b[31;1mERROR: Job failed: exit code 1\u001b[0;m',
    ].join('\n');

    expect(readable(trace, 3)).toBe('Disk full\n\nERROR: Job failed: exit code 1');
    expect(readable(trace, 200)).toBe('Preparing\n100%\nDisk full\n\nERROR: Job failed: exit code 1');
  });
});

describe('artifacts', () => {
  it('are not made up when the file is missing', async () => {
    const named = bench.request();
    const other = await bench.pipeline.start(named);
    addJob(bench.fake.world, bench.fake.run(other.id).run, { name: 'Image', status: 'success' });

    const snapshot = await bench.pipeline.look(other, named);

    expect(snapshot).not.toHaveProperty('artifacts');
    expect(snapshot.warning).toBe('Job "Image" left no file build/artifacts.txt.');
  });
});
