import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import type { StartRequest } from '../../src/ports/pipeline.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import type { RunLever } from '../fakes/jenkins/index.ts';
import { addJob, beginBuild, enqueue } from '../fakes/jenkins/world.ts';
import { type JenkinsBench, jenkinsBench, notification, parameter, SECRET, SHA } from './jenkins-bench.ts';

let bench: JenkinsBench;
beforeEach(async () => {
  bench = await jenkinsBench();
});
afterEach(() => bench.close());

const OTHER = '0123456789abcdef0123456789abcdef01234567';

interface Started {
  readonly wish: StartRequest;
  readonly run: Run;
  readonly lever: RunLever;
}

async function started(settings: Record<string, unknown> = {}, more: Partial<StartRequest> = {}): Promise<Started> {
  const wish = bench.wish(more, settings);
  const run = await bench.pipeline.start(wish);
  return { wish, run, lever: bench.fake.run(run.id) };
}

describe('a run in the queue', () => {
  it.each([
    ['BuildableItem', false, /keeps the build in its queue: Waiting for next available executor/],
    ['BlockedItem', false, /keeps the build in its queue: Waiting for next/],
    ['BuildableItem', true, /keeps the build in its queue, longer than usual: /],
    ['WaitingItem', false, undefined],
  ] as const)('is queued, and says what holds it (%s, stuck: %j)', async (kind, stuck, words) => {
    const { run, wish, lever } = await started();
    Object.assign(lever.item, { kind, stuck });

    const { state, warning, url, steps } = await bench.pipeline.look(run, wish);

    expect({ state, steps, url }).toEqual({
      state: 'queued',
      steps: [],
      url: `${bench.fake.url}/job/team/job/app/job/deploy/`,
    });
    if (words === undefined) expect(warning).toBeUndefined();
    else expect(warning).toMatch(words);
  });

  it.each([false, true])('is taken out of it when it is stopped (old Jenkins: %j)', async (oldCancel) => {
    bench.fake.quirks.oldCancel = oldCancel;
    const { run, wish } = await started();

    await bench.pipeline.stop(run, wish);
    await bench.pipeline.stop(run, wish);

    expect(await bench.pipeline.look(run, wish)).toMatchObject({ state: 'cancelled', error: /out of the queue/ });
    expect(bench.job.builds).toEqual([]);
  });

  it.each([false, true])(
    'is stopped all the same when it leaves the queue in that moment (old Jenkins: %j)',
    async (oldCancel) => {
      Object.assign(bench.fake.quirks, { oldCancel, leavesOnCancel: true });
      const { run, wish } = await started();

      await bench.pipeline.stop(run, wish);

      expect(bench.job.builds).toMatchObject([{ building: false, result: 'ABORTED' }]);
      expect((await bench.pipeline.look(run, wish)).state).toBe('cancelled');
    },
  );
});

describe('a run that Jenkins has forgotten in the queue', () => {
  it('is found among the builds by its number there and our id', async () => {
    const { run, wish, lever } = await started();
    lever.begin();
    lever.forget();

    const seen = await (await bench.restarted()).look(run, wish);

    expect(seen).toMatchObject({ state: 'running', sha: SHA, url: `${bench.fake.url}/job/team/job/app/job/deploy/1/` });
  });

  it('is found among older builds than the newest hundred', async () => {
    const { run, wish, lever } = await started();
    lever.end('SUCCESS');
    lever.forget();
    for (let count = 0; count < 120; count += 1) beginBuild(enqueue(bench.fake.world, bench.job, {}));

    expect((await (await bench.restarted()).look(run, wish)).state).toBe('succeeded');
  });

  it('is not taken for another one that got its number after Jenkins was set up anew', async () => {
    const { run, wish, lever } = await started();
    const { item } = lever;
    lever.lose();
    bench.fake.world.items.push({ ...item, parameters: { COUNTERSIGN_ID: 'cs-other' } });

    expect(await failureOf(bench.pipeline.look(run, wish))).toMatchObject({ kind: 'not-found', code: 'lost' });
  });

  it('costs two questions a look once its number is known', async () => {
    const { run, wish, lever } = await started();
    lever.stage('Build');
    await bench.pipeline.look(run, wish);
    const before = bench.fake.asked.length;

    await bench.pipeline.look(run, wish);

    expect(bench.fake.asked.slice(before).map(({ path }) => path.replace(/^.*deploy/, ''))).toEqual([
      '/1/api/json',
      '/1/wfapi/describe',
    ]);
  });
});

describe('the commit of a build', () => {
  const commitOf = async (checkouts: readonly (readonly [string, string])[], settings = {}, more = {}) => {
    const { run, wish, lever } = await started(settings, more);
    const build = lever.begin();
    build.checkouts.splice(0, 1, ...checkouts.map(([remote, sha]) => ({ sha, remotes: [remote] })));
    return bench.pipeline.look(run, wish);
  };

  it.each([
    'https://github.com/acme/web.git',
    'https://bot@GitHub.com/Acme/Web/',
    'git@github.com:acme/web.git',
    'ssh://git@git.example.com:7999/acme/web',
  ])('is that of the repository (%s), not that of a library', async (remote) => {
    const { sha } = await commitOf([
      ['https://github.com/acme/pipeline-library.git', OTHER],
      [remote, SHA],
    ]);

    expect(sha).toBe(SHA);
  });

  it('is not said by a library alone, nor by a repository that only ends alike', async () => {
    const seen = await commitOf([
      ['https://bot:secret1234@git.example.com/acme/library.git', SHA],
      ['https://git.example.com/acme/other-web', SHA],
      ['https://git.example.com/notacme/web', SHA],
    ]);

    expect(seen).not.toHaveProperty('sha');
    expect(seen.warning).toMatch(/git\.example\.com\/acme\/library.*none of which is known as acme\/web/);
    expect(seen.warning).not.toContain('secret1234');
  });

  it('is not said by a build that checked out nothing', async () => {
    const seen = await commitOf([]);

    expect(seen).not.toHaveProperty('sha');
    expect(seen.warning).toBeUndefined();
  });

  it('is the one that was not approved, wherever it stands, when the repository was checked out twice', async () => {
    const remote = 'https://github.com/acme/web';
    const both = [
      await commitOf([
        [remote, OTHER],
        [remote, SHA],
      ]),
      await commitOf([
        [remote, SHA],
        [remote, OTHER],
      ]),
    ];

    expect(both.map(({ sha }) => sha)).toEqual([OTHER, OTHER]);
  });

  it('is that of the address which the settings name', async () => {
    const { sha } = await commitOf([['https://mirror.example.com/x.git', SHA]], {
      remote: 'https://mirror.example.com/x',
    });

    expect(sha).toBe(SHA);
  });
});

describe('the end of a build', () => {
  it.each([
    ['FAILURE', 'failed', 'Stage "Build" failed: script returned exit code 1'],
    ['UNSTABLE', 'failed', 'Jenkins calls the build unstable in stage "Build": usually tests failed.'],
    ['NOT_BUILT', 'failed', /without building anything \(NOT_BUILT\)/],
    ['ABORTED', 'cancelled', undefined],
    ['SUCCESS', 'succeeded', undefined],
  ])('with %s is %s', async (result, state, words) => {
    const { run, wish, lever } = await started();
    lever.stage('Build');
    if (result === 'FAILURE') lever.stage('Build', 'FAILED', 'script returned exit code 1\n\tat somewhere');
    lever.end(result);

    const seen = await bench.pipeline.look(run, wish);

    expect(seen.state).toBe(state);
    if (words === undefined) expect(seen).not.toHaveProperty('error');
    else expect(seen.error).toMatch(words);
  });

  it('is not believed while the build goes on', async () => {
    const { run, wish, lever } = await started();
    lever.stage('Build');
    lever.begin().result = 'SUCCESS';

    expect(await bench.pipeline.look(run, wish)).toMatchObject({ state: 'running' });
  });

  it('hides secrets in what a stage says', async () => {
    const { run, wish, lever } = await started();
    lever.stage('Build', 'FAILED', 'curl -H "Authorization: Bearer abcdefgh12345678" failed');
    lever.end('FAILURE');

    expect((await bench.pipeline.look(run, wish)).error).not.toContain('abcdefgh12345678');
  });
});

describe('the steps of a build', () => {
  it('are its stages in order, also those that were left out', async () => {
    const { run, wish, lever } = await started();
    lever.stage('Build');
    lever.stage('Ask', 'NOT_EXECUTED');
    lever.stage('Deploy');

    const { steps } = await bench.pipeline.look(run, wish);

    expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Build succeeded',
      'Ask skipped',
      'Deploy running',
    ]);
    expect(steps[0]?.url).toBe(`${bench.fake.url}/job/team/job/app/job/deploy/1/execution/node/5/`);
    expect(steps[1]).not.toHaveProperty('startedAt');
  });

  it('are one, with a word to the operator, where the plugin for stages is missing', async () => {
    bench.fake.quirks.restPlugin = false;
    const { run, wish, lever } = await started();
    lever.stage('Build');

    const seen = await bench.pipeline.look(run, wish);

    expect(seen).toMatchObject({ state: 'running', steps: [{ name: 'Build', state: 'running' }] });
    expect(seen.warning).toMatch(/plugin "Pipeline: REST API" is missing/);
  });

  it('are one, as they should be, of a freestyle job', async () => {
    addJob(bench.fake.world, 'plain', { kind: 'freestyle' });
    const { run, wish, lever } = await started({ job: 'plain' });
    lever.begin();
    const during = await bench.pipeline.look(run, wish);
    lever.end('FAILURE');
    const after = await bench.pipeline.look(run, wish);

    expect([during.steps[0]?.state, after.steps[0]?.state]).toEqual(['running', 'failed']);
    expect(after.error).toBe('The build failed. Its console says more.');
    expect([during.warning, after.warning]).toEqual([undefined, undefined]);
  });
});

describe('stopping a build', () => {
  it('is meant more seriously each time, half a minute later', async () => {
    const { run, wish, lever } = await started();
    lever.begin().endsBy = 'kill';
    const ways = () => bench.fake.asked.flatMap(({ path }) => /\/1\/(stop|term|kill)$/.exec(path)?.[1] ?? []);

    for (const wait of [0, 1000, 30_000, 30_000]) {
      bench.clock.skip(wait);
      await bench.pipeline.stop(run, wish);
    }

    expect(ways()).toEqual(['stop', 'stop', 'term', 'kill']);
    expect((await bench.pipeline.look(run, wish)).state).toBe('cancelled');
  });

  it('is never more than asking in a freestyle job, which knows nothing harder', async () => {
    addJob(bench.fake.world, 'plain', {
      kind: 'freestyle',
      parameters: ['COUNTERSIGN_ID', 'COUNTERSIGN_SHA'].map((name) => parameter(name)),
    });
    const { run, wish, lever } = await started({ job: 'plain' });
    lever.begin().endsBy = 'kill';

    for (const wait of [0, 30_000]) {
      bench.clock.skip(wait);
      await bench.pipeline.stop(run, wish);
    }

    expect(
      bench.fake.asked.filter(({ method }) => method === 'POST').map(({ path }) => path.split('/').at(-1)),
    ).toEqual(['buildWithParameters', 'stop', 'stop']);
  });
});

describe('the console', () => {
  it('is shown without colours, the talk of pipelines, and secrets', async () => {
    const { run, wish, lever } = await started();
    lever.begin().console = '[Pipeline] sh\n\u001b[31mred\u001b[0m\ntoken=abcdefgh1234\n[Pipeline] }\n';

    expect(await bench.pipeline.logs?.(run, wish)).toBe('red\ntoken=[secret]');
  });

  it('is empty while the run waits in the queue', async () => {
    const { run, wish } = await started();

    expect(await bench.pipeline.logs?.(run, wish)).toBe('');
  });
});

describe('a call of the Notification plugin', () => {
  const verdict = (headers: Record<string, string>, body: string, pipeline = bench.pipeline) =>
    pipeline.verify?.(new Headers(headers), body);

  it('about something else is no forgery', async () => {
    const { run } = await started();
    const { headers } = notification(bench.fake, run.id, SECRET);

    expect(await verdict(headers, '{"build":{"number":3}}')).toEqual({ kind: 'other' });
    expect(await verdict(headers, 'not json')).toEqual({ kind: 'other' });
  });

  it('is forged when our secret is empty, whatever it says', async () => {
    const { run } = await started();
    const { headers, body } = notification(bench.fake, run.id, '');
    const pipeline = await bench.provider({ webhookSecret: 'env:EMPTY' });

    expect(await verdict(headers, body, pipeline)).toMatchObject({ kind: 'forged' });
  });

  it('is not expected without a secret', async () => {
    expect((await bench.provider({ webhookSecret: undefined })).verify).toBeUndefined();
  });
});
