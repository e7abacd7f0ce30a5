import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import { failureOf, verdictOn } from '../contract/pipeline-tools.ts';
import { delivery, releaseShape } from '../fakes/heroku/shapes.ts';
import { endRelease, finishBuild } from '../fakes/heroku/world.ts';
import { type HerokuBench, herokuBench, SECRET, SHA } from './heroku-bench.ts';

let bench: HerokuBench;

beforeEach(async () => {
  bench = await herokuBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

async function running() {
  const wish = bench.wish();
  return { wish, run: await bench.pipeline.start(wish) };
}

/** The build is through, and its release command works. */
function releasing(run: Run) {
  bench.app.releasePhase = true;
  return finishBuild(bench.fake.world, bench.app, bench.build(run));
}

describe('a build with a release command', () => {
  it('has not succeeded before its release has', async () => {
    const { wish, run } = await running();
    const release = releasing(run);

    const during = await bench.pipeline.look(run, wish);
    endRelease(bench.app, release, 'succeeded');
    const end = await bench.pipeline.look(run, wish);

    expect(during).toMatchObject({
      state: 'running',
      sha: SHA,
      steps: [
        { name: 'Build', state: 'succeeded' },
        { name: 'Release', state: 'running' },
      ],
    });
    expect(during.endedAt).toBeUndefined();
    expect(end.state).toBe('succeeded');
  });

  it('has failed when its release has, and says why without a secret', async () => {
    const { wish, run } = await running();
    const release = releasing(run);
    release.output = 'Migrating...\nFATAL: password=hunter2hunter2 was refused\n';
    endRelease(bench.app, release, 'failed');

    const end = await bench.pipeline.look(run, wish);

    expect(end.state).toBe('failed');
    expect(end.error).toContain('The release command failed: FATAL');
    expect(end.error).not.toContain('hunter2');
    expect(end.steps.map(({ state }) => state)).toEqual(['succeeded', 'failed']);
    expect(await bench.pipeline.logs?.(run, wish)).toContain('Migrating');
  });

  it('waits for the release that is not there yet', async () => {
    const { wish, run } = await running();
    bench.build(run).status = 'succeeded';

    expect(await bench.pipeline.look(run, wish)).toMatchObject({
      state: 'running',
      steps: [{ state: 'succeeded' }, { name: 'Release', state: 'waiting' }],
    });
  });

  it('takes a word of the release that nobody knows for unknown', async () => {
    const { wish, run } = await running();
    releasing(run).status = 'pondering';

    const snapshot = await bench.pipeline.look(run, wish);

    expect(snapshot.state).toBe('unknown');
    expect(snapshot.warning).toContain('succeeded / pondering');
  });

  it('is stopped in its release command', async () => {
    const { wish, run } = await running();
    const release = releasing(run);

    await bench.pipeline.stop(run, wish);

    expect(release.status).toBe('failed');
    expect((await bench.pipeline.look(run, wish)).state).toBe('cancelled');
  });

  it('says that it cannot be stopped while no dyno is to be seen', async () => {
    const { wish, run } = await running();
    releasing(run);
    bench.app.dynos = [];

    expect(await failureOf(bench.pipeline.stop(run, wish))).toMatchObject({ code: 'no-dyno', retryable: true });
  });
});

describe('a stopped build', () => {
  it('is cancelled by the variant of the interface that cancels', async () => {
    const { wish, run } = await running();

    await bench.pipeline.stop(run, wish);

    expect(bench.build(run).status).toBe('failed');
    expect(await bench.pipeline.look(run, wish)).not.toHaveProperty('error');
  });

  it('tells of a refusal while it goes on, and later of its own fault', async () => {
    const { wish, run } = await running();
    bench.fake.faults.plan({ method: 'DELETE', fault: { kind: 'status', status: 403 } });

    const failure = await failureOf(bench.pipeline.stop(run, wish));
    await bench.fail(run);

    expect(failure.kind).toBe('forbidden');
    expect((await bench.pipeline.look(run, wish)).state).toBe('failed');
  });
});

describe('reading', () => {
  it('fails when Heroku says something that cannot be understood', async () => {
    const { wish, run } = await running();
    bench.fake.faults.plan({ path: '/builds', fault: { kind: 'garbage' }, times: 2 });

    expect((await failureOf(bench.pipeline.look(run, wish))).kind).toBe('misbehaved');
    expect(await failureOf(bench.pipeline.find(wish))).toMatchObject({ kind: 'misbehaved' });
  });

  it('says what failed although the output is gone', async () => {
    const { wish, run } = await running();
    await bench.fail(run);
    Object.assign(bench.build(run), { output: undefined });

    expect((await bench.pipeline.look(run, wish)).error).toBe('The build failed.');
  });

  it('costs little while nothing has changed', async () => {
    const { wish, run } = await running();

    await bench.pipeline.look(run, wish);
    await bench.pipeline.look(run, wish);

    expect(bench.fake.asked.slice(-2).map(({ status }) => status)).toEqual([200, 304]);
  });

  it('names the token when Heroku does not accept it', async () => {
    const stranger = await bench.provider({}, { 'env:TOKEN': 'stale' });

    await expect(stranger.start(bench.wish())).rejects.toThrow(/Check the token/);
  });
});

describe('a webhook of a release', () => {
  it('leads to the build behind it', async () => {
    const { run } = await running();
    const release = releasing(run);
    const call = delivery(bench.app, 'release', releaseShape(bench.fake.url, bench.app, release), SECRET);

    expect(await verdictOn(bench.pipeline, call)).toMatchObject({
      kind: 'runs',
      runs: [run.id, `release:${release.id}`],
    });
  });

  it('is worth a look also when Heroku does not answer', async () => {
    const { run } = await running();
    const release = releasing(run);
    const call = delivery(bench.app, 'release', releaseShape(bench.fake.url, bench.app, release), SECRET);
    bench.fake.faults.plan({ path: '/builds', fault: { kind: 'status', status: 503 } });

    expect(await verdictOn(bench.pipeline, call)).toMatchObject({ kind: 'runs', runs: [`release:${release.id}`] });
  });

  it('of another thing is none of ours', async () => {
    const call = delivery(bench.app, 'build', { id: '' }, SECRET);

    expect(await verdictOn(bench.pipeline, call)).toEqual({ kind: 'other' });
  });
});
