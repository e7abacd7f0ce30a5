/** Most commits asked about in one query; GitHub bounds a query by the nodes that it could return. */
export const COMMITS_A_QUERY = 50;
/** Squashed pull requests of one query; each may bring a hundred commits. */
export const SQUASHES_A_QUERY = 10;

const AUTHORS = 'totalCount nodes { name email user { login } }';
const PULL_REQUEST =
  'number title url body merged mergedBy { login __typename } mergeCommit { oid } labels(first: 50) { nodes { name } }';

/**
 * Authors, co-authors, and pull requests with whoever merged them, for many commits in one call; the REST API would need two
 * calls a commit. Commits are named by full SHA, so nothing of outside origin stands in the query.
 */
export function commitPartsQuery(shas: readonly string[]): string {
  const parts = shas.map((sha, index) => `c${index}: object(oid: "${sha}") { ...parts }`);
  return `query ($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { ${parts.join(' ')} } }
fragment parts on Commit {
  oid
  parents { totalCount }
  authors(first: 50) { ${AUTHORS} }
  associatedPullRequests(first: 25) { totalCount nodes { ${PULL_REQUEST} } }
}`;
}

/** A pull request, and where its list of commits goes on. */
export interface PullRequestPage {
  readonly number: number;
  readonly after?: string;
}

/** Everybody who wrote a commit of the pull requests given. */
export function squashedQuery(pages: readonly PullRequestPage[]): string {
  const parts = pages.map(({ number, after }) => {
    const from = after === undefined ? '' : `, after: ${JSON.stringify(after)}`;
    return `p${number}: pullRequest(number: ${number}) { number commits(first: 100${from}) { ...parts } }`;
  });
  return `query ($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { ${parts.join(' ')} } }
fragment parts on PullRequestCommitConnection {
  pageInfo { hasNextPage endCursor }
  nodes { commit { authors(first: 10) { ${AUTHORS} } } }
}`;
}

/** Branches and tags with the moment of their commit, so that they can be put in order of newness. */
export const REFS_QUERY = `query ($owner: String!, $repo: String!, $text: String!) {
  repository(owner: $owner, name: $repo) {
    branches: refs(refPrefix: "refs/heads/", query: $text, first: 100) { nodes { ...named } }
    tags: refs(refPrefix: "refs/tags/", query: $text, first: 100, orderBy: { field: TAG_COMMIT_DATE, direction: DESC }) {
      nodes { ...named }
    }
  }
}
fragment named on Ref {
  name
  target { oid ... on Commit { committedDate } ... on Tag { target { oid ... on Commit { committedDate } } } }
}`;
