import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../contract/pipeline-tools.ts';
import { addCommit, type FakeCheck, type FakeRun } from '../fakes/github/world.ts';
import { type GitHubSourceBench, githubSourceBench } from './github-bench.ts';

let bench: GitHubSourceBench;

beforeEach(async () => {
  bench = await githubSourceBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

describe('a large range', () => {
  it('of 5,000 commits is read whole', async () => {
    const base = addCommit(bench.repo);
    for (let number = 0; number < 5000; number += 1) addCommit(bench.repo);
    const head = bench.repo.branches.get('main') ?? '';

    const set = await bench.source.changes('acme/web', base, head);

    expect(set.commits).toHaveLength(5000);
    expect(set.complete).toBe(true);
    expect(set.commits[0]?.sha).toBe(head);
    expect(new Set(set.commits.map(({ sha }) => sha)).size).toBe(5000);
    expect(bench.fake.asked.length).toBeLessThanOrEqual(150);
  }, 120_000);

  it('is never called whole when GitHub counts more commits than it lists', async () => {
    const base = addCommit(bench.repo);
    for (let number = 0; number < 150; number += 1) addCommit(bench.repo);
    const head = bench.repo.branches.get('main') ?? '';
    bench.fake.quirks.listsAtMost = 120;

    const set = await bench.source.changes('acme/web', base, head);

    expect(set.commits).toHaveLength(120);
    expect(set.complete).toBe(false);
  });

  it('lists 300 files at most', async () => {
    const base = addCommit(bench.repo);
    const head = addCommit(bench.repo, { files: Array.from({ length: 400 }, (_none, at) => `src/${at}.ts`) });

    const set = await bench.source.changes('acme/web', base, head);

    expect([set.files.length, set.filesTotal]).toEqual([300, 300]);
    expect(set.files[0]).toEqual({ path: 'src/0.ts' });
  });

  it('fails whole when a part of it cannot be read', async () => {
    const base = addCommit(bench.repo);
    const head = addCommit(bench.repo);
    bench.fake.faults.plan({ path: '/graphql', fault: { kind: 'status', status: 502 }, times: 2 });

    expect(await failureOf(bench.source.changes('acme/web', base, head))).toMatchObject({
      kind: 'unreachable',
      retryable: true,
    });
  });

  it('is not read from a repository that GitHub does not show', async () => {
    const sha = 'a'.repeat(40);

    const failures = await Promise.all([
      failureOf(bench.source.changes('acme/secret', sha, sha)),
      failureOf(bench.source.refs('acme/secret', '', 10)),
    ]);

    expect(failures.map(({ kind }) => kind)).toEqual(['not-found', 'not-found']);
  });
});

describe('the checks of a commit', () => {
  const check = (name: string, conclusion: string | null, status = 'completed'): FakeCheck => ({
    name,
    status,
    conclusion,
  });
  const none = { passed: 0, failed: 0, pending: 0, failures: [] };

  it.each([
    ['all well', [check('test', 'success'), check('lint', 'neutral')], [], { state: 'passed', passed: 2 }],
    [
      'one failed',
      [check('test', 'failure'), check('lint', 'success')],
      [],
      { state: 'failed', passed: 1, failed: 1, failures: ['test'] },
    ],
    [
      'one goes on',
      [check('test', null, 'in_progress'), check('lint', 'success')],
      [],
      { state: 'pending', passed: 1, pending: 1 },
    ],
    [
      'failed and goes on',
      [check('test', null, 'queued'), check('lint', 'timed_out')],
      [],
      { state: 'failed', failed: 1, pending: 1, failures: ['lint'] },
    ],
    [
      'repeated until it passed',
      [check('test', 'failure'), check('test', 'success')],
      [],
      { state: 'passed', passed: 1 },
    ],
    ['all skipped', [check('test', 'skipped')], [], { state: 'none' }],
    [
      'a word that nobody knows',
      [check('lint', 'success')],
      [{ context: 'ci', state: 'sideways' }],
      { state: 'unknown', passed: 1 },
    ],
    [
      'a status of another system',
      [],
      [{ context: 'ci/jenkins', state: 'error' }],
      { state: 'failed', failed: 1, failures: ['ci/jenkins'] },
    ],
    [
      'a status that is waited for',
      [check('test', 'success')],
      [{ context: 'ci', state: 'pending' }],
      { state: 'pending', passed: 1, pending: 1 },
    ],
  ] as const)('are judged: %s', async (_case, checks, statuses, expected) => {
    const sha = addCommit(bench.repo);
    bench.repo.checks.set(sha, [...checks]);
    bench.repo.statuses.set(sha, [...statuses]);

    const found = await bench.source.checks('acme/web', sha);

    expect(found).toEqual({
      ...none,
      ...expected,
      url: expect.stringMatching(/\/acme\/web\/commit\/[0-9a-f]{40}\/checks$/),
    });
  });

  it('do not count our own runs, so that a failed deployment can be tried again', async () => {
    const sha = addCommit(bench.repo);
    bench.repo.checks.set(sha, [check('test', 'success')]);
    const job = { id: 5, name: 'deploy', status: 'completed', conclusion: 'failure', steps: [], log: '' };
    const times = {
      createdAt: '2026-09-01T08:00:00Z',
      updatedAt: '2026-09-01T08:00:00Z',
      artifacts: [],
      pending: [],
      reviews: [],
      listings: 0,
      looks: 0,
      lost: false,
    };
    const run: FakeRun = {
      ...times,
      id: 4,
      workflow: 'deploy.yml',
      branch: 'countersign/D-1',
      sha,
      title: 'Deploy',
      inputs: {},
      status: 'completed',
      conclusion: 'failure',
      jobs: [job],
    };
    bench.repo.runs.push(run);

    expect(await bench.source.checks('acme/web', sha)).toMatchObject({ state: 'passed', passed: 1, failed: 0 });
  });

  it('are all read when there are more than a hundred', async () => {
    const sha = addCommit(bench.repo);
    const many = Array.from({ length: 130 }, (_none, at) => check(`test ${at}`, at === 129 ? 'failure' : 'success'));
    bench.repo.checks.set(sha, many);

    expect(await bench.source.checks('acme/web', sha)).toMatchObject({
      state: 'failed',
      passed: 129,
      failures: ['test 129'],
    });
  });
});

describe('names to choose from', () => {
  it('leave out the tags that pin our own runs', async () => {
    const sha = addCommit(bench.repo);
    bench.repo.tags.set('countersign/D-1', { sha, annotated: false });
    bench.repo.tags.set('v1', { sha, annotated: false });

    expect((await bench.source.refs('acme/web', '', 10)).map(({ name }) => name)).toEqual(['main', 'v1']);
  });
});
