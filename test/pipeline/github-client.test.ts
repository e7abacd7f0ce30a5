import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortFailure } from '../../src/ports/failure.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { until } from '../support/until.ts';
import { type GitHubBench, githubBench } from './github-bench.ts';

let bench: GitHubBench;

beforeEach(async () => {
  bench = await githubBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

async function running() {
  const wish = bench.wish();
  return { wish, run: await bench.pipeline.start(wish) };
}

function asked(part: string): readonly number[] {
  return bench.fake.asked.filter(({ path }) => path.includes(part)).map(({ status }) => status);
}

describe('reading', () => {
  it('is repeated once after a fault of GitHub', async () => {
    const { wish, run } = await running();
    bench.fake.faults.plan({ path: '/jobs', fault: { kind: 'status', status: 503 } });

    const snapshot = await bench.pipeline.look(run, wish);

    expect(snapshot.state).toBe('queued');
    expect(asked('/jobs')).toEqual([503, 200]);
  });

  it('costs GitHub nothing while nothing has changed', async () => {
    const { wish, run } = await running();

    const looks = [await bench.pipeline.look(run, wish), await bench.pipeline.look(run, wish)];
    await bench.begin(run);
    const third = await bench.pipeline.look(run, wish);

    expect(asked('/jobs')).toEqual([200, 304, 200]);
    expect(looks[1]).toEqual(looks[0]);
    expect(third.state).toBe('running');
  });

  it('gives up on an answer that does not come within ten seconds', async () => {
    const { wish, run } = await running();
    bench.fake.faults.plan({ path: '/jobs', fault: { kind: 'hang' }, times: 2 });

    const call = failureOf(bench.pipeline.look(run, wish));
    for (const times of [1, 2]) {
      await until('GitHub was asked', () => asked('/jobs').length === times);
      bench.clock.skip(10_000);
    }

    expect(await call).toMatchObject({ kind: 'timeout', retryable: true });
  });

  it('waits for a late answer', async () => {
    const { wish, run } = await running();
    bench.fake.faults.plan({ path: '/jobs', fault: { kind: 'late', ms: 30 } });

    expect((await bench.pipeline.look(run, wish)).state).toBe('queued');
  });

  it('makes nothing of an answer that is none', async () => {
    const { wish, run } = await running();
    bench.fake.faults.plan({ path: `/runs/${run.id}`, fault: { kind: 'garbage' }, times: 2 });

    expect(await failureOf(bench.pipeline.look(run, wish))).toMatchObject({ kind: 'misbehaved' });
  });

  it('waits until the limit is reset when GitHub names only the moment', async () => {
    const { wish, run } = await running();
    const reset = Math.ceil(bench.clock.now() / 1000) + 90;
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    bench.fake.faults.plan({ fault: { kind: 'status', status: 403, headers, message: 'API rate limit exceeded' } });

    const failure = await failureOf(bench.pipeline.look(run, wish));

    expect(failure.kind).toBe('rate-limited');
    expect(failure.retryAfterMs).toBeGreaterThan(85_000);
    expect(failure.retryAfterMs).toBeLessThan(95_000);
  });
});

describe('writing', () => {
  it('is never repeated by itself', async () => {
    bench.fake.faults.plan({ path: '/dispatches', fault: { kind: 'status', status: 502 }, times: 5 });

    const failure = await failureOf(bench.pipeline.start(bench.wish()));

    expect(failure).toMatchObject({ inDoubt: true, code: '502' });
    expect(asked('/dispatches')).toEqual([502]);
  });

  it('is in doubt when no answer comes in time', async () => {
    bench.fake.faults.plan({ path: '/dispatches', fault: { kind: 'hang', after: true } });

    const call = failureOf(bench.pipeline.start(bench.wish()));
    await until('GitHub was asked', () => asked('/dispatches').length === 1);
    bench.clock.skip(10_000);

    expect(await call).toMatchObject({ kind: 'timeout', inDoubt: true, retryable: true });
    expect(asked('/dispatches')).toHaveLength(1);
  });

  it('lets twenty calls pass at once and then one a second', async () => {
    const wishes = Array.from({ length: 11 }, () => bench.wish());

    const starts = Promise.all(wishes.map((wish) => bench.pipeline.start(wish)));
    await until('somebody waits for a second or more', () => bench.clock.waits(1) && asked('/').length >= 20);
    const early = asked('/').length;
    await until('all have started', () => {
      bench.clock.skip(1000);
      return bench.repository.runs.length === 11;
    });
    await starts;

    expect(early).toBe(20);
  });
});

describe('logging in', () => {
  const app = () => ({ appId: bench.fake.doorkeeper.appId, installationId: bench.fake.doorkeeper.installationId });

  it('works as an installation of a GitHub App', async () => {
    const secrets = { key: bench.fake.doorkeeper.privateKey() };
    const pipeline = await bench.provider({ auth: { ...app(), privateKey: 'env:KEY' } }, { 'env:KEY': secrets.key });
    const wish = bench.wish();

    const run = await pipeline.start(wish);
    await pipeline.look(run, wish);

    expect(asked('/access_tokens')).toEqual([201]);
  });

  it('says so when the installation is not known, and doubts no start', async () => {
    const key = { 'env:KEY': bench.fake.doorkeeper.privateKey() };
    const pipeline = await bench.provider({ auth: { ...app(), installationId: 1, privateKey: 'env:KEY' } }, key);

    const failure = await failureOf(pipeline.start(bench.wish()));

    expect(failure.kind).toBe('not-found');
    expect(failure.inDoubt ?? false).toBe(false);
  });

  it('is not even tried with a key that is none', async () => {
    const made = bench.provider({ auth: { ...app(), privateKey: 'env:KEY' } }, { 'env:KEY': 'not a key' });

    expect(await failureOf(made)).toMatchObject({ kind: 'forbidden', code: 'private-key' });
  });

  it('says so when the token is not accepted, without showing it', async () => {
    const token = `ghp_${'s'.repeat(36)}`;
    const pipeline = await bench.provider({}, { 'env:TOKEN': token });

    const error = await pipeline.start(bench.wish()).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(PortFailure);
    expect((error as PortFailure).details.kind).toBe('forbidden');
    expect(JSON.stringify([String(error), (error as PortFailure).details])).not.toContain(token);
  });
});
