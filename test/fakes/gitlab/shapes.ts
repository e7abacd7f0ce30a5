import type { FakeCommit, FakePerson, FakePull, FakeRepository } from '../github/world.ts';
import type { FakeDeployment, FakeJob, FakeMember, FakePipeline, FakeProject, FakeStatus } from './world.ts';

/** Answers as GitLab gives them, after the examples of docs.gitlab.com/api: each function names its page. */
type Shape = Record<string, unknown>;

const WEB = 'https://gitlab.test';

/** /api/users */
export function userShape({ name, login = '' }: FakePerson): Shape {
  return {
    id: idOf(login),
    username: login,
    name,
    state: 'active',
    locked: false,
    avatar_url: `${WEB}/uploads/${login}.png`,
    web_url: `${WEB}/${login}`,
  };
}

/** /api/commits */
export function commitShape(project: FakeProject, commit: FakeCommit): Shape {
  const [title = ''] = commit.message.split('\n');
  return {
    id: commit.sha,
    short_id: commit.sha.slice(0, 8),
    title,
    message: commit.message,
    parent_ids: commit.parents,
    author_name: commit.author.name,
    author_email: commit.author.email,
    authored_date: commit.at,
    committer_name: commit.committer.name,
    committer_email: commit.committer.email,
    committed_date: commit.at,
    created_at: commit.at,
    trailers: {},
    extended_trailers: {},
    web_url: `${WEB}/${project.path}/-/commit/${commit.sha}`,
  };
}

/** /api/branches */
export function branchShape(project: FakeProject, name: string, commit: FakeCommit): Shape {
  return {
    name,
    merged: false,
    protected: name === 'main',
    default: name === 'main',
    developers_can_push: false,
    developers_can_merge: false,
    can_push: true,
    web_url: `${WEB}/${project.path}/-/tree/${name}`,
    commit: commitShape(project, commit),
  };
}

/** /api/tags; the target of an annotated tag is the tag object. */
export function tagShape(project: FakeProject, name: string, commit: FakeCommit, annotated: boolean): Shape {
  return {
    name,
    message: annotated ? name : null,
    target: annotated ? [...commit.sha].reverse().join('') : commit.sha,
    commit: commitShape(project, commit),
    release: null,
    protected: false,
    created_at: annotated ? commit.at : null,
  };
}

/** /api/repositories, "Compare branches, tags, or commits" */
export function comparisonShape(
  project: FakeProject,
  commits: readonly FakeCommit[],
  paths: readonly string[],
  same: boolean,
): Shape {
  const last = commits.at(-1);
  return {
    commit: last === undefined ? null : commitShape(project, last),
    commits: commits.map((commit) => commitShape(project, commit)),
    diffs: paths.map((path) => ({
      diff: '@@ -1 +1 @@\n-a\n+b\n',
      new_path: path,
      old_path: path,
      a_mode: '100644',
      b_mode: '100644',
      new_file: false,
      renamed_file: false,
      deleted_file: false,
    })),
    compare_timeout: false,
    compare_same_ref: same,
    web_url: `${WEB}/${project.path}/-/compare`,
  };
}

/** /api/merge_requests */
export function mergeRequestShape(project: FakeProject, pull: FakePull, squash: boolean): Shape {
  const { number, title, body, labels, author, mergedBy, mergeCommit, commits } = pull;
  const merged = mergedBy === undefined ? null : userShape(mergedBy);
  return {
    id: 9000 + number,
    iid: number,
    project_id: project.id,
    title,
    description: body,
    state: merged === null ? 'opened' : 'merged',
    created_at: '2026-09-01T08:00:00.000Z',
    updated_at: '2026-09-01T09:00:00.000Z',
    merged_by: merged,
    merge_user: merged,
    merged_at: merged === null ? null : '2026-09-01T09:00:00.000Z',
    closed_by: null,
    closed_at: null,
    target_branch: 'main',
    source_branch: `feature-${number}`,
    user_notes_count: 0,
    upvotes: 0,
    downvotes: 0,
    author: userShape(author),
    assignees: [],
    assignee: null,
    reviewers: [],
    source_project_id: project.id,
    target_project_id: project.id,
    labels,
    draft: false,
    work_in_progress: false,
    milestone: null,
    merge_when_pipeline_succeeds: false,
    merge_status: 'can_be_merged',
    detailed_merge_status: 'not_open',
    sha: commits.at(-1) ?? null,
    merge_commit_sha: squash ? null : (mergeCommit ?? null),
    squash_commit_sha: squash ? (mergeCommit ?? null) : null,
    discussion_locked: null,
    should_remove_source_branch: null,
    force_remove_source_branch: true,
    reference: `!${number}`,
    references: { short: `!${number}`, relative: `!${number}`, full: `${project.path}!${number}` },
    web_url: `${WEB}/${project.path}/-/merge_requests/${number}`,
    time_stats: { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null },
    squash,
    task_completion_status: { count: 0, completed_count: 0 },
    has_conflicts: false,
    blocking_discussions_resolved: true,
    approvals_before_merge: null,
  };
}

/** A squash has one parent, and the merge request's own commits are others. */
export function isSquash(git: FakeRepository, { mergeCommit, commits }: FakePull): boolean {
  const commit = git.commits.get(mergeCommit ?? '');
  return commit !== undefined && commit.parents.length === 1 && !commits.includes(commit.sha);
}

/** /api/pipelines, as lists show one */
export function pipelineItemShape(project: FakeProject, pipeline: FakePipeline): Shape {
  const { id, sha, ref, status, source, createdAt, updatedAt } = pipeline;
  return {
    id,
    iid: id,
    project_id: project.id,
    sha,
    ref,
    status,
    source,
    created_at: createdAt,
    updated_at: updatedAt,
    web_url: pipelineUrl(project, pipeline),
    name: null,
  };
}

/** /api/pipelines, a single one */
export function pipelineShape(project: FakeProject, pipeline: FakePipeline): Shape {
  const { status, startedAt, finishedAt } = pipeline;
  return {
    ...pipelineItemShape(project, pipeline),
    before_sha: '0'.repeat(40),
    tag: project.git.tags.has(pipeline.ref),
    yaml_errors: null,
    user: userShape({ name: 'Countersign', email: 'bot@example.com', login: 'project_7_bot_5f' }),
    started_at: startedAt,
    finished_at: finishedAt,
    committed_at: null,
    duration: finishedAt === null ? null : 34,
    queued_duration: 1,
    coverage: null,
    archived: false,
    detailed_status: {
      icon: `status_${status}`,
      text: status,
      label: status,
      group: status,
      tooltip: status,
      has_details: true,
      details_path: `/${project.path}/-/pipelines/${pipeline.id}`,
      illustration: null,
      favicon: '/assets/ci_favicons/favicon.png',
    },
  };
}

export function pipelineUrl(project: FakeProject, { id }: FakePipeline): string {
  return `${WEB}/${project.path}/-/pipelines/${id}`;
}

/** The access token's own account, as jobs show it. */
function botShape(): Shape {
  return {
    ...userShape({ name: 'Countersign', email: 'bot@example.com', login: 'project_7_bot_5f' }),
    created_at: '2026-01-01T08:00:00.000Z',
    bio: null,
    location: null,
    public_email: null,
    skype: '',
    linkedin: '',
    twitter: '',
    website_url: '',
    organization: null,
    job_title: '',
    pronouns: null,
    bot: true,
    work_information: null,
    followers: 0,
    following: 0,
    local_time: null,
  };
}

/** /api/jobs; of a bridge without what only runners know */
export function jobShape(project: FakeProject, pipeline: FakePipeline, job: FakeJob): Shape {
  const { status, source, updated_at, web_url, ref, sha, created_at, id, iid, project_id } = pipelineItemShape(
    project,
    pipeline,
  );
  const common = {
    id: job.id,
    status: job.status,
    stage: 'deploy',
    name: job.name,
    ref: pipeline.ref,
    tag: true,
    coverage: null,
    allow_failure: job.allowFailure,
    created_at: job.createdAt,
    started_at: job.startedAt,
    finished_at: job.finishedAt,
    erased_at: null,
    duration: job.finishedAt === null ? null : 1.5,
    queued_duration: 0.1,
    user: botShape(),
    commit: commitShape(project, commitIn(project, pipeline.sha)),
    pipeline: { id, iid, project_id, sha, ref, status, source, created_at, updated_at, web_url },
    ...(job.failureReason === null ? {} : { failure_reason: job.failureReason }),
    web_url: `${WEB}/${project.path}/-/jobs/${job.id}`,
    project: { ci_job_token_scope_enabled: false },
  };
  if (job.downstream === undefined)
    return { ...common, archived: false, artifacts: [], artifacts_expire_at: null, runner: null, tag_list: [] };
  return {
    ...common,
    downstream_pipeline: {
      id: job.id + 1,
      sha,
      ref: 'main',
      status: job.downstream.status,
      web_url: job.downstream.url,
    },
  };
}

function commitIn(project: FakeProject, sha: string): FakeCommit {
  const found = project.git.commits.get(sha);
  if (found === undefined) throw new RangeError(`the fake has no commit ${sha}`);
  return found;
}

/** /api/deployments */
export function deploymentShape(project: FakeProject, deployment: FakeDeployment): Shape {
  const pipeline = project.pipelines.find(({ jobs }) => jobs.some(({ id }) => id === deployment.job));
  const job = pipeline?.jobs.find(({ id }) => id === deployment.job);
  const user = userShape({ name: 'Countersign', email: 'bot@example.com', login: 'project_7_bot_5f' });
  return {
    id: deployment.id,
    iid: deployment.id,
    ref: pipeline?.ref,
    sha: pipeline?.sha,
    created_at: job?.createdAt,
    updated_at: job?.createdAt,
    status: deployment.status,
    user,
    environment: { id: 9, name: 'production', slug: 'production', external_url: 'https://shop.example.com' },
    deployable: pipeline === undefined || job === undefined ? null : jobShape(project, pipeline, job),
    pending_approval_count: deployment.missing,
    approvals: deployment.approvals.map((one) => ({ ...one, user, created_at: '2026-09-01T09:00:00.000Z' })),
  };
}

/** /api/commits, "List the statuses of a commit" */
export function statusShape(
  sha: string,
  { name, status, ref = 'main', allowFailure = false }: FakeStatus,
  id: number,
): Shape {
  return {
    id,
    sha,
    ref,
    status,
    name,
    target_url: `${WEB}/builds/${id}`,
    description: null,
    created_at: '2026-09-01T08:00:00.000Z',
    started_at: null,
    finished_at: null,
    allow_failure: allowFailure,
    coverage: null,
    pipeline_id: 1,
    author: userShape({ name: 'Ben Okafor', email: 'ben@example.com', login: 'ben' }),
  };
}

/** /api/members */
export function memberShape({ username, state = 'active', membership = 'active' }: FakeMember): Shape {
  return {
    ...userShape({ name: username, email: `${username}@example.com`, login: username }),
    state,
    membership_state: membership,
    access_level: 30,
    created_at: '2026-01-01T08:00:00.000Z',
    expires_at: null,
  };
}

function idOf(login: string): number {
  return [...login].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 100_000;
}
