import type { Commit as Change, ChangeSet } from '../../../src/domain/change-set.ts';
import { orNothing } from '../../shared/http/or-nothing.ts';
import { titleOf } from '../../shared/source/wording.ts';
import type { Context } from './context.ts';
import { handsOf, mergeRequestOf } from './hands.ts';
import { type Parts, readParts } from './parts.ts';
import { Commit, Commits, Comparison } from './schema.ts';

const PAGE = 100;
/** Two thousand commits: more is no change that anybody reviews; the change set is then called incomplete. */
const MOST_PAGES = 20;
/** Calls at a time. */
const WIDTH = 6;

/**
 * The commits (base .. head], newest first. The files are all that differ between the two commits, also where one does not follow the
 * other (`straight`). Throws a PortFailure `not-found` when GitLab no longer has one of the two commits: the comparison alone would then
 * be an empty one.
 */
export async function changesBetween(context: Context, base: string, head: string): Promise<ChangeSet> {
  const [from, to] = await Promise.all([commitAt(context, base), commitAt(context, head)]);
  const [compared, listed, direction] = await Promise.all([
    compare(context, from.id, to.id),
    commitsOf(context, `${from.id}..${to.id}`, MOST_PAGES),
    directionOf(context, from.id, to.id),
  ]);
  // A change that is called incomplete needs no further looking up.
  const parts = await readParts(context, listed.whole ? listed.items : listed.items.slice(0, PAGE), WIDTH);
  // Where a file was before is changed, too.
  const paths = new Set(compared.diffs.flatMap(({ old_path, new_path }) => [new_path, old_path]));
  const known = new Set(listed.items.map(({ id }) => id));
  const everyCommit = listed.whole && compared.commits.every(({ id }) => known.has(id));
  const files = [...paths].map((path) => ({ path }));
  return {
    base,
    head,
    commits: changesOf(listed.items, parts),
    files,
    filesTotal: files.length,
    ...(compared.compare_timeout === true ? { filesUnlisted: true } : {}),
    complete: everyCommit && parts.complete,
    direction,
    url: compared.web_url ?? `${context.gitlab.webUrl}/${context.repository}/-/compare/${base}...${head}`,
  };
}

/**
 * A first deployment has no range. The newest hundred commits stand for it, and `complete` says that these were read whole: whoever
 * wrote only older ones is not excluded, because otherwise nobody who ever worked on the service could countersign.
 */
export async function firstChanges(context: Context, head: string): Promise<ChangeSet> {
  const { id } = await commitAt(context, head);
  const { items } = await commitsOf(context, id, 1);
  const parts = await readParts(context, items, WIDTH);
  const files = { files: [], filesTotal: 0, filesUnlisted: true } as const;
  return { head, commits: changesOf(items, parts), ...files, complete: parts.complete, direction: 'first' };
}

function commitAt({ gitlab, project, repository }: Context, sha: string): Promise<Commit> {
  const what = `commit ${sha.slice(0, 7)} of ${repository}`;
  return gitlab.get({ what, path: `${project}/repository/commits/${sha}`, query: { stats: false }, form: Commit });
}

/** `ref_name` may be a range: docs.gitlab.com/api/commits, "List repository commits". */
function commitsOf({ gitlab, project, repository }: Context, range: string, pages: number) {
  const question = {
    what: `the commits of ${repository}`,
    path: `${project}/repository/commits`,
    query: { ref_name: range },
    form: Commits,
  };
  return gitlab.list(question, pages);
}

function compare({ gitlab, project, repository }: Context, from: string, to: string): Promise<Comparison> {
  return gitlab.get({
    what: `the changes from ${from.slice(0, 7)} to ${to.slice(0, 7)} of ${repository}`,
    path: `${project}/repository/compare`,
    query: { from, to, straight: true },
    form: Comparison,
  });
}

async function directionOf(context: Context, from: string, to: string): Promise<ChangeSet['direction']> {
  if (from === to) return 'same';
  const { gitlab, project, repository } = context;
  const question = {
    what: `where ${from.slice(0, 7)} and ${to.slice(0, 7)} of ${repository} part`,
    path: `${project}/repository/merge_base?refs[]=${from}&refs[]=${to}`,
    form: Commit,
  };
  const parting = (await orNothing(gitlab.get(question)))?.id;
  if (parting === from) return 'ahead';
  return parting === to ? 'behind' : 'diverged';
}

function changesOf(commits: readonly Commit[], parts: Parts): readonly Change[] {
  return commits.map((commit) => {
    const pullRequest = mergeRequestOf(commit, parts);
    const { web_url: url } = commit;
    return {
      sha: commit.id,
      title: titleOf(commit.message ?? commit.title ?? ''),
      at: new Date(commit.committed_date ?? commit.authored_date ?? 0).toISOString(),
      hands: handsOf(commit, parts),
      ...(url ? { url } : {}),
      ...(pullRequest === undefined ? {} : { pullRequest }),
    };
  });
}
