import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AdapterTools } from '../../adapters/shared/adapter.ts';
import { gitSource } from '../../adapters/source/git/index.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import type { Source } from '../../src/ports/source.ts';
import { ANNA, BEN, repository, type TestRepository } from './git-repository.ts';

const tools: AdapterTools = {
  clock: { now: () => 0, at: () => () => undefined },
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  secrets: { read: async (reference) => reference },
  dataFolder: tmpdir(),
};

let repo: TestRepository;
let source: Source;

beforeEach(async () => {
  repo = repository();
  source = await gitSource.create('local', {}, tools);
});

afterEach(() => repo.remove());

describe('resolving a name', () => {
  it('finds branches, tags of both kinds, and whole and abbreviated commits', async () => {
    const sha = repo.commit('One');
    repo.git(['tag', 'light']);
    repo.git(['tag', '-a', 'v1.0.0', '-m', 'First release']);

    const found = await Promise.all(
      ['main', 'light', 'v1.0.0', sha, sha.slice(0, 7), sha.toUpperCase()].map((ref) =>
        source.resolve(repo.folder, ref),
      ),
    );

    expect(found.map((ref) => ref?.sha)).toEqual([sha, sha, sha, sha, sha, sha]);
    expect(found.map((ref) => ref?.kind)).toEqual(['branch', 'tag', 'tag', 'commit', 'commit', 'commit']);
  });

  it('finds nothing for a name that nobody has, and for a commit that is not there', async () => {
    repo.commit('One');

    expect(await source.resolve(repo.folder, 'no-such-branch')).toBeUndefined();
    expect(await source.resolve(repo.folder, 'f'.repeat(40))).toBeUndefined();
    expect(await source.resolve(repo.folder, '0000000')).toBeUndefined();
  });

  it('finds nothing when a branch and a tag of one name stand for different commits', async () => {
    repo.commit('One');
    repo.git(['tag', 'release']);
    repo.commit('Two');
    repo.git(['branch', 'release']);

    expect(await source.resolve(repo.folder, 'release')).toBeUndefined();
  });

  it('finds nothing when an abbreviation fits two commits', async () => {
    const seen = new Map<string, string>();
    const shared = await (async () => {
      for (let at = 0; at < 2000; at += 1) {
        const sha = repo.git(['commit-tree', '-m', `Try ${at}`, '4b825dc642cb6eb9a060e54bf8d69288fbee4904']);
        if (seen.has(sha.slice(0, 4))) return sha.slice(0, 4);
        seen.set(sha.slice(0, 4), sha);
      }
      return '';
    })();

    expect(shared).toHaveLength(4);
    expect(await source.resolve(repo.folder, shared)).toBeUndefined();
  });

  it.each([
    '--all',
    '-n1',
    'main..other',
    'main~1',
    'main^',
    'HEAD@{1}',
    ':/One',
    'main:file.txt',
    'ma*n',
    'a b',
    'a\nb',
    'a\0b',
    '',
    '../main',
    'heads/main/',
    'x'.repeat(300),
  ])('takes %j for no name at all', async (ref) => {
    repo.commit('One');

    expect(await source.resolve(repo.folder, ref)).toBeUndefined();
  });

  it('reads a relative repository from the folder of the settings', async () => {
    const sha = repo.commit('One');
    const relative = await gitSource.create('local', { folder: dirname(repo.folder) }, tools);

    expect((await relative.resolve(basename(repo.folder), 'main'))?.sha).toBe(sha);
  });
});

describe('the change set', () => {
  it('names author, committer and every co-author of each commit, newest first', async () => {
    const base = repo.commit('Base');
    repo.commit('Second', { author: BEN, committer: ANNA });
    const message =
      'Third\n\nWords.\n\nCo-authored-by: Dana Ito <Dana@example.com>\nco-authored-by: Eli <eli@example.com>\n\nPS: thanks';
    const head = repo.commit(message);

    const set = await source.changes(repo.folder, base, head);

    expect(set).toMatchObject({
      base,
      head,
      complete: true,
      direction: 'ahead',
      files: [{ path: 'file.txt' }],
      filesTotal: 1,
    });
    expect(set.commits.map((commit) => commit.title)).toEqual(['Third', 'Second']);
    expect(
      set.commits[0]?.hands.map(({ role, account }) => `${role} ${account.system}:${account.id} ${account.name}`),
    ).toEqual([
      'author email:ben@example.com Ben Okafor',
      'co-author email:Dana@example.com Dana Ito',
      'co-author email:eli@example.com Eli',
    ]);
    expect(set.commits[1]?.hands.map(({ role, account }) => `${role} ${account.id}`)).toEqual([
      'author ben@example.com',
      'committer anna@example.com',
    ]);
    expect(set.commits[0]?.at).toMatch(/^2026-09-01T08:\d\d:00.000Z$/);
  });

  it('names whoever made a merge commit as its merger, and the commits it brought', async () => {
    const base = repo.commit('Base');
    repo.git(['switch', '--quiet', '--create', 'side']);
    repo.commit('Side work', { path: 'side.txt' });
    repo.git(['switch', '--quiet', 'main']);
    repo.git(['merge', '--quiet', '--no-ff', '-m', 'Merge side', 'side'], repo.identity(ANNA, ANNA));

    const set = await source.changes(repo.folder, base, repo.git(['rev-parse', 'HEAD']));

    expect(
      set.commits.map(({ title, hands }) => [title, hands.map(({ role, account }) => `${role} ${account.id}`)]),
    ).toEqual([
      ['Merge side', ['merger anna@example.com']],
      ['Side work', ['author ben@example.com']],
    ]);
  });

  it('does not believe a .mailmap that gives the work to somebody else', async () => {
    const base = repo.commit('Base');
    repo.write('.mailmap', 'Anna Lind <anna@example.com> Ben Okafor <ben@example.com>\n');
    const head = repo.commit('Work');

    const set = await source.changes(repo.folder, base, head);

    expect(set.commits[0]?.hands.map(({ account }) => account.id)).toEqual(['ben@example.com']);
  });

  it('does not believe a replaced commit object', async () => {
    const base = repo.commit('Base');
    const head = repo.commit('Work');
    const tree = repo.git(['rev-parse', 'HEAD^{tree}']);
    const forged = repo.git(['commit-tree', '-p', base, '-m', 'Work', tree], repo.identity(ANNA, ANNA));
    repo.git(['replace', head, forged]);

    const set = await source.changes(repo.folder, base, head);

    expect(set.commits[0]?.hands.map(({ account }) => account.id)).toEqual(['ben@example.com']);
  });

  it('takes titles of any kind apart without losing a commit', async () => {
    const base = repo.commit('Base');
    const titles = [
      '--all $(id) `id`',
      'emoji 🎉 עברית <!channel> @here',
      'tab\there',
      '%H%x00%an',
      '',
      `${'x'.repeat(400)}`,
    ];
    for (const title of titles) repo.commit(title);

    const set = await source.changes(repo.folder, base, repo.git(['rev-parse', 'HEAD']));

    expect(set.commits.map((commit) => commit.title)).toEqual(
      titles
        .map((title) => (title === '' ? '(no message)' : title.length > 300 ? `${title.slice(0, 299)}…` : title))
        .reverse(),
    );
  });

  it('tells machines from people', async () => {
    const base = repo.commit('Base');
    const bot = { name: 'dependabot[bot]', email: '49699333+dependabot[bot]@users.noreply.github.com' };
    repo.commit('Bump', { author: bot, committer: { name: 'GitHub', email: 'noreply@github.com' } });

    const set = await source.changes(repo.folder, base, repo.git(['rev-parse', 'HEAD']));

    expect(set.commits[0]?.hands.map(({ role, bot: machine }) => [role, machine])).toEqual([
      ['author', true],
      ['committer', true],
    ]);
  });

  it('does not take two people without an address for one', async () => {
    const base = repo.commit('Base');
    repo.commit('Work', { author: { name: 'One', email: '' }, committer: { name: 'Two', email: '' } });

    const set = await source.changes(repo.folder, base, repo.git(['rev-parse', 'HEAD']));

    expect(new Set(set.commits[0]?.hands.map(({ account }) => account.id)).size).toBe(2);
  });

  it('says which way it goes', async () => {
    const one = repo.commit('One');
    const two = repo.commit('Two');
    repo.git(['switch', '--quiet', '--create', 'side', one]);
    const side = repo.commit('Side');

    const directions = await Promise.all(
      [
        [one, two],
        [two, one],
        [two, two],
        [two, side],
      ].map(async ([base, head]) => (await source.changes(repo.folder, base, head ?? '')).direction),
    );

    expect(directions).toEqual(['ahead', 'behind', 'same', 'diverged']);
  });

  it('gives the newest hundred commits and every file for a first deployment', async () => {
    repo.write('migrations/001.sql', 'select 1;');
    for (let at = 1; at <= 103; at += 1) repo.commit(`Commit ${at}`);

    const set = await source.changes(repo.folder, undefined, repo.git(['rev-parse', 'HEAD']));

    expect(set.direction).toBe('first');
    expect(set.commits).toHaveLength(100);
    expect(set.commits[0]?.title).toBe('Commit 103');
    expect(set.files.map((file) => file.path)).toEqual(['file.txt', 'migrations/001.sql']);
    expect(set.base).toBeUndefined();
  });

  it('names files with strange names as they are', async () => {
    const base = repo.commit('Base');
    const head = repo.commit('Files', { path: 'a folder/näme "x"\n.txt' });

    expect((await source.changes(repo.folder, base, head)).files).toEqual([{ path: 'a folder/näme "x"\n.txt' }]);
  });

  it('refuses a range whose beginning is not in the repository', async () => {
    const head = repo.commit('One');

    const failure = await source.changes(repo.folder, 'a'.repeat(40), head).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(PortFailure);
    expect(failure).toMatchObject({
      details: { kind: 'not-found', retryable: false },
      message: expect.stringContaining('aaaaaaaaaaaa'),
    });
  });

  it('refuses a range that is an option in disguise', async () => {
    const head = repo.commit('One');

    await expect(source.changes(repo.folder, '--output=stolen', head)).rejects.toMatchObject({
      details: { kind: 'not-found' },
    });
  });

  it('does not call a change set of a shallow clone complete', async () => {
    for (const title of ['One', 'Two', 'Three']) repo.commit(title);
    const clone = mkdtempSync(join(tmpdir(), 'countersign-git-'));
    execFileSync('git', ['clone', '--quiet', '--depth=2', `file://${repo.folder}`, clone], { stdio: 'ignore' });
    const [head, base] = repo.git(['log', '--format=%H', '--max-count=2']).split('\n');

    const set = await source.changes(clone, base, head ?? '');

    expect(set.complete).toBe(false);
    rmSync(clone, { recursive: true });
  });
});

describe('branches and tags', () => {
  it('come newest first, filtered by a piece of the name, at most as many as asked', async () => {
    repo.commit('One');
    repo.git(['tag', '-a', 'v1.0.0', '-m', 'Release']);
    repo.git(['branch', 'feature/old']);
    repo.commit('Two');
    repo.git(['branch', 'Feature/new']);
    repo.git(['tag', 'picture', repo.git(['hash-object', '-w', 'file.txt'])]);

    const all = await source.refs(repo.folder, '', 10);
    const features = await source.refs(repo.folder, 'feature', 1);

    expect(all.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'branch Feature/new',
      'branch main',
      'branch feature/old',
      'tag v1.0.0',
    ]);
    expect(all[3]?.sha).toBe(all[2]?.sha);
    expect(features.map(({ name }) => name)).toEqual(['Feature/new']);
  });

  it('are none in a repository without commits', async () => {
    expect(await source.refs(repo.folder, '', 10)).toEqual([]);
  });
});

describe('a repository that cannot be read', () => {
  it('is said to be missing, with the folder and the remedy', async () => {
    const failure = await source.resolve(join(repo.folder, 'nowhere'), 'main').catch((error: unknown) => error);

    expect(failure).toMatchObject({ details: { port: 'git', kind: 'not-found', retryable: false } });
    expect(String(failure)).toMatch(/no git repository at ".*nowhere".*Correct/);
  });

  it('is not looked for in the folders above', async () => {
    repo.commit('One');
    repo.write('inside/file.txt', 'x');

    await expect(source.resolve(join(repo.folder, 'inside'), 'main')).rejects.toMatchObject({
      details: { kind: 'not-found' },
    });
  });

  it('is said to need git where there is none', async () => {
    repo.commit('One');
    const path = process.env['PATH'];
    process.env['PATH'] = repo.folder;

    const failure = await source.resolve(repo.folder, 'main').catch((error: unknown) => error);
    process.env['PATH'] = path;

    expect(failure).toMatchObject({ details: { kind: 'refused' } });
    expect(String(failure)).toContain('Install git');
  });

  it('has no checks to show', async () => {
    expect(await source.checks(repo.folder, repo.commit('One'))).toMatchObject({ state: 'none' });
  });
});
