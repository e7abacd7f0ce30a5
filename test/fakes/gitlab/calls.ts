import type { Reply } from '../github/calls.ts';
import type { FakePipeline, FakeProject, GitLabWorld } from './world.ts';

/** How the fake differs from a well-behaved GitLab. May be changed at any time. */
export interface Quirks {
  /** The next pipeline gets this commit instead of the tag's. */
  otherSha?: string;
  /** A new tag starts a pipeline by itself, as without `workflow: rules`. */
  tagPipelines: boolean;
  /** Nobody but maintainers reads the variables of a pipeline. */
  hidesVariables: boolean;
  /** Nobody sets the variables of a pipeline. */
  forbidsVariables: boolean;
  /** The edition has no approvals of deployments. */
  noApprovals: boolean;
  /** Too old for `commit` in GraphQL. */
  oldGraph: boolean;
  /** A comparison lists no more files than this. */
  listsAtMost?: number;
  /** Pipelines end by themselves after so many looks. */
  automatic?: { readonly looks: number; readonly status: 'success' | 'failed' };
}

export interface Call {
  readonly world: GitLabWorld;
  readonly quirks: Quirks;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Address of the fake itself. */
  readonly origin: string;
  readonly changed: (project: FakeProject, pipeline: FakePipeline) => Promise<void>;
}

type Handler = (call: Call) => Reply | Promise<Reply>;

/** One call of the API, with the words that it knows. */
export interface Route {
  readonly method: string;
  readonly template: string;
  /** Names of parameters in query or body, as the documentation lists them. */
  readonly takes: readonly string[];
  /** What in GitLab's own types its answer is. */
  readonly gives?: 'pipeline' | 'pipelineShort' | 'job' | 'mr' | 'deployment';
  readonly handle: Handler;
}

/** Thrown by handlers; becomes GitLab's own form of a refusal. */
export class Refused extends Error {
  readonly status: number;
  readonly said: unknown;

  constructor(status: number, said: unknown) {
    super(String(said));
    this.status = status;
    this.said = said;
  }
}

export function projectOf({ world, params }: Call): FakeProject {
  const { id = '' } = params;
  const found = world.projects.get(id) ?? [...world.projects.values()].find((one) => String(one.id) === id);
  if (found === undefined) throw new Refused(404, '404 Project Not Found');
  return found;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** The page of a list that was asked for. */
export function paged<Item>({ query }: Call, items: readonly Item[]): Reply & { readonly body: readonly Item[] } {
  const size = Math.min(100, Number(query.get('per_page') ?? 20));
  const page = Number(query.get('page') ?? 1);
  return { status: 200, body: items.slice((page - 1) * size, page * size) };
}
