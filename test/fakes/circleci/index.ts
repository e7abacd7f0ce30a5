import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults, type Fault, type Faults } from '../github/faults.ts';
import { createChecker } from './openapi.ts';
import { type Call, outputOf, Refused, type Reply, ROUTES } from './routes.ts';
import { beginJob, endJob, endWorkflow, workflowOf } from './runner.ts';
import { eventShape } from './shapes.ts';
import { createPostman, type Postman } from './webhooks.ts';
import {
  createWorld,
  type FakeJob,
  type FakePipeline,
  type FakeProject,
  type FakeWorkflow,
  type World,
} from './world.ts';

/** One line of what was asked of the fake. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the test does in place of a runner. What CircleCI tells of, it tells the webhook, if there is one. */
export interface Lever {
  readonly project: FakeProject;
  readonly pipeline: FakePipeline;
  begin(job: string, workflow?: string): FakeJob;
  /** A job that waits for a person. */
  hold(name: string, workflow?: string): FakeJob;
  prints(job: string, output: string, status?: string): void;
  endJob(job: string, status: string): Promise<void>;
  end(status: string, workflow?: string): Promise<void>;
}

/** A CircleCI on loopback, with a memory and with moods. */
export interface FakeCircleCI {
  readonly url: string;
  readonly token: string;
  readonly world: World;
  readonly faults: Faults;
  readonly postman: Postman;
  readonly asked: readonly Asked[];
  /** Requests and answers that are not as CircleCI describes them, and a login that went astray; a test expects none. */
  readonly violations: readonly string[];
  lever(id: string): Lever;
  close(): Promise<void>;
}

const MATCHERS = ROUTES.map(([method, template, handle]) => ({
  method,
  template,
  handle,
  pattern: patternOf(template),
}));

export async function startFakeCircleCI(): Promise<FakeCircleCI> {
  const token = 'CCIPAT_fake_token_of_the_tests';
  const [world, faults, postman, check] = [createWorld(), createFaults(), createPostman(), createChecker()];
  const [asked, violations]: [Asked[], string[]] = [[], []];
  const changed = (project: FakeProject, pipeline: FakePipeline, what: FakeWorkflow | FakeJob) =>
    postman.tell(eventShape(randomUUID(), project, pipeline, what));
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    const method = request.method ?? 'GET';
    const body = await bodyOf(request);
    if (url.pathname.startsWith('/_storage/')) {
      // Somebody else's machine: our login has no business there.
      if (request.headers['circle-token'] !== undefined) violations.push('the login was sent to the storage');
      return send(response, stored(world, url.pathname));
    }
    const fault = faults.take(method, decodeURIComponent(url.pathname));
    const obeyed = fault === undefined || fault.kind === 'late' || ('after' in fault && fault.after === true);
    const reply = obeyed ? await answered(request, method, url, body) : undefined;
    const status = fault?.kind === 'status' ? fault.status : (reply?.status ?? 0);
    asked.push({ method, path: decodeURIComponent(url.pathname), status, body });
    if (fault !== undefined) misbehave(response, fault, reply);
    else if (reply !== undefined) send(response, reply);
  }

  async function answered(request: IncomingMessage, method: string, url: URL, body: Call['body']): Promise<Reply> {
    if (request.headers['circle-token'] !== token) return { status: 401, body: { message: 'Invalid token provided.' } };
    if (url.pathname.startsWith('/api/v1.1/')) return outputOf(world, url.pathname, origin);
    const path = url.pathname.replace(/^\/api\/v2/, '');
    const route = MATCHERS.find((one) => one.method === method && one.pattern.test(path));
    if (route === undefined) return { status: 404, body: { message: 'Not found.' } };
    const call = { world, params: paramsOf(route.pattern, path), query: url.searchParams, body, origin, changed };
    const reply = await replied(() => route.handle(call));
    const exchange = { method, template: route.template, query: url.searchParams, body, status: reply.status };
    violations.push(...check({ ...exchange, answer: reply.body }));
    return reply;
  }

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  const lever = (id: string) => leverOf(world, changed, id);
  return { url: origin, token, world, faults, postman, asked, violations, lever, close };
}

async function replied(work: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    return { status: error instanceof Refused ? error.status : 500, body: { message: (error as Error).message } };
  }
}

function leverOf(world: World, changed: Call['changed'], id: string): Lever {
  const [project] = [...world.projects.values()].filter(({ pipelines }) => pipelines.some((one) => one.id === id));
  const pipeline = project?.pipelines.find((one) => one.id === id);
  if (project === undefined || pipeline === undefined) throw new RangeError(`The fake has no pipeline ${id}`);
  const jobNamed = (name: string) => {
    const job = pipeline.workflows.flatMap(({ jobs }) => jobs).findLast((one) => one.name === name);
    return job ?? beginJob(world, workflowOf(pipeline), name);
  };
  return {
    project,
    pipeline,
    begin: (name, workflow) => beginJob(world, workflowOf(pipeline, workflow), name),
    hold: (name, workflow) => beginJob(world, workflowOf(pipeline, workflow), name, 'approval'),
    prints: (name, output, status = 'success') => void jobNamed(name).actions.push({ name: 'make', status, output }),
    async endJob(name, status) {
      endJob(jobNamed(name), status);
      await changed(project, pipeline, jobNamed(name));
    },
    async end(status, name) {
      const workflow = workflowOf(pipeline, name);
      endWorkflow(workflow, status);
      await changed(project, pipeline, workflow);
    },
  };
}

/** One JSON text of all that a step printed, as the storage keeps it. */
function stored(world: World, path: string): Reply {
  const [, id, step] = /^\/_storage\/([^/]+)\/(\d+)$/.exec(path) ?? [];
  const all = [...world.projects.values()].flatMap(({ pipelines }) => pipelines).flatMap(({ workflows }) => workflows);
  const action = all.flatMap(({ jobs }) => jobs).find((job) => job.id === id)?.actions[Number(step)];
  if (action === undefined) return { status: 404 };
  const time = new Date().toISOString();
  return { status: 200, body: [{ type: 'out', time, message: action.output }] };
}

function misbehave(response: ServerResponse, fault: Fault, reply: Reply | undefined): void {
  switch (fault.kind) {
    case 'status':
      send(response, { status: fault.status, body: { message: fault.message ?? 'Trouble' } }, fault.headers);
      return;
    case 'drop':
      response.socket?.destroy();
      return;
    case 'hang':
      return;
    case 'late':
      setTimeout(() => send(response, reply ?? { status: 500 }), fault.ms).unref();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sorry!</html>');
  }
}

function send(response: ServerResponse, { status, body }: Reply, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body ?? {}));
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const piece of request) text += piece;
  return text === '' ? {} : JSON.parse(text);
}

/** A slug is three parts of the path, and one word of the description. */
function patternOf(template: string): RegExp {
  const pattern = template
    .replace('{project-slug}', '(?<project_slug>[^/]+/[^/]+/[^/]+)')
    .replace(/\{([\w-]+)\}/g, (_all, name: string) => `(?<${name.replaceAll('-', '_')}>[^/]+)`);
  return new RegExp(`^${pattern}$`);
}

const NAMES: Readonly<Record<string, string>> = { project_slug: 'project-slug', pipeline_id: 'pipeline-id' };

function paramsOf(pattern: RegExp, path: string): Record<string, string> {
  const groups = pattern.exec(path)?.groups ?? {};
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [NAMES[name] ?? name, decodeURIComponent(value)]),
  );
}
