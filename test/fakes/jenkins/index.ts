import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults, type Fault, type Faults } from '../github/faults.ts';
import { CRUMB_FIELD, createDoorkeeper, type Doorkeeper } from './login.ts';
import { answered, errorPage, type Quirks, type Reply } from './routes.ts';
import { pruned } from './tree.ts';
import { beginBuild, endBuild, type FakeBuild, type FakeItem, type FakeJob, setStage, type World } from './world.ts';

/** One line of what was asked of the fake. */
export interface Asked {
  readonly method: string;
  /** As it came, so that its encoding can be seen. */
  readonly path: string;
  readonly status: number;
  readonly form: Readonly<Record<string, string>>;
}

/** What a test does in place of an executor. */
export interface RunLever {
  readonly item: FakeItem;
  readonly job: FakeJob;
  /** The build; begins it when there is none yet. */
  begin(sha?: string): FakeBuild;
  stage(name: string, status?: string, error?: string): void;
  end(result: string): void;
  /** Jenkins forgets the queue item, as it does five minutes after it has left the queue. */
  forget(): void;
  /** Somebody deletes the run. */
  lose(): void;
}

/** A Jenkins on loopback in the folder `/ci`, with a memory and with moods. */
export interface FakeJenkins {
  readonly url: string;
  readonly world: World;
  readonly quirks: Quirks;
  readonly faults: Faults;
  readonly doorkeeper: Doorkeeper;
  readonly asked: readonly Asked[];
  run(id: string): RunLever;
  close(): Promise<void>;
}

const PREFIX = '/ci';

export async function startFakeJenkins(): Promise<FakeJenkins> {
  const world: World = { jobs: new Map(), items: [], lastItem: 40 };
  const quirks: Quirks = {
    restPlugin: true,
    atOnce: false,
    otherSha: undefined,
    mayDescribe: true,
    turnsAway: false,
    oldCancel: false,
    leavesOnCancel: false,
  };
  const [faults, doorkeeper] = [createFaults(), createDoorkeeper()];
  const asked: Asked[] = [];
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const root = `${origin}${PREFIX}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    const method = request.method ?? 'GET';
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const fault = faults.take(method, url.pathname);
    const obeyed = fault === undefined || fault.kind === 'late' || ('after' in fault && fault.after === true);
    const reply = obeyed ? replied(request, method, url, form) : undefined;
    const status = fault?.kind === 'status' ? fault.status : (reply?.status ?? 0);
    asked.push({ method, path: url.pathname.replace(PREFIX, ''), status, form: Object.fromEntries(form) });
    if (fault !== undefined) misbehave(response, fault, reply);
    else if (reply !== undefined) give(response, reply);
  }

  function replied(request: IncomingMessage, method: string, url: URL, form: URLSearchParams): Reply {
    if (!url.pathname.startsWith(`${PREFIX}/`)) return errorPage(404, 'Not Found');
    const who = doorkeeper.admit(request.headers);
    if (who === undefined) return errorPage(401, 'Unauthorized');
    if (method === 'POST' && who === 'password' && !doorkeeper.fits(request.headers)) {
      return errorPage(403, 'No valid crumb was included in the request');
    }
    const path = url.pathname.slice(PREFIX.length);
    if (path === '/crumbIssuer/api/json') {
      const { crumb, cookies } = doorkeeper.issue();
      const body = { _class: 'hudson.security.csrf.DefaultCrumbIssuer', crumb, crumbRequestField: CRUMB_FIELD };
      return { status: 200, body, headers: { 'set-cookie': cookies } };
    }
    const reply = answered({ world, quirks, method, path, query: url.searchParams, form, root, prefix: PREFIX });
    const tree = url.searchParams.get('tree');
    return tree === null || reply.status !== 200 ? reply : { ...reply, body: pruned(reply.body, tree) };
  }

  function run(id: string): RunLever {
    const item = world.items.find((one) => one.id === Number(id));
    if (item === undefined) throw new RangeError(`no queue item ${id}`);
    return leverOf(world, item);
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  return { url: root, world, quirks, faults, doorkeeper, asked, run, close };
}

function leverOf(world: World, item: FakeItem): RunLever {
  const begin = (sha?: string) => beginBuild(item, sha);
  const forget = () => void world.items.splice(world.items.indexOf(item), 1);
  return {
    item,
    job: item.job,
    begin,
    stage: (name, status, error) => setStage(begin(), name, status, error),
    end: (result) => endBuild(begin(), result),
    forget,
    lose() {
      const { builds } = item.job;
      const at = builds.findIndex(({ queueId }) => queueId === item.id);
      if (at >= 0) builds.splice(at, 1);
      forget();
    },
  };
}

function misbehave(response: ServerResponse, fault: Fault, reply: Reply | undefined): void {
  switch (fault.kind) {
    case 'status': {
      const page = errorPage(fault.status, fault.message ?? 'Oops!');
      give(response, { ...page, headers: { ...page.headers, ...fault.headers } });
      return;
    }
    case 'drop':
      response.socket?.destroy();
      return;
    case 'hang':
      return;
    case 'late':
      setTimeout(() => give(response, reply ?? { status: 500 }), fault.ms).unref();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome to Jenkins!</html>');
  }
}

function give(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  const type =
    body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json;charset=utf-8' };
  const all = Object.entries({ ...type, ...headers }).map(([name, value]) => [name, value] as const);
  for (const [name, value] of all) response.setHeader(name, value as string | readonly string[]);
  response.writeHead(status).end(text);
}
