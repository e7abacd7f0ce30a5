import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply } from '../github/calls.ts';
import type { Fault, Faults } from '../github/faults.ts';
import { type Call, type Quirks, Refused, type Route } from './calls.ts';
import { createDescribed } from './described.ts';
import { answerGraph } from './graphql.ts';
import { ciRoutes } from './routes-ci.ts';
import { gitRoutes } from './routes-git.ts';
import type { GitLabWorld } from './world.ts';

/** One line of what was asked of the fake. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ServerParts {
  readonly world: GitLabWorld;
  readonly quirks: Quirks;
  readonly faults: Faults;
  readonly token: string;
  readonly changed: Call['changed'];
  readonly asked: Asked[];
  readonly violations: string[];
}

const GRAPH: Route = { method: 'POST', template: 'graphql', takes: ['query', 'variables'], handle: answerGraph };
const ROUTES = [...gitRoutes, ...ciRoutes];

export async function serve(parts: ServerParts): Promise<{ origin: string; close: () => Promise<void> }> {
  const described = createDescribed();
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    const method = request.method ?? 'GET';
    const body = await bodyOf(request);
    const path = decodeURIComponent(url.pathname);
    if (path.startsWith('/_traces/')) {
      // The address itself is the permission: a login that comes here has gone too far.
      if (request.headers['private-token'] !== undefined)
        parts.violations.push('the token was sent to the store of logs');
      send(response, traceOf(parts.world, path));
      return;
    }
    const fault = parts.faults.take(method, path);
    const obeyed = fault === undefined || fault.kind === 'late' || ('after' in fault && fault.after === true);
    const reply = obeyed ? conditional(request, method, await answered(request, method, url, body)) : undefined;
    const status = fault?.kind === 'status' ? fault.status : (reply?.status ?? 0);
    parts.asked.push({ method, path, query: url.search, status, body });
    if (fault !== undefined) misbehave(response, fault, reply);
    else if (reply !== undefined) send(response, reply);
  }

  async function answered(request: IncomingMessage, method: string, url: URL, body: Call['body']): Promise<Reply> {
    if (request.headers['private-token'] !== parts.token) return { status: 401, body: { message: '401 Unauthorized' } };
    const found = url.pathname === '/api/graphql' ? { route: GRAPH, params: {} } : routeOf(method, url.pathname);
    if (found === undefined) {
      parts.violations.push(`${method} ${url.pathname}: GitLab has no such call`);
      return { status: 404, body: { error: '404 Not Found' } };
    }
    const { route, params } = found;
    const unknown = [...url.searchParams.keys(), ...Object.keys(body)].filter((key) => !route.takes.includes(key));
    parts.violations.push(...unknown.map((key) => `${method} ${route.template}: no parameter "${key}"`));
    const { world, quirks, changed } = parts;
    try {
      const reply = await route.handle({ world, quirks, changed, params, query: url.searchParams, body, origin });
      if (route.gives !== undefined) parts.violations.push(...described(route.gives, reply.body));
      return reply;
    } catch (error) {
      if (error instanceof Refused) return { status: error.status, body: { message: error.said } };
      parts.violations.push(String(error));
      return { status: 500, body: { message: '500 Internal Server Error' } };
    }
  }

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  return { origin, close };
}

/** Parts of a path are told apart before they are decoded: a project's name has slashes of its own. */
function routeOf(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
  const parts = path.replace(/^\/api\/v4\//, '').split('/');
  for (const route of ROUTES) {
    const names = route.template.split('/');
    if (route.method !== method || names.length !== parts.length) continue;
    if (!names.every((name, at) => name.startsWith(':') || name === parts[at])) continue;
    const params = names.flatMap((name, at) =>
      name.startsWith(':') ? [[name.slice(1), decodeURIComponent(parts[at] ?? '')]] : [],
    );
    return { route, params: Object.fromEntries(params) };
  }
  return undefined;
}

function misbehave(response: ServerResponse, fault: Fault, answer: Reply | undefined): void {
  switch (fault.kind) {
    case 'status': {
      const body = { message: fault.message ?? '500 Internal Server Error' };
      send(response, {
        status: fault.status,
        body,
        ...(fault.headers === undefined ? {} : { headers: fault.headers }),
      });
      return;
    }
    case 'drop':
      response.socket?.destroy();
      return;
    case 'hang':
      return;
    case 'late':
      setTimeout(() => send(response, answer ?? { status: 500 }), fault.ms).unref();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
  }
}

/** GitLab marks every answer; who shows the mark again is told in no words that it still holds. */
function conditional(request: IncomingMessage, method: string, answer: Reply): Reply {
  if (method !== 'GET' || answer.status !== 200) return answer;
  const etag = `W/"${createHash('sha1').update(JSON.stringify(answer.body)).digest('hex')}"`;
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
  return { ...answer, headers: { ...answer.headers, etag } };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(status, { ...(text === '' ? {} : { 'content-type': type }), ...headers }).end(text);
}

function traceOf(world: GitLabWorld, path: string): Reply {
  const pipelines = [...world.projects.values()].flatMap((project) => project.pipelines);
  const job = pipelines.flatMap(({ jobs }) => jobs).find(({ id }) => path === `/_traces/${id}`);
  return job === undefined ? { status: 404 } : { status: 200, body: job.trace };
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const piece of request) text += piece;
  return text === '' ? {} : JSON.parse(text);
}
