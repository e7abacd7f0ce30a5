import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run, Wait } from '../../src/domain/run.ts';
import type { StartRequest } from '../../src/ports/pipeline.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { type GitHubBench, githubBench } from './github-bench.ts';

let bench: GitHubBench;
let wish: StartRequest;
let run: Run;

beforeEach(async () => {
  bench = await githubBench();
  wish = bench.wish();
  run = await bench.pipeline.start(wish);
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

const lever = () => bench.fake.run(run.id);
const BY = 'Ben Okafor, in Slack';
const askedFor = () => bench.fake.asked.filter(({ path }) => path.endsWith('/pending_deployments'));

async function only(): Promise<Wait> {
  const [wait, ...others] = (await bench.pipeline.look(run, wish)).waits ?? [];
  expect(others).toEqual([]);
  if (wait === undefined) throw new Error('nothing is waited for');
  return wait;
}

describe('a run that waits for a protected environment', () => {
  it('asks GitHub for what is waited for only while something waits', async () => {
    await lever().begin();
    expect(await bench.pipeline.look(run, wish)).not.toHaveProperty('waits');
    expect(askedFor()).toEqual([]);

    await lever().hold('production');
    expect(await only()).toMatchObject({ name: 'production', answerable: true, url: expect.stringContaining(run.id) });
  });

  it('is no question any more once the run has ended', async () => {
    await lever().hold('production');
    await lever().end('cancelled');

    expect(await bench.pipeline.look(run, wish)).not.toHaveProperty('waits');
    expect(askedFor()).toEqual([]);
  });

  it('is shown, and not answered, where somebody else must review', async () => {
    await lever().hold('production', { reviewers: ['ben'] });

    const wait = await only();

    expect(wait).toMatchObject({ name: 'production', answerable: false });
    expect(await failureOf(bench.pipeline.answer?.(run, wish, wait, 'approve', BY) ?? Promise.resolve())).toMatchObject(
      { retryable: false, code: '422' },
    );
    expect(lever().run.reviews).toEqual([]);
  });

  it('is shown with its minutes, and not answered, where only a timer holds it up', async () => {
    await lever().hold('production', { timer: 30, reviewers: [] });

    expect(await only()).toMatchObject({
      name: 'production (a timer of 30 min)',
      answerable: false,
      since: '2026-09-01T08:00:00.000Z',
    });
  });

  it('asks anew when a later job waits for the same environment', async () => {
    await lever().hold('production', { id: 77 });
    const first = await only();
    await bench.pipeline.answer?.(run, wish, first, 'approve', BY);
    await lever().endJob('to production', 'success');
    await lever().hold('production', { id: 77 });

    const second = await only();
    await bench.pipeline.answer?.(run, wish, second, 'approve', BY);

    expect(second.id).not.toBe(first.id);
    expect(lever().run.reviews).toHaveLength(2);
  });

  it('answers only the environment that was asked for', async () => {
    await lever().hold('staging');
    await lever().hold('production');
    const { waits = [] } = await bench.pipeline.look(run, wish);
    const staging = waits.find(({ name }) => name === 'staging');

    if (staging !== undefined) await bench.pipeline.answer?.(run, wish, staging, 'approve', BY);

    expect(lever().run.reviews).toEqual([{ environment: 'staging', state: 'approved', comment: BY }]);
    expect(await only()).toMatchObject({ name: 'production' });
  });

  it('is followed also where GitHub does not let us read what is waited for', async () => {
    await lever().hold('production');
    bench.fake.faults.plan({ path: '/pending_deployments', fault: { kind: 'status', status: 403 } });

    const seen = await bench.pipeline.look(run, wish);

    expect(seen.state).toBe('waiting');
    expect(seen).not.toHaveProperty('waits');
  });
});
