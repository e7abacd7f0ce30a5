import type { ChangeSet, Commit } from './change-set.ts';
import type { Deployment, Findings } from './deployment.ts';

/** A commit that was taken back, and by what. */
interface Taken {
  readonly sha: string;
  readonly by: string;
}

/** A deployment with all commits that it brought. */
export type Brought = Pick<Deployment, 'id' | 'number' | 'undoneBy'> & {
  readonly sha: string;
  readonly commits: readonly Pick<Commit, 'sha' | 'title'>[];
};

/**
 * Commits of a request that were taken back on its target: by a rollback of the deployment that brought them, or by a commit that
 * reverts them. Empty as soon as the request brings anything else, which may mend it; only its reader can tell. `arrived`: what
 * succeeded there and still stands.
 */
export function takenBackIn(
  { sha, changeSet }: { readonly sha: string; readonly changeSet: Pick<ChangeSet, 'commits'> },
  undone: readonly Brought[],
  arrived: readonly Brought[],
): readonly Taken[] {
  const asked = changeSet.commits.length === 0 ? [sha] : changeSet.commits.map((commit) => commit.sha);
  const rolledBack = undone
    .filter((one) => !arrived.some((later) => later.sha === one.sha && later.number > one.number))
    .map((one) => new Map(all(one).map((commit) => [commit, one.undoneBy ?? one.id])));
  const found = [...rolledBack, reverted(arrived)].find((taken) => asked.every((commit) => taken.has(commit)));
  return found === undefined ? [] : asked.map((commit) => ({ sha: commit, by: found.get(commit) ?? '' }));
}

function all({ sha, commits }: Brought): readonly string[] {
  return [sha, ...commits.map((commit) => commit.sha)];
}

/** As git names the commit that takes another one back: `git revert` writes it, and so do the hosts. */
const REVERT = /^Revert "(.+)"(?: \(#\d+\))?$/;

/** What reverts took back, with the deployments that ended in it; without what came again later, by itself or by a revert of the revert. */
function reverted(arrived: readonly Brought[]): ReadonlyMap<string, string> {
  const taken = new Map<string, string>();
  const line: Past[] = [];
  for (const within of arrived.toSorted((one, other) => one.number - other.number)) {
    for (const sha of all(within)) taken.delete(sha);
    // The newest commit stands first.
    for (const { sha, title } of within.commits.toReversed()) {
      takeBack(taken, line, { sha, title, within });
      line.push({ sha, title, within });
    }
  }
  return taken;
}

interface Past {
  readonly sha: string;
  readonly title: string;
  readonly within: Brought;
}

function takeBack(taken: Map<string, string>, line: readonly Past[], { sha, title, within }: Past): void {
  const reverts = REVERT.exec(title)?.[1];
  if (reverts === undefined) return;
  for (const one of line.filter((past) => bare(past.title) === bare(reverts))) {
    const by = `the commit ${sha.slice(0, 7)} of ${within.id}`;
    taken.set(one.sha, by);
    if (one.within.number < within.number) taken.set(one.within.sha, by);
    const again = REVERT.exec(one.title)?.[1];
    for (const back of again === undefined ? [] : line.filter((past) => bare(past.title) === bare(again))) {
      taken.delete(back.sha);
      taken.delete(back.within.sha);
    }
  }
}

/** A title without the number of the pull request that a host adds to what is merged. */
function bare(title: string): string {
  return title.replace(/ \(#\d+\)$/, '');
}

/** What a deployment brought, as its row knows it. */
export function broughtBy({ id, number, undoneBy }: Deployment, { sha, changeSet }: Findings): Brought {
  return { id, number, sha, commits: changeSet.commits, ...(undoneBy === undefined ? {} : { undoneBy }) };
}
