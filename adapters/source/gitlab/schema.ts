import { z } from 'zod';
import { Connection, User } from '../../shared/gitlab/schema.ts';

/** What stands under `sources.<key>` of the configuration. */
export const Settings = Connection;
export type Settings = z.infer<typeof Settings>;

/** Source: docs.gitlab.com/api/commits. It names nobody's account. */
export const Commit = z.object({
  id: z.string(),
  message: z.string().nullish(),
  title: z.string().nullish(),
  parent_ids: z.array(z.string()),
  author_name: z.string().nullish(),
  author_email: z.string().nullish(),
  authored_date: z.string().nullish(),
  committer_name: z.string().nullish(),
  committer_email: z.string().nullish(),
  committed_date: z.string().nullish(),
  web_url: z.string().nullish(),
});
export type Commit = z.infer<typeof Commit>;
export const Commits = z.array(Commit);

/** Source: docs.gitlab.com/api/repositories, "Compare branches, tags, or commits". Of the diffs only the names count here. */
export const Comparison = z.object({
  commits: z.array(z.object({ id: z.string() })),
  diffs: z.array(z.object({ old_path: z.string(), new_path: z.string() })),
  /** Some files are missing, because there are too many. */
  compare_timeout: z.boolean().nullish(),
  compare_same_ref: z.boolean().nullish(),
  web_url: z.string().nullish(),
});
export type Comparison = z.infer<typeof Comparison>;

/** Source: docs.gitlab.com/api/merge_requests. `merged_by` is the older name of `merge_user`. */
export const MergeRequest = z.object({
  iid: z.number(),
  project_id: z.number(),
  title: z.string(),
  description: z.string().nullish(),
  labels: z.array(z.string()),
  state: z.string(),
  author: User.nullish(),
  merge_user: User.nullish(),
  merged_by: User.nullish(),
  merge_commit_sha: z.string().nullish(),
  squash_commit_sha: z.string().nullish(),
  web_url: z.string(),
});
export type MergeRequest = z.infer<typeof MergeRequest>;
export const MergeRequests = z.array(MergeRequest);

/** Source: docs.gitlab.com/api/graphql/reference, `Commit.author` and `UserCore`. Aliases `c0`, `c1`, ... in the order asked. */
const Authored = z.object({
  sha: z.string(),
  author: z.object({ username: z.string(), bot: z.boolean().nullish() }).nullable(),
});
export const AuthorsAnswer = z.object({
  project: z
    .object({
      repository: z
        .record(z.string(), z.union([Authored, z.object({ lastCommit: Authored.nullable() })]).nullable())
        .nullable(),
    })
    .nullable(),
});

/** Branches and tags: docs.gitlab.com/api/branches and /api/tags. */
const Named = z.object({
  name: z.string(),
  commit: z.object({ id: z.string(), committed_date: z.string().nullish() }).nullable(),
});
export const RefAnswer = Named;
export const RefsAnswer = z.array(Named);

/** Source: docs.gitlab.com/api/commits, "List the statuses of a commit": jobs and what other systems reported. */
export const Statuses = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    status: z.string(),
    ref: z.string().nullish(),
    allow_failure: z.boolean().nullish(),
  }),
);

export const Pipelines = z.array(
  z.object({ id: z.number(), status: z.string(), source: z.string().nullish(), ref: z.string().nullish() }),
);

/** Source: docs.gitlab.com/api/members. Somebody who was asked to join, or must be let in first, is not `active`. */
export const Members = z.array(User.extend({ membership_state: z.string().nullish() }));
export const Users = z.array(User);

/** Source: docs.gitlab.com/api/repository_files. */
export const RepositoryFile = z.object({ encoding: z.string(), content: z.string() });
