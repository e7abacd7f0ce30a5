import { randomUUID } from 'node:crypto';
import type { FakeRepository } from '../github/world.ts';

type Value = string | number | boolean;

export interface FakeAction {
  readonly name: string;
  status: string;
  output: string;
}

export interface FakeJob {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly type: 'build' | 'approval';
  status: string;
  startedAt?: string;
  stoppedAt?: string;
  approvedBy?: string;
  readonly actions: FakeAction[];
}

export interface FakeWorkflow {
  readonly id: string;
  readonly name: string;
  readonly tag?: 'setup';
  status: string;
  readonly createdAt: string;
  stoppedAt?: string;
  readonly jobs: FakeJob[];
}

export interface FakePipeline {
  readonly id: string;
  readonly number: number;
  readonly trigger: 'api' | 'webhook';
  /** Did the user of the token start it? */
  readonly mine: boolean;
  readonly ref: { readonly tag: string } | { readonly branch: string };
  readonly sha: string;
  readonly parameters: Readonly<Record<string, Value>>;
  state: string;
  readonly errors: { readonly type: string; readonly message: string }[];
  readonly createdAt: string;
  readonly workflows: FakeWorkflow[];
  /** Calls of its configuration that come before it is compiled. */
  unready: number;
  lost: boolean;
}

/** Words of CircleCI for a parameter's type: https://circleci.com/docs/reusing-config/#parameter-types */
export type ParameterType = 'string' | 'boolean' | 'integer';

export interface FakeProject {
  readonly slug: string;
  /** Where its code is; a project of the GitHub App has a definition, and no `vcs` in its answers. */
  readonly repository: FakeRepository;
  readonly definition?: string;
  readonly parameters: Map<string, ParameterType>;
  readonly pipelines: FakePipeline[];
  /** Tags that have been heard of by the pushes. */
  readonly pushed: Set<string>;
}

/** How the fake differs from a well-behaved CircleCI. May be changed at any time. */
export interface Quirks {
  /** The next pipeline gets this commit instead of the one asked for. */
  otherSha?: string;
  /** New pipelines are left out of this many listings. */
  listingDelay: number;
  /** Does the project use the parameter, so that its compiled configuration shows it? */
  showsId: boolean;
  /** Configurations are not compiled for so many calls. */
  unready: number;
  /** New pipelines are at first in this state, without a workflow. */
  state?: string;
  /** An undeclared parameter is refused at once, or makes a pipeline that could not begin. */
  undeclared: 'refused' | 'errored';
  /** The next start makes no pipeline, and says why. */
  ignores?: string;
  /** Pages have so many entries. */
  page: number;
  /** Makes another user of the token. */
  stranger: boolean;
}

export interface World {
  readonly projects: Map<string, FakeProject>;
  readonly quirks: Quirks;
  readonly nextNumber: () => number;
}

export function createWorld(): World {
  let last = 100;
  return {
    projects: new Map(),
    quirks: { listingDelay: 0, showsId: true, unready: 0, undeclared: 'refused', page: 20, stranger: false },
    nextNumber: () => {
      last += 1;
      return last;
    },
  };
}

export function addProject(
  world: World,
  slug: string,
  repository: FakeRepository,
  more: { readonly definition?: string; readonly parameters?: Readonly<Record<string, ParameterType>> } = {},
): FakeProject {
  const { definition, parameters = { countersign_id: 'string' } } = more;
  const project: FakeProject = {
    slug,
    repository,
    ...(definition === undefined ? {} : { definition }),
    parameters: new Map(Object.entries(parameters)),
    pipelines: [],
    pushed: new Set(repository.tags.keys()),
  };
  world.projects.set(slug, project);
  return project;
}

export function addPipeline(
  world: World,
  project: FakeProject,
  wish: Pick<FakePipeline, 'ref' | 'sha'> & Partial<Pick<FakePipeline, 'parameters' | 'trigger' | 'createdAt'>>,
): FakePipeline {
  const { quirks } = world;
  const state = quirks.state ?? 'created';
  const pipeline: FakePipeline = {
    id: randomUUID(),
    number: world.nextNumber(),
    trigger: 'api',
    parameters: {},
    createdAt: new Date().toISOString(),
    ...wish,
    mine: !quirks.stranger,
    state,
    errors: [],
    workflows: [],
    unready: quirks.unready,
    lost: false,
  };
  project.pipelines.push(pipeline);
  // A workflow for our own starts alone, as `when: << pipeline.parameters.countersign_id >>` in the configuration makes it.
  if (state === 'created' && pipeline.trigger === 'api') addWorkflow(pipeline, 'deploy');
  return pipeline;
}

export function addWorkflow(pipeline: FakePipeline, name: string, tag?: 'setup'): FakeWorkflow {
  const workflow: FakeWorkflow = {
    id: randomUUID(),
    name,
    ...(tag === undefined ? {} : { tag }),
    status: 'running',
    // A millisecond each, so that the order is certain.
    createdAt: new Date(Date.now() + pipeline.workflows.length).toISOString(),
    jobs: [],
  };
  pipeline.workflows.push(workflow);
  return workflow;
}

/** Where CircleCI listens to pushes, a new tag makes a pipeline of its own. */
export function hearPushes(world: World): void {
  for (const project of world.projects.values()) {
    for (const [tag, { sha }] of project.repository.tags) {
      if (project.pushed.has(tag)) continue;
      project.pushed.add(tag);
      addPipeline(world, project, { ref: { tag }, sha, trigger: 'webhook' });
    }
  }
}
