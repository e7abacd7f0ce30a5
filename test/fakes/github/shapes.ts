import { example } from './openapi.ts';
import {
  ANNA,
  type FakeArtifact,
  type FakeCommit,
  type FakeDeployment,
  type FakeJob,
  type FakePending,
  type FakePerson,
  type FakeRepository,
  type FakeRun,
} from './world.ts';

const WEB = 'https://github.test';

/** Answers as GitHub gives them: its own examples, dressed with what the fake knows. */
export function userShape(person: FakePerson): Record<string, unknown> | null {
  if (person.login === undefined) return null;
  return { ...example('simple-user'), login: person.login, type: person.bot === true ? 'Bot' : 'User' };
}

export function commitShape(repository: FakeRepository, commit: FakeCommit): Record<string, unknown> {
  const shape = example('commit-items');
  const signature = ({ name, email }: FakePerson) => ({ name, email, date: commit.at });
  const inner = shape['commit'] as Record<string, unknown>;
  return {
    ...shape,
    sha: commit.sha,
    html_url: `${WEB}/${repository.name}/commit/${commit.sha}`,
    commit: {
      ...inner,
      message: commit.message,
      author: signature(commit.author),
      committer: signature(commit.committer),
    },
    author: userShape(commit.author),
    committer: userShape(commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${WEB}/${repository.name}/commit/${sha}` })),
  };
}

export function refShape(name: string, sha: string, type: string): Record<string, unknown> {
  const shape = example('git-ref');
  return { ...shape, ref: name, object: { ...(shape['object'] as object), sha, type } };
}

export function tagShape(name: string, sha: string): Record<string, unknown> {
  const shape = example('git-tag');
  return {
    ...shape,
    tag: name,
    sha: annotatedSha(sha),
    object: { ...(shape['object'] as object), sha, type: 'commit' },
  };
}

/** The SHA of the tag object of an annotated tag: the commit's, turned around. */
export function annotatedSha(sha: string): string {
  return [...sha].reverse().join('');
}

export function runShape(repository: FakeRepository, run: FakeRun): Record<string, unknown> {
  const { created_at: _at, ...shape } = example('workflow-run');
  return {
    ...shape,
    id: run.id,
    name: run.workflow,
    path: `.github/workflows/${run.workflow}@${repository.tags.has(run.branch) ? 'refs/tags' : 'refs/heads'}/${run.branch}`,
    display_title: run.title,
    head_branch: run.branch,
    head_sha: run.sha,
    event: run.event ?? 'workflow_dispatch',
    actor: userShape(run.actor ?? ANNA),
    triggering_actor: userShape(run.actor ?? ANNA),
    status: run.status,
    conclusion: run.conclusion,
    html_url: runUrl(repository, run),
    created_at: run.createdAt,
    run_started_at: run.createdAt,
    updated_at: run.updatedAt,
  };
}

export function runUrl(repository: FakeRepository, run: FakeRun): string {
  return `${WEB}/${repository.name}/actions/runs/${run.id}`;
}

export function jobShape(repository: FakeRepository, run: FakeRun, job: FakeJob): Record<string, unknown> {
  return {
    ...example('job'),
    id: job.id,
    run_id: run.id,
    name: job.name,
    head_sha: run.sha,
    head_branch: run.branch,
    status: job.status,
    conclusion: job.conclusion,
    created_at: run.createdAt,
    started_at: job.startedAt ?? run.createdAt,
    completed_at: job.completedAt ?? null,
    html_url: `${runUrl(repository, run)}/job/${job.id}`,
    steps: job.steps.map((step, index) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: index + 1,
      started_at: step.startedAt ?? null,
      completed_at: step.completedAt ?? null,
    })),
  };
}

export function artifactShape({ id, name, digest }: FakeArtifact): Record<string, unknown> {
  const [shape] = example('artifact-paginated')['artifacts'] as readonly Record<string, unknown>[];
  return { ...shape, id, name, digest };
}

/** @param mayReview whether whoever asks is one of the reviewers */
export function pendingShape(pending: FakePending, mayReview: boolean): Record<string, unknown> {
  const shape = example('pending-deployment-items');
  return {
    ...shape,
    environment: { ...(shape['environment'] as object), id: pending.id, name: pending.name },
    wait_timer: pending.timer,
    wait_timer_started_at: pending.timer === 0 ? null : '2026-09-01T08:00:00Z',
    current_user_can_approve: mayReview,
    reviewers: pending.reviewers.map((login) => ({ type: 'User', reviewer: { ...example('simple-user'), login } })),
  };
}

export function deploymentShape(deployment: FakeDeployment): Record<string, unknown> {
  const { id, sha, ref, task, environment, payload, description } = deployment;
  return { ...example('deployment'), id, sha, ref, task, environment, payload, description };
}

export function statusShape(status: FakeDeployment['statuses'][number], environment: string): Record<string, unknown> {
  const { id, state, description, url } = status;
  return { ...example('deployment-status'), id, state, description, environment, log_url: url };
}
