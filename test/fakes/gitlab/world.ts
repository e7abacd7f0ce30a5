import { addRepository, createWorld, type FakePerson, type FakeRepository, type World } from '../github/world.ts';

/** A job, or (with `downstream`) a bridge to another pipeline. Words are GitLab's. */
export interface FakeJob {
  readonly id: number;
  readonly name: string;
  status: string;
  readonly allowFailure: boolean;
  failureReason: string | null;
  readonly createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  trace: string;
  retried: boolean;
  readonly downstream?: { status: string; readonly url: string };
  readonly files: Map<string, string>;
  /** What it was started with by hand. */
  readonly variables: Map<string, string>;
}

export interface FakePipeline {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  status: string;
  readonly source: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  updatedAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  readonly jobs: FakeJob[];
  lost: boolean;
}

export interface FakeDeployment {
  readonly id: number;
  readonly job: number;
  /** Approvals that are still missing. */
  missing: number;
  status: string;
  readonly approvals: { readonly status: string; readonly comment: string }[];
}

/** What jobs and other systems say of a commit. */
export interface FakeStatus {
  readonly name: string;
  readonly status: string;
  readonly ref?: string;
  readonly allowFailure?: boolean;
}

export interface FakeProject {
  readonly id: number;
  readonly path: string;
  /** Commits, branches, tags and (as pulls) merge requests. */
  readonly git: FakeRepository;
  readonly pipelines: FakePipeline[];
  readonly deployments: FakeDeployment[];
  readonly comments: { readonly sha: string; readonly note: string }[];
  readonly statuses: Map<string, FakeStatus[]>;
  /** By commit and path. */
  readonly files: Map<string, string>;
}

export interface FakeMember {
  readonly username: string;
  readonly state?: string;
  readonly membership?: string;
  /** Of a group above. */
  readonly inherited?: boolean;
}

/** All that the fake remembers. */
export interface GitLabWorld {
  readonly git: World;
  readonly projects: Map<string, FakeProject>;
  readonly groups: Map<string, readonly FakeMember[]>;
  /** Accounts by address; everybody with a login has one from the start. */
  readonly accounts: Map<string, FakePerson>;
}

export function createGitLabWorld(): GitLabWorld {
  return { git: createWorld(), projects: new Map(), groups: new Map(), accounts: new Map() };
}

export function addProject(world: GitLabWorld, path: string): FakeProject {
  const project: FakeProject = {
    id: world.git.nextId(),
    path,
    git: addRepository(world.git, path),
    pipelines: [],
    deployments: [],
    comments: [],
    statuses: new Map(),
    files: new Map(),
  };
  world.projects.set(path, project);
  return project;
}

export function addJob(
  world: GitLabWorld,
  pipeline: FakePipeline,
  wish: Partial<FakeJob> & Pick<FakeJob, 'name'>,
): FakeJob {
  const job: FakeJob = {
    id: world.git.nextId(),
    status: 'created',
    allowFailure: false,
    failureReason: null,
    createdAt: now(),
    startedAt: null,
    finishedAt: null,
    trace: '',
    retried: false,
    files: new Map(),
    variables: new Map(),
    ...wish,
  };
  pipeline.jobs.push(job);
  return job;
}

export function addPipeline(
  world: GitLabWorld,
  project: FakeProject,
  wish: Partial<FakePipeline> & Pick<FakePipeline, 'ref' | 'sha' | 'source'>,
): FakePipeline {
  const pipeline: FakePipeline = {
    id: world.git.nextId(),
    status: 'created',
    variables: {},
    inputs: {},
    createdAt: now(),
    updatedAt: now(),
    startedAt: null,
    finishedAt: null,
    jobs: [],
    lost: false,
    ...wish,
  };
  project.pipelines.push(pipeline);
  return pipeline;
}

const OPEN = ['created', 'waiting_for_resource', 'preparing', 'pending', 'running', 'manual', 'scheduled'];

/** A runner takes a job up. */
export function beginJob(world: GitLabWorld, pipeline: FakePipeline, name: string): FakeJob {
  const job = pipeline.jobs.find((one) => one.name === name && !one.retried) ?? addJob(world, pipeline, { name });
  job.status = 'running';
  job.startedAt ??= now();
  pipeline.startedAt ??= now();
  touch(pipeline, 'running');
  return job;
}

export function endJob(job: FakeJob, status: string, reason: string | null = null): void {
  job.status = status;
  job.failureReason = reason;
  if (status !== 'skipped') job.startedAt ??= now();
  job.finishedAt = now();
}

/** Ends a pipeline with all that is open in it. */
export function endPipeline(pipeline: FakePipeline, status: string): void {
  for (const job of pipeline.jobs) {
    if (job.status === 'running') endJob(job, status, status === 'failed' ? 'script_failure' : null);
    else if (OPEN.includes(job.status)) endJob(job, status === 'success' ? 'success' : 'skipped');
  }
  pipeline.startedAt ??= now();
  pipeline.finishedAt = now();
  touch(pipeline, status);
}

export function touch(pipeline: FakePipeline, status: string): void {
  pipeline.status = status;
  pipeline.updatedAt = now();
}

export function isOpen(status: string): boolean {
  return OPEN.includes(status);
}

function now(): string {
  return new Date().toISOString();
}
