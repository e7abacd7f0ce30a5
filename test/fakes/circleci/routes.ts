import { approve, endWorkflow } from './runner.ts';
import { jobShape, outputShape, pipelineShape, workflowShape } from './shapes.ts';
import {
  addPipeline,
  type FakeJob,
  type FakePipeline,
  type FakeProject,
  type FakeWorkflow,
  hearPushes,
  type World,
} from './world.ts';

export interface Call {
  readonly world: World;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Address of the fake itself. */
  readonly origin: string;
  readonly changed: (project: FakeProject, pipeline: FakePipeline, what: FakeWorkflow | FakeJob) => Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** Thrown by handlers; becomes CircleCI's own form of a refusal. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Handler = (call: Call) => Reply | Promise<Reply>;

/** Method, address as the description has it, and how the slug stands in it here, which the description takes as one word. */
export const ROUTES: readonly (readonly [method: string, template: string, handle: Handler])[] = [
  ['POST', '/project/{project-slug}/pipeline', trigger],
  ['POST', '/project/{provider}/{organization}/{project}/pipeline/run', triggerRun],
  ['GET', '/project/{project-slug}/pipeline', (call) => listed(call, () => true)],
  ['GET', '/project/{project-slug}/pipeline/mine', (call) => listed(call, ({ mine }) => mine)],
  ['GET', '/pipeline/{pipeline-id}', one],
  ['GET', '/pipeline/{pipeline-id}/config', config],
  ['GET', '/pipeline/{pipeline-id}/workflow', workflows],
  ['GET', '/workflow/{id}', (call) => ok(shaped(workflowAt(call)))],
  ['GET', '/workflow/{id}/job', jobs],
  ['POST', '/workflow/{id}/cancel', cancel],
  ['POST', '/workflow/{id}/approve/{approval_request_id}', approveJob],
];

type Ref = FakePipeline['ref'];
type Value = string | number | boolean;

function trigger(call: Call): Reply {
  const project = projectOf(call);
  if (project.definition !== undefined) throw new Refused(404, 'Project not found');
  const { tag, branch = 'main' } = call.body as Partial<Record<string, string>>;
  return { status: 201, body: begun(call, project, tag === undefined ? { branch } : { tag }) };
}

function triggerRun(call: Call): Reply {
  const project = projectOf(call);
  if (call.body['definition_id'] !== project.definition) throw new Refused(404, 'Pipeline definition not found');
  const { ignores } = call.world.quirks;
  delete call.world.quirks.ignores;
  if (ignores !== undefined) return ok({ message: ignores });
  const { tag, branch = 'main' } = (call.body['checkout'] ?? {}) as Partial<Record<string, string>>;
  return { status: 201, body: begun(call, project, tag === undefined ? { branch } : { tag }) };
}

function begun({ world, body }: Call, project: FakeProject, ref: Ref): Record<string, unknown> {
  const { quirks } = world;
  const { branches, tags } = project.repository;
  const sha = 'tag' in ref ? tags.get(ref.tag)?.sha : branches.get(ref.branch);
  if (sha === undefined) throw new Refused(400, 'tag' in ref ? 'Tag not found' : 'Branch not found');
  const parameters = (body['parameters'] ?? {}) as Record<string, Value>;
  const fault = faultIn(project, parameters);
  if (fault !== undefined && quirks.undeclared === 'refused') throw new Refused(400, fault);
  const pipeline = addPipeline(world, project, { ref, sha: quirks.otherSha ?? sha, parameters });
  delete quirks.otherSha;
  if (fault !== undefined) {
    pipeline.state = 'errored';
    pipeline.errors.push({ type: 'config', message: fault });
    pipeline.workflows.length = 0;
  }
  const { id, number, state, createdAt } = pipeline;
  return { id, number, state, created_at: createdAt };
}

/** In the words that people report: https://github.com/CircleCI-Public/trigger-circleci-pipeline-action/issues/5 */
function faultIn({ parameters: declared }: FakeProject, given: Readonly<Record<string, Value>>): string | undefined {
  const strange = Object.keys(given).filter((name) => !declared.has(name));
  if (strange.length > 0) return `Unexpected argument(s): ${strange.join(', ')}`;
  const types = { string: 'string', boolean: 'boolean', integer: 'number' } as const;
  for (const [name, value] of Object.entries(given)) {
    const type = declared.get(name) ?? 'string';
    if (types[type] !== typeof value)
      return `Type error for argument ${name}: expected type: ${type}, actual value: "${value}"`;
    if (String(value).length > 512) return `Parameter ${name} is too long`;
  }
  return undefined;
}

function listed(call: Call, fits: (pipeline: FakePipeline) => boolean): Reply {
  const project = projectOf(call);
  hearPushes(call.world);
  const { quirks } = call.world;
  const hidden = quirks.listingDelay > 0 ? 1 : 0;
  quirks.listingDelay = Math.max(0, quirks.listingDelay - 1);
  const known = project.pipelines.slice(0, project.pipelines.length - hidden).filter((one) => !one.lost && fits(one));
  const newestFirst = known.toSorted(
    (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || b.number - a.number,
  );
  return paged(
    call,
    newestFirst.map((pipeline) => pipelineShape(project, pipeline)),
  );
}

function one(call: Call): Reply {
  const { project, pipeline } = pipelineAt(call);
  return ok(pipelineShape(project, pipeline));
}

/** What CircleCI makes of a parameter that the project uses: it stands in the compiled text. */
function config(call: Call): Reply {
  const { pipeline } = pipelineAt(call);
  if (pipeline.unready > 0 || pipeline.state === 'errored') {
    pipeline.unready -= 1;
    return ok({ source: 'version: 2.1', compiled: '' });
  }
  const id = call.world.quirks.showsId ? pipeline.parameters['countersign_id'] : undefined;
  return ok({ source: 'version: 2.1', compiled: `jobs:\n  Build:\n    environment:\n    - ID: ${id ?? ''}\n` });
}

function workflows(call: Call): Reply {
  const { project, pipeline } = pipelineAt(call);
  return paged(
    call,
    pipeline.workflows.map((workflow) => workflowShape(project, pipeline, workflow)),
  );
}

function jobs(call: Call): Reply {
  const { project, workflow } = workflowAt(call);
  return paged(
    call,
    workflow.jobs.map((job) => jobShape(project, job)),
  );
}

/** What CircleCI says of a workflow that has ended is written nowhere; a refusal is the harder case. */
async function cancel(call: Call): Promise<Reply> {
  const { project, pipeline, workflow } = workflowAt(call);
  if (workflow.stoppedAt !== undefined) throw new Refused(400, 'Workflow cannot be canceled.');
  endWorkflow(workflow, 'canceled');
  await call.changed(project, pipeline, workflow);
  return { status: 202, body: { message: 'Accepted.' } };
}

function approveJob(call: Call): Reply {
  const { workflow } = workflowAt(call);
  const job = workflow.jobs.find(({ id, type }) => id === call.params['approval_request_id'] && type === 'approval');
  if (job === undefined) throw new Refused(404, 'Job not found');
  if (job.status !== 'on_hold') throw new Refused(400, 'Job is not on hold.');
  approve(workflow, job);
  return { status: 202, body: { message: 'Accepted.' } };
}

/** Version 1.1 wants the host's whole name, and knows no approvals. */
export function outputOf(world: World, path: string, origin: string): Reply {
  const [, slug = '', number = ''] = /^\/api\/v1\.1\/project\/(.+)\/(\d+)$/.exec(path) ?? [];
  const project = [...world.projects.values()].find((one) => one.slug.replace(/^gh\//, 'github/') === slug);
  const all = (project?.pipelines ?? []).flatMap((pipeline) => pipeline.workflows.flatMap((workflow) => workflow.jobs));
  const job = all.find((candidate) => String(candidate.number) === number && candidate.type === 'build');
  return job === undefined ? { status: 404, body: { message: 'Build not found' } } : ok(outputShape(job, origin));
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

function paged({ query, world }: Call, items: readonly unknown[]): Reply {
  const from = Number(query.get('page-token') ?? 0);
  const to = from + world.quirks.page;
  return ok({ items: items.slice(from, to), next_page_token: to < items.length ? String(to) : null });
}

function projectOf({ world, params }: Call): FakeProject {
  const slug = params['project-slug'] ?? `${params['provider']}/${params['organization']}/${params['project']}`;
  const found = world.projects.get(slug);
  if (found === undefined) throw new Refused(404, 'Project not found');
  return found;
}

/** An id of another form is answered with 400, as CircleCI's own client tells of `/values`. */
function pipelineAt({ world, params }: Call): { readonly project: FakeProject; readonly pipeline: FakePipeline } {
  const id = params['pipeline-id'] ?? '';
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Refused(400, 'Invalid pipeline id');
  for (const project of world.projects.values()) {
    const pipeline = project.pipelines.find((candidate) => candidate.id === id && !candidate.lost);
    if (pipeline !== undefined) return { project, pipeline };
  }
  throw new Refused(404, 'Pipeline not found');
}

interface At {
  readonly project: FakeProject;
  readonly pipeline: FakePipeline;
  readonly workflow: FakeWorkflow;
}

function workflowAt({ world, params }: Call): At {
  for (const project of world.projects.values()) {
    for (const pipeline of project.pipelines) {
      const workflow = pipeline.workflows.find(({ id }) => id === params['id']);
      if (workflow !== undefined && !pipeline.lost) return { project, pipeline, workflow };
    }
  }
  throw new Refused(404, 'Workflow not found');
}

function shaped({ project, pipeline, workflow }: At): Record<string, unknown> {
  return workflowShape(project, pipeline, workflow);
}
