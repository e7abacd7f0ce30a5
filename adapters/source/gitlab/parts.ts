import { PortFailure } from '../../../src/ports/failure.ts';
import { bounded } from '../../shared/http/bounded.ts';
import type { Context } from './context.ts';
import { AuthorsAnswer, type Commit, Commits, type MergeRequest, MergeRequests } from './schema.ts';

/** Commits in one GraphQL query, well below GitLab's limit of complexity (250). */
const COMMITS_A_QUERY = 20;
/** Pages of merge requests of one commit, and of commits of one merge request. */
const MOST_PAGES = 10;

/** An account that GitLab itself ties to a commit's address. */
export interface Owner {
  readonly username: string;
  readonly bot: boolean;
}

/** What GitLab knows of commits beyond what stands in them. `complete` is false when it could not tell everything. */
export interface Parts {
  /** Merge requests that brought a commit. */
  readonly requests: ReadonlyMap<string, readonly MergeRequest[]>;
  /** By a squash commit: the commits that became it. */
  readonly squashed: ReadonlyMap<string, readonly Commit[]>;
  /** Accounts by address, in small letters. */
  readonly owners: ReadonlyMap<string, Owner>;
  readonly complete: boolean;
}

export async function readParts(context: Context, commits: readonly Commit[], width: number): Promise<Parts> {
  const brought = await bounded(commits, width, (commit) => requestsOf(context, commit));
  const requests = new Map(brought.map(({ sha, items }) => [sha, items]));
  const squashes = brought.flatMap(({ sha, items }) => {
    const request = items.find(({ squash_commit_sha }) => squash_commit_sha === sha);
    return request === undefined ? [] : [{ sha, request }];
  });
  const written = await bounded(squashes, width, (squash) => commitsOf(context, squash));
  const squashed = new Map(written.map(({ sha, items }) => [sha, items]));
  const all = new Map([...commits, ...written.flatMap(({ items }) => items)].map((commit) => [commit.id, commit]));
  const owners = await ownersOf(context, [...all.values()], width);
  const complete = [...brought, ...written].every(({ whole }) => whole);
  return { requests, squashed, owners, complete };
}

async function requestsOf({ gitlab, project, repository }: Context, { id: sha }: Commit) {
  const question = {
    what: `the merge requests of commit ${sha.slice(0, 7)} of ${repository}`,
    path: `${project}/repository/commits/${sha}/merge_requests`,
    form: MergeRequests,
  };
  return { sha, ...(await gitlab.list(question, MOST_PAGES)) };
}

/** A merge request may have been merged into another project than this one: the commits are asked of its own. */
async function commitsOf(
  { gitlab, repository }: Context,
  { sha, request: { iid, project_id } }: { readonly sha: string; readonly request: MergeRequest },
) {
  const question = {
    what: `the commits of merge request ${iid} of ${repository}`,
    path: `projects/${project_id}/merge_requests/${iid}/commits`,
    form: Commits,
  };
  return { sha, ...(await gitlab.list(question, MOST_PAGES)) };
}

/** The REST API names only addresses. Asked once for each address: who has it has written all of its commits. */
async function ownersOf(
  context: Context,
  commits: readonly Commit[],
  width: number,
): Promise<ReadonlyMap<string, Owner>> {
  const byAddress = new Map(commits.map((commit) => [addressOf(commit), commit.id]));
  const asked = [...byAddress].filter(([address]) => address !== '');
  const batches = Array.from({ length: Math.ceil(asked.length / COMMITS_A_QUERY) }, (_none, at) =>
    asked.slice(at * COMMITS_A_QUERY, (at + 1) * COMMITS_A_QUERY),
  );
  const answers = await bounded(batches, width, (batch) =>
    authorsOf(
      context,
      batch.map(([, sha]) => sha),
    ),
  );
  const bySha = new Map(answers.flat());
  return new Map(
    asked.flatMap(([address, sha]) => {
      const owner = bySha.get(sha);
      return owner === undefined ? [] : [[address, owner] as const];
    }),
  );
}

function addressOf({ author_email }: Commit): string {
  return (author_email ?? '').toLowerCase();
}

/** Before GitLab 17.10 a commit is found only as the last one of its tree, which a merge may not be. */
async function authorsOf(context: Context, shas: readonly string[]): Promise<readonly (readonly [string, Owner])[]> {
  const own = (sha: string) => `commit(ref: "${sha}") { ${FIELDS} }`;
  const older = (sha: string) => `tree(ref: "${sha}") { lastCommit { ${FIELDS} } }`;
  try {
    return await ask(context, shas, own);
  } catch (error) {
    if (!(error instanceof PortFailure) || !/Field 'commit' doesn't exist/.test(error.message)) throw error;
    return ask(context, shas, older);
  }
}

const FIELDS = 'sha author { username bot }';

async function ask({ gitlab, repository }: Context, shas: readonly string[], field: (sha: string) => string) {
  const fields = shas.map((sha, at) => `c${at}: ${field(sha)}`).join(' ');
  const answer = await gitlab.graph({
    what: `the authors of ${repository}`,
    query: `query($path: ID!) { project(fullPath: $path) { repository { ${fields} } } }`,
    variables: { path: repository },
    form: AuthorsAnswer,
  });
  if (!answer.project?.repository) {
    const message = `GitLab does not say who wrote the commits of ${repository}. The access token needs the scope read_api.`;
    throw new PortFailure(message, { port: gitlab.id, kind: 'forbidden', retryable: false, code: 'no-authors' });
  }
  return Object.values(answer.project.repository).flatMap((one): (readonly [string, Owner])[] => {
    const commit = one !== null && 'lastCommit' in one ? one.lastCommit : one;
    if (!commit?.author || !shas.includes(commit.sha)) return [];
    return [[commit.sha, { username: commit.author.username, bot: commit.author.bot === true }]];
  });
}
