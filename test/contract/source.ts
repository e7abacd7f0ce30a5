import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeSet, Commit } from '../../src/domain/change-set.ts';
import { accountKey } from '../../src/domain/person.ts';
import type { Source } from '../../src/ports/source.ts';
import { failureOf } from './pipeline-tools.ts';

/** Somebody who writes commits. */
export interface Writer {
  readonly name: string;
  readonly email: string;
}

/** One source with one repository, and the hands of those who write in it. */
export interface SourceBench {
  readonly source: Source;
  /** The repository as the source names it. */
  readonly repository: string;
  /**
   * Commits on top of a branch (`main` unless said otherwise; a new branch begins at `from`, or else where `main` is), by somebody, with
   * these co-authors. Gives the SHA. Each commit is a minute younger than the one before.
   */
  commit(wish: CommitWish): Promise<string> | string;
  tag(name: string, sha: string, annotated: boolean): void | Promise<void>;
  /** The key of the account (domain/person) by which this source knows somebody. */
  accountOf(writer: Writer): string;
  /** From now on nobody answers. */
  unreachable(): void | Promise<void>;
  close(): void | Promise<void>;
}

interface CommitWish {
  readonly message: string;
  readonly branch?: string;
  readonly from?: string;
  readonly author?: Writer;
  readonly coAuthors?: readonly Writer[];
}

export interface SourceSubject {
  readonly name: string;
  open(): Promise<SourceBench>;
}

const WRITERS = {
  ben: { name: 'Ben Okafor', email: 'ben@example.com' },
  anna: { name: 'Anna Lind', email: 'anna@example.com' },
  dana: { name: 'Dana Ito', email: 'dana@example.com' },
} as const satisfies Record<string, Writer>;

const NOWHERE = 'f'.repeat(40);
type Current = () => SourceBench;

/** Every source passes this. */
export function sourceContract(subject: SourceSubject): void {
  describe(`${subject.name}, as a source`, () => {
    let bench: SourceBench;

    beforeEach(async () => {
      bench = await subject.open();
    });
    afterEach(() => bench.close());

    describe('resolving a name', () => resolving(() => bench));
    describe('the change set', () => changing(() => bench));
    describe('the rest', () => others(() => bench));
  });
}

function resolving(current: Current): void {
  it('knows branches, both kinds of tags, and whole and abbreviated commits', async () => {
    const { source, repository, commit, tag } = current();
    const sha = await commit({ message: 'One' });
    await tag('light', sha, false);
    await tag('v1.0.0', sha, true);

    const found = await Promise.all(
      ['main', 'light', 'v1.0.0', sha, sha.slice(0, 7), sha.toUpperCase()].map((ref) =>
        source.resolve(repository, ref),
      ),
    );

    expect(found.map((ref) => ref?.sha)).toEqual([sha, sha, sha, sha, sha, sha]);
    expect(found.map((ref) => ref?.kind)).toEqual(['branch', 'tag', 'tag', 'commit', 'commit', 'commit']);
  });

  it('follows a branch as it moves', async () => {
    const { source, repository, commit } = current();
    const first = await commit({ message: 'One', branch: 'feature/login' });
    const before = await source.resolve(repository, 'feature/login');
    const second = await commit({ message: 'Two', branch: 'feature/login' });

    const after = await source.resolve(repository, 'feature/login');

    expect([before?.sha, after?.sha]).toEqual([first, second]);
  });

  it('finds nothing where a branch and a tag of one name stand for different commits', async () => {
    const { source, repository, commit, tag } = current();
    const old = await commit({ message: 'One' });
    await tag('release', old, false);
    await commit({ message: 'Two', branch: 'release' });

    expect(await source.resolve(repository, 'release')).toBeUndefined();
  });

  it('finds nothing for what nobody has, and for what is no name at all', async () => {
    const { source, repository, commit } = current();
    await commit({ message: 'One' });
    const names = [
      'no-such-branch',
      NOWHERE,
      '0000000',
      '',
      '--all',
      'main..other',
      'main~1',
      'main^',
      '../main',
      'a b',
      'ma*n',
    ];

    const found = await Promise.all(names.map((name) => source.resolve(repository, name)));

    expect(found).toEqual(names.map(() => undefined));
  });
}

function changing(current: Current): void {
  it('is every commit of the range, newest first, with author and co-authors', async () => {
    const { source, repository, commit, accountOf } = current();
    const base = await commit({ message: 'Base' });
    const second = await commit({ message: 'Second', author: WRITERS.anna });
    const head = await commit({ message: 'Third\n\nWords.', author: WRITERS.ben, coAuthors: [WRITERS.dana] });

    const set = await source.changes(repository, base, head);

    expect(set).toMatchObject({ base, head, complete: true, direction: 'ahead' });
    expect(set.commits.map(({ sha, title }) => [sha, title])).toEqual([
      [head, 'Third'],
      [second, 'Second'],
    ]);
    expect(handsOf(set.commits[0], 'author')).toEqual([accountOf(WRITERS.ben)]);
    expect(handsOf(set.commits[0], 'co-author')).toEqual([accountOf(WRITERS.dana)]);
    expect(handsOf(set.commits[1], 'author')).toEqual([accountOf(WRITERS.anna)]);
    expect(set.commits.every(({ at }) => /^\d{4}-\d\d-\d\dT.*Z$/.test(at))).toBe(true);
    expect(set.filesTotal).toBeGreaterThan(0);
    expect(set.files.length).toBeLessThanOrEqual(set.filesTotal);
  });

  it('is empty and whole when nothing would change', async () => {
    const { source, repository, commit } = current();
    const sha = await commit({ message: 'One' });

    expect(await source.changes(repository, sha, sha)).toMatchObject({
      direction: 'same',
      commits: [],
      complete: true,
    });
  });

  it('says that an older commit would go back', async () => {
    const { source, repository, commit } = current();
    const older = await commit({ message: 'One' });
    const newer = await commit({ message: 'Two' });

    expect(await source.changes(repository, newer, older)).toMatchObject({
      direction: 'behind',
      commits: [],
      complete: true,
    });
  });

  it('says that a branch was forced to another history, with the commits that are new in it', async () => {
    const { source, repository, commit } = current();
    const root = await commit({ message: 'Root' });
    const base = await commit({ message: 'Was live' });
    const head = await commit({ message: 'Rewritten', branch: 'rewritten', from: root });

    const set = await source.changes(repository, base, head);

    expect(set).toMatchObject({ direction: 'diverged', complete: true });
    expect(titles(set)).toEqual(['Rewritten']);
  });

  it('is the newest commits, at most a hundred, when nothing was ever deployed', async () => {
    const { source, repository, commit } = current();
    for (let number = 1; number <= 103; number += 1) await commit({ message: `Number ${number}` });
    const head = (await source.resolve(repository, 'main'))?.sha ?? '';

    const set = await source.changes(repository, undefined, head);

    expect(set).toMatchObject({ head, direction: 'first', complete: true });
    expect(set.base).toBeUndefined();
    expect(set.commits).toHaveLength(100);
    expect(titles(set)[0]).toBe('Number 103');
  }, 60_000);

  it('is not made up when one of the two commits is gone', async () => {
    const { source, repository, commit } = current();
    const sha = await commit({ message: 'One' });

    const failures = await Promise.all([
      failureOf(source.changes(repository, NOWHERE, sha)),
      failureOf(source.changes(repository, sha, NOWHERE)),
    ]);

    expect(failures.map(({ kind, retryable }) => ({ kind, retryable }))).toEqual([
      { kind: 'not-found', retryable: false },
      { kind: 'not-found', retryable: false },
    ]);
  });
}

function others(current: Current): void {
  it('has no checks for a commit that nothing checked', async () => {
    const { source, repository, commit } = current();
    const sha = await commit({ message: 'One' });

    expect(await source.checks(repository, sha)).toMatchObject({ state: 'none', passed: 0, failed: 0, pending: 0 });
  });

  it('lists branches and tags by a part of their name, newest commit first', async () => {
    const { source, repository, commit, tag } = current();
    const first = await commit({ message: 'One' });
    await commit({ message: 'Two', branch: 'feature/Login' });
    await commit({ message: 'Three', branch: 'fix/login-loop' });
    await tag('before-login', first, true);

    const [all, some, nothing] = await Promise.all([
      source.refs(repository, 'login', 10),
      source.refs(repository, 'login', 1),
      source.refs(repository, 'nowhere', 10),
    ]);

    expect(all.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'branch fix/login-loop',
      'branch feature/Login',
      'tag before-login',
    ]);
    expect(all[2]?.sha).toBe(first);
    expect(some.map(({ name }) => name)).toEqual(['fix/login-loop']);
    expect(nothing).toEqual([]);
  });

  it('says that it cannot look, rather than that there is nothing, when nobody answers', async () => {
    const { source, repository, commit, unreachable } = current();
    const sha = await commit({ message: 'One' });
    await unreachable();

    const failures = await Promise.all([
      failureOf(source.resolve(repository, 'main')),
      failureOf(source.changes(repository, sha, sha)),
      failureOf(source.refs(repository, 'main', 5)),
    ]);

    expect(failures.map(({ port }) => port !== '')).toEqual([true, true, true]);
  });
}

function handsOf(commit: Commit | undefined, role: string): readonly string[] {
  return (commit?.hands ?? []).filter((hand) => hand.role === role).map(({ account }) => accountKey(account));
}

function titles(set: ChangeSet): readonly string[] {
  return set.commits.map(({ title }) => title);
}
