import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import examples from '@octokit/webhooks-examples' with { type: 'json' };
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortFailure } from '../../src/ports/failure.ts';
import { signed } from '../fakes/github/webhooks.ts';
import { addCommit } from '../fakes/github/world.ts';
import { type GitHubBench, githubBench, SECRET } from './github-bench.ts';

/** Real deliveries. The package's own types speak of a module that it is not. */
const EXAMPLES = examples as unknown as readonly { readonly name: string; readonly examples: readonly unknown[] }[];

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
  const run = await bench.pipeline.start(wish);
  return { wish, run, lever: bench.fake.run(run.id) };
}

describe('a snapshot', () => {
  it.each([
    ['queued', null, 'queued'],
    ['requested', null, 'queued'],
    ['pending', null, 'queued'],
    ['waiting', null, 'waiting'],
    ['in_progress', null, 'running'],
    ['completed', 'success', 'succeeded'],
    ['completed', 'failure', 'failed'],
    ['completed', 'startup_failure', 'failed'],
    ['completed', 'skipped', 'failed'],
    ['completed', 'neutral', 'failed'],
    ['completed', 'cancelled', 'cancelled'],
    ['completed', 'timed_out', 'timed-out'],
    ['completed', 'stale', 'timed-out'],
    ['completed', 'action_required', 'waiting'],
    ['completed', null, 'unknown'],
    ['completed', 'toString', 'unknown'],
    ['daydreaming', null, 'unknown'],
  ])('takes %s / %s for %s', async (status, conclusion, state) => {
    const { wish, run, lever } = await running();
    lever.words(status, conclusion);

    const snapshot = await bench.pipeline.look(run, wish);

    expect(snapshot.state).toBe(state);
    expect(snapshot.error !== undefined).toBe(state === 'failed' || state === 'timed-out');
    expect(snapshot.warning !== undefined).toBe(state === 'unknown');
  });

  it('shows the jobs when there are several, and names the step that failed', async () => {
    const { wish, run, lever } = await running();
    await lever.step('Compile', 'success', 'build');
    await lever.endJob('build', 'success');
    await lever.step('Smoke test', 'failure', 'deploy');
    await lever.endJob('deploy', 'failure');
    await lever.fail();

    const snapshot = await bench.pipeline.look(run, wish);

    expect(snapshot.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['build succeeded', 'deploy failed']);
    expect(snapshot.error).toBe('Step "Smoke test" of job "deploy" failed.');
    expect(snapshot.steps[1]?.url).toMatch(/\/actions\/runs\/\d+\/job\/\d+$/);
  });

  it('leaves out what the runner does for itself', async () => {
    const { wish, run, lever } = await running();
    for (const step of ['Set up job', 'Build', 'Post Build', 'Complete job']) await lever.step(step);
    await lever.succeed();

    expect((await bench.pipeline.look(run, wish)).steps.map(({ name }) => name)).toEqual(['Build']);
  });

  it('follows a run of more than a hundred jobs', async () => {
    const { wish, run, lever } = await running();
    for (let number = 1; number <= 120; number += 1) await lever.begin(`job ${number}`);

    expect((await bench.pipeline.look(run, wish)).steps).toHaveLength(120);
  });
});

describe('the log', () => {
  it('is the end of what the failed job printed, without times, colours and secrets', async () => {
    const { wish, run, lever } = await running();
    const line = (text: string) => `2026-09-01T08:00:00.1234567Z ${text}`;
    const many = Array.from({ length: 5000 }, (_none, index) => line(`line ${index}`));
    await lever.step('Build', 'success', 'build');
    await lever.endJob('build', 'success');
    await lever.step('Push', 'failure', 'push');
    const secret = `token=ghp_${'s'.repeat(36)}`;
    lever.log([...many, line(`\u001b[31mdenied\u001b[0m ${secret}`)].join('\r\n'), 'push');
    await lever.fail();

    const log = await bench.pipeline.logs?.(run, wish);

    expect(log?.split('\n').length).toBeLessThanOrEqual(200);
    expect(log).toMatch(/line 4999\ndenied token=\[secret\]$/);
  });

  it('is empty while GitHub has none', async () => {
    const { wish, run, lever } = await running();
    const before = await bench.pipeline.logs?.(run, wish);
    await lever.step('Build');

    expect([before, await bench.pipeline.logs?.(run, wish)]).toEqual(['', '']);
  });
});

describe('the record on GitHub', () => {
  it('makes one deployment and says each state once', async () => {
    const wish = bench.wish({ url: 'https://deploy.example.com/d/D-1' });

    await bench.pipeline.record?.(wish, 'in_progress', 'The pipeline is running.');
    await (await bench.restarted()).record?.(wish, 'in_progress', 'The pipeline is running.');
    await bench.pipeline.record?.(wish, 'success', `It runs there now. ${'é'.repeat(300)}`);

    const [deployment, ...others] = bench.repository.deployments;
    expect(others).toEqual([]);
    expect(deployment).toMatchObject({ sha: wish.sha, environment: 'staging', payload: { countersign: 'D-1' } });
    expect(deployment?.statuses.map(({ state }) => state)).toEqual(['in_progress', 'success']);
    expect(deployment?.statuses[1]?.description).toHaveLength(140);
    expect(deployment?.statuses[1]?.url).toBe('https://deploy.example.com/d/D-1');
  });

  it('says nothing once the fence has fallen: neither a second deployment, nor an older state over a newer one', async () => {
    const wish = bench.wish();
    const lost = new PortFailure('Not ours any more.', { port: 'lease', kind: 'refused', retryable: true });
    const fallen = () => {
      throw lost;
    };
    const failures: unknown[] = [];
    const tryAs = async (state: 'queued' | 'in_progress') =>
      failures.push(await bench.pipeline.record?.(wish, state, 'Late', fallen).catch((error: unknown) => error));

    await tryAs('queued');
    const before = bench.repository.deployments.length;
    await bench.pipeline.record?.(wish, 'success', 'It runs there now.', () => undefined);
    await tryAs('in_progress');

    expect(failures).toEqual([lost, lost]);
    expect(before).toBe(0);
    expect(bench.repository.deployments.map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([
      ['success'],
    ]);
  });

  it('keeps two deployments of one commit apart', async () => {
    await bench.pipeline.record?.(bench.wish(), 'success', 'One');
    await bench.pipeline.record?.(bench.wish(), 'failure', 'Two');

    expect(bench.repository.deployments.map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([
      ['success'],
      ['failure'],
    ]);
  });

  it('uses the name that the settings give, and none when they say so', async () => {
    await bench.pipeline.record?.(bench.wish({}, { environment: 'Staging (EU)' }), 'queued', 'Queued');
    await bench.pipeline.record?.(bench.wish({}, { environment: false }), 'queued', 'Queued');

    expect(bench.repository.deployments.map(({ environment }) => environment)).toEqual(['Staging (EU)']);
  });
});

describe('webhooks', () => {
  const verdict = async (event: string, payload: unknown) => {
    const { headers, body } = signed(SECRET, event, payload);
    return bench.pipeline.verify?.(new Headers(headers), body);
  };

  it.each(['workflow_run', 'workflow_job'])('understands the real examples of %s', async (name) => {
    const real = EXAMPLES.find((one) => one.name === name)?.examples ?? [];

    const verdicts = await Promise.all(real.map((payload) => verdict(name, payload)));

    expect(real.length).toBeGreaterThan(0);
    expect(verdicts.map((one) => (one?.kind === 'runs' ? one.runs.length : one))).toEqual(real.map(() => 1));
  });

  it('has nothing to say about other events and about shapes it does not know', async () => {
    const verdicts = await Promise.all([
      verdict('ping', { zen: 'Keep it small' }),
      verdict('workflow_run', { action: 'completed' }),
    ]);

    expect(verdicts).toEqual([{ kind: 'other' }, { kind: 'other' }]);
  });

  it('believes nobody when the secret is empty, and cannot be called without one', async () => {
    const empty = await bench.provider({ webhookSecret: 'env:EMPTY' });
    const none = await bench.provider({ webhookSecret: undefined });
    const { headers, body } = signed('', 'ping', {});

    expect((await empty.verify?.(new Headers(headers), body))?.kind).toBe('forged');
    expect(none.verify).toBeUndefined();
  });

  it('come before the answer to the dispatch, come twice, and name the run all the same', async () => {
    const heard: Promise<unknown>[] = [];
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const headers = new Headers(request.headers as Record<string, string>);
        heard.push(Promise.resolve(bench.pipeline.verify?.(headers, Buffer.concat(pieces).toString())));
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    bench.fake.postman.target = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, secret: SECRET };
    bench.fake.quirks.webhookFirst = true;

    const { run } = await running();
    const before = heard.length;
    for (const delivery of bench.fake.postman.deliveries) await bench.fake.postman.redeliver(delivery);
    const verdicts = await Promise.all(heard);
    server.close();

    expect(before).toBe(1);
    expect(verdicts).toMatchObject([
      { kind: 'runs', runs: [run.id] },
      { kind: 'runs', runs: [run.id] },
    ]);
    expect(new Set(verdicts.map((one) => (one as { delivery: string }).delivery)).size).toBe(1);
  });
});

describe('the commit', () => {
  it('is told as the run has it, not as it was asked for', async () => {
    const other = addCommit(bench.repository);
    bench.fake.quirks.otherSha = other;

    const { wish, run } = await running();

    expect((await bench.pipeline.look(run, wish)).sha).toBe(other);
    expect(other).not.toBe(wish.sha);
  });
});
