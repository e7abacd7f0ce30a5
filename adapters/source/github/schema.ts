import { z } from 'zod';
import { Connection, User } from '../../shared/github/schema.ts';

/** What stands under `sources.<key>` of the configuration. */
export const Settings = Connection;
export type Settings = z.infer<typeof Settings>;

export const GitRef = z.object({ object: z.object({ sha: z.string(), type: z.string() }) });
/** An annotated tag points to a tag object, which points to the commit. */
export const GitTag = z.object({ object: z.object({ sha: z.string(), type: z.string() }) });

const Signature = z.object({ name: z.string().optional(), email: z.string().optional(), date: z.string().optional() });

/** A commit as the REST API lists it. An author that GitHub knows no user for is null (or, in old data, an empty object). */
export const Commit = z.object({
  sha: z.string(),
  html_url: z.string(),
  commit: z.object({ message: z.string(), author: Signature.nullable(), committer: Signature.nullable() }),
  author: z.union([User, z.object({}).transform(() => null), z.null()]).optional(),
  committer: z.union([User, z.object({}).transform(() => null), z.null()]).optional(),
});
export type Commit = z.infer<typeof Commit>;
export const Commits = z.array(Commit);

export const IssueComments = z.array(z.object({ id: z.number(), body: z.string().optional() }));

export const Comparison = z.object({
  status: z.enum(['diverged', 'ahead', 'behind', 'identical']),
  total_commits: z.number(),
  html_url: z.string(),
  commits: Commits,
  files: z.array(z.object({ filename: z.string(), previous_filename: z.string().optional() })).optional(),
});
export type Comparison = z.infer<typeof Comparison>;

const Actor = z.object({ login: z.string(), __typename: z.string() });
export type Actor = z.infer<typeof Actor>;

const GitActor = z.object({
  name: z.string().nullable(),
  email: z.string().nullable(),
  user: z.object({ login: z.string() }).nullable(),
});
export type GitActor = z.infer<typeof GitActor>;

const Authors = z.object({ totalCount: z.number(), nodes: z.array(GitActor) });

const PullRequestNode = z.object({
  number: z.number(),
  title: z.string(),
  url: z.string(),
  body: z.string(),
  merged: z.boolean(),
  mergedBy: Actor.nullable(),
  mergeCommit: z.object({ oid: z.string() }).nullable(),
  labels: z.object({ nodes: z.array(z.object({ name: z.string() })) }).nullable(),
});
export type PullRequestNode = z.infer<typeof PullRequestNode>;

/** What GraphQL adds to a commit: who GitHub takes the co-authors for, and the pull requests that brought it. */
export const CommitParts = z.object({
  oid: z.string(),
  parents: z.object({ totalCount: z.number() }),
  authors: Authors,
  associatedPullRequests: z.object({ totalCount: z.number(), nodes: z.array(PullRequestNode) }),
});
export type CommitParts = z.infer<typeof CommitParts>;

/** Aliases `c0`, `c1`, ... in the order asked. */
export const CommitPartsAnswer = z.object({ repository: z.record(z.string(), CommitParts.nullable()) });

/** Who wrote the commits that a squash made one of. */
const SquashedParts = z.object({
  number: z.number(),
  commits: z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    nodes: z.array(z.object({ commit: z.object({ authors: Authors }) })),
  }),
});
export const SquashedAnswer = z.object({ repository: z.record(z.string(), SquashedParts) });

const CommitDate = z.object({ oid: z.string(), committedDate: z.string().optional() });
const RefNodes = z.object({
  nodes: z.array(
    z.object({ name: z.string(), target: CommitDate.extend({ target: CommitDate.optional() }).nullable() }),
  ),
});
export type RefNodes = z.infer<typeof RefNodes>;
export const RefsAnswer = z.object({ repository: z.object({ branches: RefNodes, tags: RefNodes }) });

export const CheckRuns = z.object({
  total_count: z.number(),
  check_runs: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      started_at: z.string().nullable(),
      check_suite: z.object({ id: z.number() }).nullable(),
      app: z.object({ id: z.number() }).nullable(),
    }),
  ),
});
export type CheckRun = z.infer<typeof CheckRuns>['check_runs'][number];

export const CheckSuites = z.object({
  total_count: z.number(),
  check_suites: z.array(z.object({ id: z.number(), head_branch: z.string().nullable() })),
});

/** The combined status already holds only the latest status of each context. */
export const CombinedStatus = z.object({
  total_count: z.number(),
  statuses: z.array(z.object({ context: z.string(), state: z.string() })),
});

export const Members = z.array(User);

/** A file with its text, or the list of a folder. Over one megabyte the encoding is `none` and the text is empty. */
export const Content = z.union([
  z.array(z.unknown()),
  z.object({ type: z.string(), encoding: z.string().optional(), content: z.string().optional() }),
]);
export type Content = z.infer<typeof Content>;
