import type { Commit as Change, ChangeSet } from '../../../src/domain/change-set.ts';
import { bounded } from '../../shared/http/bounded.ts';
import { titleOf } from '../../shared/source/wording.ts';
import type { Context } from './context.ts';
import { handsOf, pullRequestOf } from './hands.ts';
import { type Parts, readParts } from './parts.ts';
import { type Commit, Commits, Comparison } from './schema.ts';

const PAGE = 100;
/** More than this is no change that anybody reviews; the change set is then called incomplete. */
const MOST_COMMITS = 10_000;
/** Calls at a time, within what GitHub allows one client. */
const WIDTH = 6;
/** GitHub lists no more files of a comparison. */
const MOST_FILES = 300;
const DIRECTIONS = { ahead: 'ahead', behind: 'behind', diverged: 'diverged', identical: 'same' } as const;

/**
 * The commits (base .. head], newest first. GitHub lists at most 300 files of a comparison and does not say how many more there
 * are. Throws a PortFailure `not-found` when GitHub no longer has one of the two commits.
 */
export async function changesBetween(context: Context, base: string, head: string): Promise<ChangeSet> {
  const first = await compare(context, base, head, 1);
  const whole = first.total_commits <= MOST_COMMITS;
  const pages = whole ? Math.ceil(first.total_commits / PAGE) : 1;
  const rest = Array.from({ length: Math.max(0, pages - 1) }, (_none, index) => index + 2);
  const others = await bounded(rest, WIDTH, (page) => compare(context, base, head, page));
  const listed = [first, ...others].flatMap(({ commits }) => commits);
  const parts = await readParts(context, listed, WIDTH);
  // Where a file was before is changed, too.
  const named = first.files ?? [];
  const files = named.flatMap(({ filename, previous_filename: former }) => [
    { path: filename },
    ...(former === undefined || former === filename ? [] : [{ path: former }]),
  ]);
  // It compares with where the two parted: what would be taken back is not among the files.
  const unlisted = named.length >= MOST_FILES || first.status === 'behind' || first.status === 'diverged';
  const everyCommit = new Set(listed.map(({ sha }) => sha)).size === first.total_commits;
  return {
    base,
    head,
    commits: changesOf(listed.toReversed(), parts),
    files,
    filesTotal: files.length,
    ...(unlisted ? { filesUnlisted: true } : {}),
    complete: everyCommit && parts.complete,
    direction: DIRECTIONS[first.status],
    url: first.html_url,
  };
}

/**
 * A first deployment has no range. The newest hundred commits stand for it, and `complete` says that these were read whole: whoever
 * wrote only older ones is not excluded, because otherwise nobody who ever worked on the service could countersign.
 */
export async function firstChanges(context: Context, head: string): Promise<ChangeSet> {
  const { github, place, repository } = context;
  const listed = await github.get({
    what: `commit ${head.slice(0, 7)} of ${repository}`,
    route: 'GET /repos/{owner}/{repo}/commits',
    parameters: { ...place, sha: head, per_page: PAGE },
    form: Commits,
  });
  const parts = await readParts(context, listed, WIDTH);
  const commits = changesOf(listed, parts);
  const files = { files: [], filesTotal: 0, filesUnlisted: true } as const;
  return { head, commits, ...files, complete: parts.complete, direction: 'first' };
}

function compare(
  { github, place, repository }: Context,
  base: string,
  head: string,
  page: number,
): Promise<Comparison> {
  return github.get({
    what: `the commits from ${base.slice(0, 7)} to ${head.slice(0, 7)} of ${repository}`,
    route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
    parameters: { ...place, basehead: `${base}...${head}`, per_page: PAGE, page },
    form: Comparison,
  });
}

function changesOf(commits: readonly Commit[], { bySha, squashed }: Parts): readonly Change[] {
  return commits.map((commit) => {
    const parts = bySha.get(commit.sha);
    const pullRequest = pullRequestOf(commit, parts);
    return {
      sha: commit.sha,
      title: titleOf(commit.commit.message),
      url: commit.html_url,
      at: new Date(commit.commit.committer?.date ?? commit.commit.author?.date ?? 0).toISOString(),
      hands: handsOf(commit, parts, squashed.get(commit.sha) ?? []),
      ...(pullRequest === undefined ? {} : { pullRequest }),
    };
  });
}
