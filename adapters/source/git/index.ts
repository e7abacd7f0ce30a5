import { resolve as resolvePath } from 'node:path';
import type { ChangeSet, CheckStatus, Ref } from '../../../src/domain/change-set.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Source } from '../../../src/ports/source.ts';
import type { SourceAdapter } from '../../shared/adapter.ts';
import { gitOutput, runGit } from '../../shared/git-command.ts';
import { isFullSha, isPlainRef, isShaLike } from './names.ts';
import { COMMIT_FORMAT, commitsOf, REF_FORMAT, refsOf } from './parse.ts';
import { GitSettings } from './schema.ts';

const FIRST_COMMITS = 100;
/** More than this is no change anybody reviews; the change set is then called incomplete. */
const MOST_COMMITS = 10_000;
const MOST_FILES = 3_000;
const NO_CHECKS: CheckStatus = { state: 'none', passed: 0, failed: 0, pending: 0, failures: [] };

/** Git repositories on this machine: `repository` is a folder, people are known by the e-mail addresses of their commits. */
export const gitSource: SourceAdapter<GitSettings> = {
  type: 'git',
  settings: GitSettings,
  create: async (id, settings) => gitHost(id, settings),
};

type Git = (args: readonly string[], input?: string) => ReturnType<typeof runGit>;

function gitHost(id: string, settings: GitSettings): Source {
  const call = (repository: string, args: readonly string[], input?: string) => ({
    port: 'git',
    folder: resolvePath(settings.folder ?? '.', repository),
    args,
    ...(input === undefined ? {} : { input }),
  });
  const gitIn =
    (repository: string): Git =>
    (args, input) =>
      runGit(call(repository, args, input));
  const read = (repository: string) => (args: readonly string[]) => gitOutput(call(repository, args));
  return {
    id,
    resolve: (repository, ref) => resolveRef(gitIn(repository), ref),
    changes: (repository, base, head) => changeSet(gitIn(repository), read(repository), base, head),
    checks: async () => NO_CHECKS,
    file: (repository, sha, path) => fileAt(gitIn(repository), read(repository), sha, path),
    async refs(repository, text, limit) {
      const all = refsOf(await read(repository)(['for-each-ref', `--format=${REF_FORMAT}`, 'refs/heads', 'refs/tags']));
      return all.filter((ref) => ref.name.toLowerCase().includes(text.toLowerCase())).slice(0, limit);
    },
  };
}

/** A name that stands for two different commits stands for none: guessing would deploy the wrong one. */
async function resolveRef(git: Git, ref: string): Promise<Ref | undefined> {
  if (!isPlainRef(ref)) return undefined;
  const wanted: readonly (readonly [Ref['kind'], string])[] = [
    ['branch', `refs/heads/${ref}`],
    ['tag', `refs/tags/${ref}`],
    ...(isShaLike(ref) ? ([['commit', ref]] as const) : []),
  ];
  const shas = await commitsNamed(
    git,
    wanted.map(([, name]) => name),
  );
  const found = wanted.flatMap(([kind], at) => {
    const sha = shas[at];
    return sha === undefined ? [] : [{ name: ref, sha, kind } satisfies Ref];
  });
  return new Set(found.map(({ sha }) => sha)).size === 1 ? found[0] : undefined;
}

/** The commit behind each name. `cat-file --batch-check` takes names by stdin, so that none can be read as an option. */
async function commitsNamed(git: Git, names: readonly string[]): Promise<readonly (string | undefined)[]> {
  const { out } = await git(
    ['cat-file', '--batch-check=%(objectname) %(objecttype)'],
    names.map((name) => `${name}^{commit}\n`).join(''),
  );
  const lines = out.split('\n').filter((line) => line !== '');
  // An ambiguous abbreviation is answered by several lines on stderr and one on stdout, like a missing one.
  return names.map((_name, at) => {
    const [sha = '', type] = (lines[at] ?? '').split(' ');
    return type === 'commit' && isFullSha(sha) ? sha : undefined;
  });
}

type Read = (args: readonly string[]) => Promise<string>;

async function changeSet(git: Git, read: Read, base: string | undefined, head: string): Promise<ChangeSet> {
  await mustExist(git, base === undefined ? [head] : [head, base]);
  const range = base === undefined ? head : `${base}..${head}`;
  const most = base === undefined ? FIRST_COMMITS : MOST_COMMITS + 1;
  const log = [
    'log',
    '-z',
    '--no-color',
    '--no-show-signature',
    '--no-notes',
    `--format=${COMMIT_FORMAT}`,
    `--max-count=${most}`,
  ];
  const commits = commitsOf(await read([...log, '--end-of-options', range, '--']));
  const files = await filesBetween(read, base, head);
  // In a shallow clone the range ends where the clone does, and nobody can say who is missing.
  const shallow = (await read(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
  return {
    ...(base === undefined ? {} : { base }),
    head,
    commits: commits.slice(0, MOST_COMMITS),
    files: files.slice(0, MOST_FILES).map((path) => ({ path })),
    filesTotal: files.length,
    complete: !shallow && commits.length <= MOST_COMMITS,
    direction: await directionOf(git, base, head),
  };
}

/** The text of a file in a commit. Everything is named by stdin or behind a full SHA, so that nothing can be read as an option. */
async function fileAt(git: Git, read: Read, sha: string, path: string): Promise<string | undefined> {
  await mustExist(git, [sha]);
  const { out } = await git(['cat-file', '--batch-check=%(objectname) %(objecttype)'], `${sha}:${path}\n`);
  const [blob = '', type] = (out.split('\n')[0] ?? '').split(' ');
  return type === 'blob' && isFullSha(blob) ? read(['cat-file', 'blob', blob]) : undefined;
}

async function mustExist(git: Git, shas: readonly string[]): Promise<void> {
  const found = shas.every(isFullSha) ? await commitsNamed(git, shas) : [];
  const missing = shas.find((_sha, at) => found[at] === undefined);
  if (missing === undefined) return;
  const advice = 'Fetch it into the repository, or ask for another commit.';
  throw new PortFailure(`The commit ${missing.slice(0, 12)} is not in the repository. ${advice}`, {
    port: 'git',
    kind: 'not-found',
    retryable: false,
  });
}

async function filesBetween(read: Read, base: string | undefined, head: string): Promise<readonly string[]> {
  const args =
    base === undefined
      ? ['ls-tree', '-r', '-z', '--name-only', '--end-of-options', head]
      : [
          'diff',
          '--name-only',
          '-z',
          '--no-renames',
          '--no-ext-diff',
          '--ignore-submodules=none',
          '--end-of-options',
          base,
          head,
          '--',
        ];
  return (await read(args)).split('\0').filter((path) => path !== '');
}

async function directionOf(git: Git, base: string | undefined, head: string): Promise<ChangeSet['direction']> {
  if (base === undefined) return 'first';
  if (base === head) return 'same';
  const isAncestor = async (one: string, other: string) =>
    (await git(['merge-base', '--is-ancestor', '--end-of-options', one, other])).code === 0;
  if (await isAncestor(base, head)) return 'ahead';
  return (await isAncestor(head, base)) ? 'behind' : 'diverged';
}
