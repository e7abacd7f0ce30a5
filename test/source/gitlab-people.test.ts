import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeSet, Commit } from '../../src/domain/change-set.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { ANNA, addCommit, addPull, BEN, type CommitWish, type FakePerson } from '../fakes/github/world.ts';
import { addPipeline } from '../fakes/gitlab/world.ts';
import { type GitLabSourceBench, gitlabSourceBench } from './gitlab-bench.ts';

const DANA: FakePerson = { name: 'Dana Ito', email: 'dana@example.com', login: 'dana' };
const STRANGER: FakePerson = { name: 'Sam', email: 'sam@home.test' };
const TOKEN_BOT: FakePerson = {
  name: 'Deploys',
  email: 'project_7_bot_5f@noreply.gitlab.test',
  login: 'project_7_bot_5f',
};

let bench: GitLabSourceBench;
let base: string;

beforeEach(async () => {
  bench = await gitlabSourceBench();
  base = addCommit(bench.project.git, { message: 'Base', files: ['README.md'] });
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

const changes = (head: string): Promise<ChangeSet> => bench.source.changes(bench.repository, base, head);

/** The change set's only commit. */
async function changed(
  wish: CommitWish,
  pull: Omit<Parameters<typeof addPull>[1], 'landed'> = {},
): Promise<Commit | undefined> {
  const sha = addCommit(bench.project.git, wish);
  if (Object.keys(pull).length > 0) addPull(bench.project.git, { landed: [sha], ...pull });
  const set = await changes(sha);
  expect(set.complete).toBe(true);
  return set.commits[0];
}

function people(commit: Commit | undefined): readonly string[] {
  return (commit?.hands ?? []).map(
    ({ role, account, bot }) => `${role} ${account.system}:${account.id}${bot ? ' (bot)' : ''}`,
  );
}

describe('the hands in a commit', () => {
  it('are accounts where GitLab ties the address to one, and addresses otherwise', async () => {
    const message = 'Work\n\nCo-authored-by: Eli <7-eli@users.noreply.gitlab.test>\nco-AUTHORED-by:Fay<fay@home.test>';
    const commit = await changed({ author: BEN, committer: STRANGER, message });

    expect(people(commit)).toEqual([
      'author gitlab:ben',
      'co-author gitlab:eli',
      'co-author email:fay@home.test',
      'committer email:sam@home.test',
    ]);
    expect(commit?.hands[3]?.account.name).toBe('Sam');
  });

  it('of a helper are an account as soon as the helper has written a commit of the change', async () => {
    addCommit(bench.project.git, { author: DANA });
    const head = addCommit(bench.project.git, {
      message: `Work\n\nCo-authored-by: Dana <${DANA.email.toUpperCase()}>`,
    });

    expect(people((await changes(head)).commits[0])).toContain('co-author gitlab:dana');
  });

  it('are found in older versions too', async () => {
    bench.fake.quirks.oldGraph = true;

    expect(people(await changed({ author: DANA }))).toContain('author gitlab:dana');
  });

  it('tell the accounts of access tokens from humans', async () => {
    expect(people(await changed({ author: TOKEN_BOT, committer: { ...DANA, bot: true } }))).toEqual([
      'author gitlab:project_7_bot_5f (bot)',
      'committer email:dana@example.com',
    ]);
  });

  it('include whoever asked for the merge, and whoever merged', async () => {
    const commit = await changed({ author: BEN }, { author: DANA, mergedBy: ANNA, title: 'Faster search', number: 12 });

    expect(people(commit)).toEqual([
      'author gitlab:ben',
      'co-author gitlab:dana',
      'committer gitlab:ben',
      'merger gitlab:anna',
    ]);
    expect(commit?.pullRequest).toEqual({
      number: 12,
      title: 'Faster search',
      url: 'https://gitlab.test/acme/shop/web/-/merge_requests/12',
    });
  });

  it('of a merge request that is still open are those of its commits alone', async () => {
    const commit = await changed({ author: BEN }, { author: DANA, number: 13 });

    expect(people(commit)).toEqual(['author gitlab:ben', 'committer gitlab:ben']);
    expect(commit?.pullRequest?.number).toBe(13);
  });

  it('of a merge commit are a merger, for nothing was written', async () => {
    const { git } = bench.project;
    const side = addCommit(git, { message: 'Side', branch: 'side', author: BEN });
    const main = addCommit(git, { message: 'Main', author: DANA });
    const head = addCommit(git, { message: 'Merge', parents: [main, side], author: ANNA });
    addPull(git, { landed: [side], commits: [side], mergeCommit: head, mergedBy: ANNA });

    const set = await changes(head);

    expect(set.commits.map(people)).toEqual([
      ['merger gitlab:anna', 'committer gitlab:anna'],
      ['author gitlab:dana', 'committer gitlab:dana'],
      ['author gitlab:ben', 'committer gitlab:ben', 'merger gitlab:anna'],
    ]);
  });

  it('of a squash include everybody whose commits were squashed, although the message names nobody', async () => {
    const { git } = bench.project;
    const own = Array.from({ length: 130 }, (_none, at) =>
      addCommit(git, { message: `Try ${at}`, branch: 'side', author: at === 129 ? DANA : at === 3 ? STRANGER : BEN }),
    );
    const squash = addCommit(git, { message: 'Search', author: BEN });
    addPull(git, { number: 5, landed: [squash], commits: own, mergeCommit: squash, mergedBy: ANNA });

    const set = await changes(squash);

    expect(set.complete).toBe(true);
    expect([...people(set.commits[0])].sort()).toEqual([
      'author gitlab:ben',
      'co-author email:sam@home.test',
      'co-author gitlab:dana',
      'committer gitlab:ben',
      'merger gitlab:anna',
    ]);
  });

  it('are not called known where GitLab does not say who wrote', async () => {
    const sha = addCommit(bench.project.git);
    bench.fake.faults.plan({ path: '/graphql', fault: { kind: 'status', status: 403 } });

    expect(await failureOf(changes(sha))).toMatchObject({ kind: 'forbidden' });
  });
});

describe('the range', () => {
  it('is read page by page', async () => {
    let head = '';
    for (let number = 1; number <= 230; number += 1) head = addCommit(bench.project.git);

    const set = await changes(head);

    expect(set).toMatchObject({ complete: true, direction: 'ahead' });
    expect(new Set(set.commits.map(({ sha }) => sha)).size).toBe(230);
  }, 30_000);

  it('names all files that differ, also those that would be taken back', async () => {
    const { git } = bench.project;
    const live = addCommit(git, { message: 'Live', files: ['live.ts'] });
    const other = addCommit(git, { message: 'Other', branch: 'other', parents: [base], files: ['other.ts'] });

    const set = await bench.source.changes(bench.repository, live, other);

    expect(set).toMatchObject({ direction: 'diverged', filesTotal: 2 });
    expect(set.files.map(({ path }) => path).sort()).toEqual(['live.ts', 'other.ts']);
    expect(set).not.toHaveProperty('filesUnlisted');
  });

  it('says when GitLab names only some of the files', async () => {
    bench.fake.quirks.listsAtMost = 1;

    expect(await changes(addCommit(bench.project.git, { files: ['a', 'b'] }))).toMatchObject({
      filesUnlisted: true,
      filesTotal: 1,
    });
  });

  it('asks nothing for what is no project', async () => {
    expect(await failureOf(bench.source.changes('web', base, base))).toMatchObject({ code: 'repository-name' });
    expect(bench.fake.asked).toEqual([]);
  });
});

describe('the checks', () => {
  const check = async (...statuses: { name: string; status: string; ref?: string; allowFailure?: boolean }[]) => {
    bench.project.statuses.set(base, statuses);
    return bench.source.checks(bench.repository, base);
  };

  it.each([
    [[{ name: 'test', status: 'success' }], 'passed'],
    [
      [
        { name: 'test', status: 'success' },
        { name: 'e2e', status: 'running' },
      ],
      'pending',
    ],
    [[{ name: 'test', status: 'failed' }], 'failed'],
    [[{ name: 'test', status: 'canceled' }], 'failed'],
    [
      [
        { name: 'test', status: 'success' },
        { name: 'lint', status: 'failed', allowFailure: true },
      ],
      'passed',
    ],
    [
      [
        { name: 'test', status: 'success' },
        { name: 'deploy', status: 'manual', allowFailure: true },
      ],
      'passed',
    ],
    [
      [
        { name: 'test', status: 'success' },
        { name: 'gate', status: 'manual' },
      ],
      'pending',
    ],
    [
      [
        { name: 'test', status: 'failed' },
        { name: 'test', status: 'success' },
      ],
      'passed',
    ],
    [
      [
        { name: 'test', status: 'success' },
        { name: 'odd', status: 'constructor' },
      ],
      'unknown',
    ],
    [[{ name: 'deploy', status: 'failed', ref: 'countersign/D-1' }], 'none'],
  ])('%j is %s', async (statuses, state) => {
    expect((await check(...statuses)).state).toBe(state);
  });

  it('count a pipeline that never had a job, and none of our own', async () => {
    const { world } = bench.fake;
    addPipeline(world, bench.project, { ref: 'countersign/D-1', sha: base, source: 'api', status: 'failed' });
    expect((await check()).state).toBe('none');

    const broken = addPipeline(world, bench.project, { ref: 'main', sha: base, source: 'push', status: 'failed' });

    expect(await check({ name: 'reported', status: 'success' })).toMatchObject({
      state: 'failed',
      failures: [`pipeline ${broken.id}`],
    });
  });
});

describe('a group', () => {
  it('has all its active members, page by page', async () => {
    const many = Array.from({ length: 130 }, (_none, at) => ({ username: `p${at}` }));
    const others = [
      { username: 'gone', state: 'blocked' },
      { username: 'asked', membership: 'awaiting' },
    ];
    bench.fake.world.groups.set('acme/shop/platform', [...others, ...many]);

    const members = await bench.source.team?.('acme/shop/platform');

    expect(members).toHaveLength(130);
    expect(members?.[129]).toEqual({ system: 'gitlab', id: 'p129' });
  });

  it('that is not known, or not named as one, is no empty group', async () => {
    const failures = await Promise.all(
      ['acme/nobody', 'not a group'].map((team) => failureOf(bench.source.team?.(team) ?? Promise.resolve())),
    );

    expect(failures.map(({ kind }) => kind)).toEqual(['not-found', 'not-found']);
  });
});

describe('a file', () => {
  it('is read as it was in that commit, and is nothing where there is none', async () => {
    bench.project.files.set(`${base} .gitlab/CODEOWNERS`, '* @anna # für alle\n');

    expect(await bench.source.file?.(bench.repository, base, '.gitlab/CODEOWNERS')).toBe('* @anna # für alle\n');
    expect(await bench.source.file?.(bench.repository, base, 'CODEOWNERS')).toBeUndefined();
  });
});

describe('a file that nobody can read', () => {
  it('is not taken for one that is not there when GitLab does not know the commit', async () => {
    const read = bench.source.file?.(bench.repository, 'f'.repeat(40), 'CODEOWNERS') ?? Promise.resolve();

    expect(await failureOf(read)).toMatchObject({ kind: 'not-found' });
  });

  it('is nothing when it is no text', async () => {
    const sha = await bench.commit({ message: 'One', branch: 'main' });
    bench.project.files.set(`${sha} logo.png`, 'PNG\u0000');

    expect(await bench.source.file?.(bench.repository, sha, 'logo.png')).toBeUndefined();
  });
});

describe('an owner of files', () => {
  beforeEach(() => {
    bench.fake.world.accounts.set(ANNA.email, ANNA);
    bench.fake.world.groups.set('platform', [{ username: 'ben' }, { username: 'boss', inherited: true }]);
    bench.fake.world.groups.set('acme/shop/web', [{ username: 'dana' }]);
  });

  it.each([
    ['Anna', ['anna']],
    ['platform', ['ben']],
    ['acme/shop/web', ['dana']],
  ])('named %s is %j', async (name, usernames) => {
    expect((await bench.source.owner?.(name))?.map(({ id }) => id)).toEqual(usernames);
  });

  it.each(['nobody', '@maintainer'])('named %s is nobody who could be guessed', async (name) => {
    expect(await failureOf(bench.source.owner?.(name) ?? Promise.resolve())).toMatchObject({ kind: 'not-found' });
  });
});
