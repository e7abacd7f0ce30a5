import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Commit } from '../../src/domain/change-set.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { ANNA, addCommit, addPull, BEN, type CommitWish, type FakePerson, WEB_FLOW } from '../fakes/github/world.ts';
import { type GitHubSourceBench, githubSourceBench } from './github-bench.ts';

const DANA: FakePerson = { name: 'Dana Ito', email: 'dana@example.com', login: 'dana' };
const STRANGER: FakePerson = { name: 'Sam', email: 'sam@home.test' };
const RENOVATE: FakePerson = {
  name: 'renovate[bot]',
  email: '29139614+renovate[bot]@users.noreply.github.com',
  login: 'renovate[bot]',
  bot: true,
};

let bench: GitHubSourceBench;
let base: string;

beforeEach(async () => {
  bench = await githubSourceBench();
  base = addCommit(bench.repo, { message: 'Base' });
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

/** The change set's only commit. */
async function changed(
  wish: CommitWish,
  pull: Omit<Parameters<typeof addPull>[1], 'landed'> = {},
): Promise<Commit | undefined> {
  const sha = addCommit(bench.repo, wish);
  if (Object.keys(pull).length > 0) addPull(bench.repo, { landed: [sha], ...pull });
  const set = await bench.source.changes('acme/web', base, sha);
  expect(set.complete).toBe(true);
  return set.commits[0];
}

function people(commit: Commit | undefined): readonly string[] {
  return (commit?.hands ?? []).map(
    ({ role, account, bot }) => `${role} ${account.system}:${account.id}${bot ? ' (bot)' : ''}`,
  );
}

describe('the hands in a commit', () => {
  it('tell a bot from the human who helped it', async () => {
    const commit = await changed({ author: RENOVATE, committer: WEB_FLOW, coAuthors: [DANA] });

    expect(people(commit)).toEqual([
      'author github:renovate[bot] (bot)',
      'co-author github:dana',
      'committer github:web-flow (bot)',
    ]);
  });

  it('know a bot that is a co-author by its address', async () => {
    const commit = await changed({ coAuthors: [RENOVATE] });

    expect(people(commit)).toContain('co-author github:renovate[bot] (bot)');
  });

  it('are e-mail addresses where GitHub knows no user', async () => {
    const commit = await changed({ author: STRANGER, coAuthors: [{ ...STRANGER, email: 'sam@work.test' }] });

    expect(people(commit)).toEqual([
      'author email:sam@home.test',
      'co-author email:sam@work.test',
      'committer email:sam@home.test',
    ]);
    expect(commit?.hands[0]?.account.name).toBe('Sam');
  });

  it('include co-authors whom GitHub did not read, by login where the address tells it', async () => {
    const trailers = [
      'Co-authored-by: Eli <7+eli@users.noreply.github.com>',
      'co-AUTHORED-by:Fay<fay@home.test>',
      'PS: thanks',
    ];
    const commit = await changed({ message: `Work\n\n${trailers.join('\n')}` });

    expect(people(commit)).toEqual([
      'author github:ben',
      'co-author github:eli',
      'co-author email:fay@home.test',
      'committer github:ben',
    ]);
  });

  it('include whoever merged, even when somebody else wrote everything', async () => {
    const commit = await changed({ committer: WEB_FLOW }, { mergedBy: ANNA, title: 'Faster search', number: 12 });

    expect(people(commit)).toEqual(['author github:ben', 'committer github:web-flow (bot)', 'merger github:anna']);
    expect(commit?.pullRequest).toEqual({ number: 12, title: 'Faster search', url: 'https://github.test/pull/12' });
  });

  it('take a merging bot for a bot', async () => {
    const commit = await changed({}, { mergedBy: RENOVATE });

    expect(people(commit)).toContain('merger github:renovate[bot] (bot)');
  });

  it('of a merge commit are a merger, for nothing was written', async () => {
    const side = addCommit(bench.repo, { message: 'Side', branch: 'side', author: BEN });
    const main = addCommit(bench.repo, { message: 'Main', author: DANA });
    const head = addCommit(bench.repo, { message: 'Merge', parents: [main, side], author: ANNA, committer: WEB_FLOW });
    addPull(bench.repo, { landed: [side], commits: [side], mergeCommit: head, mergedBy: ANNA });

    const set = await bench.source.changes('acme/web', base, head);

    expect(set.commits.map(people)).toEqual([
      ['merger github:anna', 'committer github:web-flow (bot)'],
      ['author github:dana', 'committer github:dana'],
      ['author github:ben', 'committer github:ben', 'merger github:anna'],
    ]);
  });

  it('of a squash include everybody whose commits were squashed, although the message names nobody', async () => {
    const own = [BEN, DANA, STRANGER, BEN].map((author, at) =>
      addCommit(bench.repo, { message: `Try ${at}`, author, branch: 'side' }),
    );
    const squash = addCommit(bench.repo, { message: 'Search (#5)', author: BEN, committer: WEB_FLOW });
    addPull(bench.repo, { number: 5, landed: [squash], commits: own, mergeCommit: squash, mergedBy: ANNA });

    const set = await bench.source.changes('acme/web', base, squash);

    expect(set.complete).toBe(true);
    expect(people(set.commits[0])).toEqual([
      'author github:ben',
      'co-author github:dana',
      'co-author email:sam@home.test',
      'committer github:web-flow (bot)',
      'merger github:anna',
    ]);
  });

  it('of a squash of more than a hundred commits are all there', async () => {
    const own = Array.from({ length: 130 }, (_none, at) =>
      addCommit(bench.repo, { message: `Try ${at}`, branch: 'side', author: at === 129 ? DANA : BEN }),
    );
    const squash = addCommit(bench.repo, { message: 'Everything' });
    addPull(bench.repo, { landed: [squash], commits: own, mergeCommit: squash, mergedBy: ANNA });

    const set = await bench.source.changes('acme/web', base, squash);

    expect(people(set.commits[0])).toContain('co-author github:dana');
    expect(set.complete).toBe(true);
  });

  it('of a rebase name the merger for every commit that it brought', async () => {
    const landed = [BEN, DANA].map((author) => addCommit(bench.repo, { author, committer: ANNA }));
    addPull(bench.repo, { landed, mergeCommit: landed[1] ?? '', mergedBy: ANNA });

    const set = await bench.source.changes('acme/web', base, landed[1] ?? '');

    expect(set.commits.map((commit) => people(commit).filter((words) => words.startsWith('merger')))).toEqual([
      ['merger github:anna'],
      ['merger github:anna'],
    ]);
  });
});

describe('the release note', () => {
  it.each([
    [
      'a section of its own',
      { body: '## Why\n\nBecause.\n\n## Release note\n\nSearch is faster.\nMuch.\n\n## Tests\n\nYes.' },
      'Search is faster.\nMuch.',
    ],
    [
      'a section at the end, with a template comment',
      { body: '## Release note\r\n<!-- For customers -->\r\nNew colours.' },
      'New colours.',
    ],
    [
      'the label and the first line',
      { body: '\n# Title\nPayments by card.\nMore.', labels: ['release-note'] },
      'Payments by card.',
    ],
    ['the label alone', { body: '', labels: ['release-note'], title: 'Dark mode' }, 'Dark mode'],
    ['an empty section', { body: '## Release note\n\n## Tests\nYes.' }, undefined],
    ['nothing', { body: 'Just words.' }, undefined],
  ])('comes from %s', async (_case, pull, note) => {
    const commit = await changed({}, { mergedBy: ANNA, ...pull });

    expect(commit?.pullRequest?.releaseNote).toBe(note);
  });
});

describe('a team', () => {
  it('has all its members, page by page', async () => {
    const many = Array.from({ length: 130 }, (_none, at) => ({
      name: `P${at}`,
      email: `p${at}@example.com`,
      login: `p${at}`,
    }));
    bench.fake.world.teams.set('acme/platform', many);

    const members = await bench.source.team?.('acme/platform');

    expect(members).toHaveLength(130);
    expect(members?.[129]).toEqual({ system: 'github', id: 'p129' });
  });

  it('that is not known, or not named as one, is no empty team', async () => {
    const failures = await Promise.all(
      ['acme/nobody', 'platform'].map((team) => failureOf(bench.source.team?.(team) ?? Promise.resolve())),
    );

    expect(failures.map(({ kind }) => kind)).toEqual(['not-found', 'not-found']);
  });
});
