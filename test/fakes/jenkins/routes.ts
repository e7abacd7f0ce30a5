import { buildShape, describeShape, itemShape, jobShape, openInputs, pendingShape } from './shapes.ts';
import { beginBuild, endBuild, enqueue, type FakeBuild, type FakeJob, type World } from './world.ts';

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

export interface Quirks {
  /** The plugin Pipeline: REST API is there. */
  restPlugin: boolean;
  /** An executor takes every build at once, and checks out this commit if one is named. */
  atOnce: boolean;
  otherSha: string | undefined;
  /** Our user may change the description of builds. */
  mayDescribe: boolean;
  /** Some plugin lets no build into the queue. */
  turnsAway: boolean;
  /** How Jenkins before 2.222 answered `cancelItem`: with a page, also when there is nothing to cancel. */
  oldCancel: boolean;
  /** An executor takes up what is about to be cancelled. */
  leavesOnCancel: boolean;
}

/** One call, below the folder in which Jenkins lies. */
export interface Call {
  readonly world: World;
  readonly quirks: Quirks;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  /** Address of Jenkins, and the folder in it. */
  readonly root: string;
  readonly prefix: string;
}

/** A page as Jetty makes them for errors of the server. */
export function errorPage(status: number, words: string): Reply {
  const body = `<html><head><title>Error ${status} ${words}</title></head><body><h2>HTTP ERROR ${status} ${words}</h2></body></html>`;
  return { status, body, headers: { 'content-type': 'text/html' } };
}

/** `hudson.model.Failure` answers 400 with a page of one paragraph. */
function failurePage(words: string): Reply {
  const body = `<html><head><title>Jenkins</title></head><body><h1>Error</h1><p>${words}</p></body></html>`;
  return { status: 400, body, headers: { 'content-type': 'text/html' } };
}

const NOT_FOUND = errorPage(404, 'Not Found');
const OK: Reply = { status: 200 };

export function answered(call: Call): Reply {
  const { method, path } = call;
  const item = /^\/queue\/item\/(\d+)\/api\/json$/.exec(path)?.[1];
  const [, jobPath, rest = ''] = /^((?:\/job\/[^/]+)+)(\/.*)?$/.exec(path) ?? [];
  if (method === 'GET' && path === '/queue/api/json') {
    const items = call.world.items.filter(({ kind }) => kind !== 'LeftItem');
    return {
      status: 200,
      body: { _class: 'hudson.model.Queue', items: items.map((one) => itemShape(one, call.root)) },
    };
  }
  if (method === 'GET' && item !== undefined) {
    const found = call.world.items.find(({ id }) => id === Number(item));
    return found === undefined ? NOT_FOUND : { status: 200, body: itemShape(found, call.root) };
  }
  if (method === 'POST' && path === '/queue/cancelItem') return cancelled(call);
  const job = jobPath === undefined ? undefined : jobAt(call.world, jobPath);
  return job === undefined ? NOT_FOUND : ofJob(call, job, rest);
}

function jobAt(world: World, path: string): FakeJob | undefined {
  const parts = path.split('/job/').slice(1);
  return world.jobs.get(parts.map((part) => decodeURIComponent(part)).join('/'));
}

/** `Queue.doCancelItem`. */
function cancelled({ world, quirks, query, prefix }: Call): Reply {
  const wished = world.items.find(({ id }) => id === Number(query.get('id')));
  if (quirks.leavesOnCancel && wished !== undefined) beginBuild(wished);
  const item = wished?.kind === 'LeftItem' ? undefined : wished;
  if (item !== undefined) Object.assign(item, { kind: 'LeftItem', cancelled: true, why: null });
  if (quirks.oldCancel) return { status: 302, headers: { location: `${prefix}/` } };
  return item === undefined ? errorPage(404, `Provided id (${query.get('id')}) not found`) : { status: 204 };
}

function ofJob(call: Call, job: FakeJob, rest: string): Reply {
  if (call.method === 'GET' && rest === '/api/json') return { status: 200, body: jobShape(job, call.root) };
  if (call.method === 'POST' && rest === '/buildWithParameters') return started(call, job);
  const [, number, below = ''] = /^\/(\d+)(\/.*)$/.exec(rest) ?? [];
  const build = job.builds.find((one) => one.number === Number(number));
  if (build === undefined) return NOT_FOUND;
  return call.method === 'GET' ? shown(call, job, build, below) : changed(call, build, below);
}

/** `ParameterizedJobMixIn.doBuildWithParameters` and `ParametersDefinitionProperty.buildWithParameters`. */
function started({ world, quirks, form, root }: Call, job: FakeJob): Reply {
  if (!job.buildable) return errorPage(409, `${job.name} is not buildable!`);
  if (job.parameters.length === 0) return errorPage(400, 'This build is not parameterized!');
  if (quirks.turnsAway) return { status: 302, headers: { location: '.' } };
  const item = enqueue(world, job, Object.fromEntries(form));
  if (quirks.atOnce) beginBuild(item, quirks.otherSha);
  return { status: 201, headers: { location: `${root}/queue/item/${item.id}/` } };
}

function shown({ quirks, prefix, root }: Call, job: FakeJob, build: FakeBuild, below: string): Reply {
  const plugin = quirks.restPlugin && job.kind === 'pipeline';
  switch (below) {
    case '/api/json':
      return { status: 200, body: buildShape(job, build, root) };
    case '/wfapi/describe':
      return plugin ? { status: 200, body: describeShape(job, build, prefix) } : NOT_FOUND;
    case '/wfapi/pendingInputActions':
      return plugin ? { status: 200, body: pendingShape(job, build, prefix) } : NOT_FOUND;
    case '/consoleText':
      return { status: 200, body: build.console, headers: { 'content-type': 'text/plain;charset=UTF-8' } };
    default: {
      const file = build.archived.get(decodeURIComponent(below.replace(/^\/artifact\//, '')));
      return file === undefined
        ? NOT_FOUND
        : { status: 200, body: file, headers: { 'content-type': 'text/plain;charset=UTF-8' } };
    }
  }
}

const HARDNESS = ['stop', 'term', 'kill'];

function changed({ quirks, form, prefix }: Call, build: FakeBuild, below: string): Reply {
  const page: Reply = { status: 302, headers: { location: `${prefix}/` } };
  const [, id, verb] = /^\/input\/([^/]+)\/(proceed|abort)$/.exec(below) ?? [];
  if (id !== undefined) return settled(build, decodeURIComponent(id), verb === 'proceed' ? 'proceed' : 'abort', form);
  if (below === '/submitDescription') {
    if (!quirks.mayDescribe) return errorPage(403, 'countersign is missing the Run/Update permission');
    build.description = form.get('description');
    return { status: 302, headers: { location: '.' } };
  }
  const way = HARDNESS.indexOf(below.slice(1));
  if (way < 0) return NOT_FOUND;
  if (way >= HARDNESS.indexOf(build.endsBy)) endBuild(build, 'ABORTED');
  return page;
}

/** `InputStepExecution.doProceed` and `doAbort`. A question that is answered is no longer there. */
function settled(build: FakeBuild, id: string, verb: 'proceed' | 'abort', form: URLSearchParams): Reply {
  const input = openInputs(build).find((one) => one.id === id);
  if (input === undefined) return NOT_FOUND;
  if (input.submitter !== '') return failurePage(`You need to be ${input.submitter} to submit this.`);
  const json = form.get('json');
  if (verb === 'proceed' && json === null) return errorPage(400, 'This page expects a form submission but had only {}');
  const values =
    verb === 'proceed' ? (JSON.parse(json ?? '{}')['parameter'] as { name: string; value: unknown }[]) : [];
  const unknown = values.find(({ name }) => !input.parameters.some((one) => one.name === name));
  if (unknown !== undefined) return errorPage(500, `No such parameter definition: ${unknown.name}`);
  input.answered = verb;
  input.values = Object.fromEntries(values.map(({ name, value }) => [name, value]));
  if (verb === 'abort') endBuild(build, 'ABORTED');
  return OK;
}
