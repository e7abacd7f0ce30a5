import { bounded } from '../../shared/http/bounded.ts';
import type { Context } from './context.ts';
import { squashOf } from './hands.ts';
import { COMMITS_A_QUERY, commitPartsQuery, type PullRequestPage, SQUASHES_A_QUERY, squashedQuery } from './queries.ts';
import { type Commit, type CommitParts, CommitPartsAnswer, type GitActor, SquashedAnswer } from './schema.ts';

/** What GraphQL knows of commits beyond the REST API. `complete` is false when it could not name everybody. */
export interface Parts {
  readonly bySha: ReadonlyMap<string, CommitParts>;
  /** By the squash commit: everybody who wrote what was squashed into it. */
  readonly squashed: ReadonlyMap<string, readonly GitActor[]>;
  readonly complete: boolean;
}

export async function readParts(context: Context, commits: readonly Commit[], width: number): Promise<Parts> {
  const batches = batchesOf(
    commits.map(({ sha }) => sha),
    COMMITS_A_QUERY,
  );
  const found = (await bounded(batches, width, (shas) => askCommits(context, shas))).flat();
  const squashes = found.flatMap((parts) => {
    const number = squashOf(parts);
    return number === undefined ? [] : [{ sha: parts.oid, number }];
  });
  const writers = await readSquashed(context, [...new Set(squashes.map(({ number }) => number))], width);
  const bySha = new Map(found.map((parts) => [parts.oid, parts]));
  return {
    bySha,
    squashed: new Map(squashes.map(({ sha, number }) => [sha, writers.byNumber.get(number) ?? []])),
    complete: writers.complete && commits.every(({ sha }) => isWhole(bySha.get(sha))),
  };
}

interface Writers {
  readonly byNumber: ReadonlyMap<number, readonly GitActor[]>;
  readonly complete: boolean;
}

/** Page by page until every commit of every pull request was seen; a pull request may be longer than one answer. */
async function readSquashed(context: Context, numbers: readonly number[], width: number): Promise<Writers> {
  const byNumber = new Map<number, readonly GitActor[]>();
  let complete = true;
  let open: readonly PullRequestPage[] = numbers.map((number) => ({ number }));
  while (open.length > 0) {
    const answers = await bounded(batchesOf(open, SQUASHES_A_QUERY), width, (pages) => askSquashed(context, pages));
    const next: PullRequestPage[] = [];
    for (const { number, commits } of answers.flat()) {
      const authors = commits.nodes.map(({ commit }) => commit.authors);
      complete &&= authors.every(({ totalCount, nodes }) => nodes.length >= totalCount);
      byNumber.set(number, [...(byNumber.get(number) ?? []), ...authors.flatMap(({ nodes }) => nodes)]);
      const { hasNextPage, endCursor } = commits.pageInfo;
      if (hasNextPage && endCursor !== null) next.push({ number, after: endCursor });
    }
    open = next;
  }
  return { byNumber, complete };
}

async function askCommits(
  { github, place, repository }: Context,
  shas: readonly string[],
): Promise<readonly CommitParts[]> {
  const answer = await github.graph({
    what: `the commits of ${repository}`,
    query: commitPartsQuery(shas),
    variables: place,
    form: CommitPartsAnswer,
  });
  return Object.values(answer.repository).filter((parts) => parts !== null);
}

async function askSquashed({ github, place, repository }: Context, pages: readonly PullRequestPage[]) {
  const answer = await github.graph({
    what: `the pull requests of ${repository}`,
    query: squashedQuery(pages),
    variables: place,
    form: SquashedAnswer,
  });
  return Object.values(answer.repository);
}

function isWhole(parts: CommitParts | undefined): boolean {
  if (parts === undefined) return false;
  const { authors, associatedPullRequests: pulls } = parts;
  return authors.nodes.length >= authors.totalCount && pulls.nodes.length >= pulls.totalCount;
}

function batchesOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const batches: (readonly Item[])[] = [];
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
  return batches;
}
