import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Call, type Quirks, Refused, type Reply, type RouteTable } from './calls.ts';
import type { Fault, Faults } from './faults.ts';
import { answerGraph } from './graphql.ts';
import type { Doorkeeper } from './login.ts';
import { createChecker } from './openapi.ts';
import { actionsRoutes } from './rest-actions.ts';
import { commentRoutes } from './rest-comments.ts';
import { gitRoutes } from './rest-git.ts';
import { reviewRoutes } from './rest-reviews.ts';
import type { FakeRepository, FakeRun, World } from './world.ts';

/** One line of what was asked of the fake. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ServerParts {
  readonly world: World;
  readonly quirks: Quirks;
  readonly faults: Faults;
  readonly doorkeeper: Doorkeeper;
  readonly changed: (repository: FakeRepository, run: FakeRun, action: string) => Promise<void>;
  /** Answers what lies under `/_control/`. */
  readonly control: (path: string, body: Readonly<Record<string, unknown>>) => Promise<unknown>;
  readonly asked: Asked[];
  readonly violations: string[];
  /** Checks requests and answers against GitHub's description. */
  readonly strict: boolean;
  readonly port: number;
}

const ROUTES: RouteTable = [
  ...gitRoutes,
  ...actionsRoutes,
  ...reviewRoutes,
  ...commentRoutes,
  ['POST', '/app/installations/{installation_id}/access_tokens', () => ({ status: 500 })],
  ['POST', '/graphql', answerGraph],
];
const MATCHERS = ROUTES.map(([method, template, handle]) => ({
  method,
  template,
  handle,
  pattern: patternOf(template),
}));

type Answer = Reply & { readonly template?: string };

export async function serve(parts: ServerParts): Promise<{ origin: string; close: () => Promise<void> }> {
  const check = parts.strict ? createChecker() : () => [];
  const server = createServer((request, response) => void handle(request, response));
  server.listen(parts.port, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    const method = request.method ?? 'GET';
    const body = await bodyOf(request);
    if (url.pathname.startsWith('/_')) {
      send(response, await beside(url, body));
      return;
    }
    const fault = parts.faults.take(method, decodeURIComponent(url.pathname));
    const obeyed = fault === undefined || fault.kind === 'late' || ('after' in fault && fault.after === true);
    const answer = obeyed ? await answered(request, method, url, body) : undefined;
    const reply = answer === undefined ? undefined : conditional(request, method, answer);
    const status = fault?.kind === 'status' ? fault.status : (reply?.status ?? 0);
    parts.asked.push({ method, path: decodeURIComponent(url.pathname), status, body });
    if (answer?.template !== undefined && answer.template !== '/graphql') {
      const exchange = { method, template: answer.template, query: url.searchParams, body, status: answer.status };
      parts.violations.push(...check({ ...exchange, answer: answer.body }));
    }
    if (fault !== undefined) misbehave(response, fault, reply);
    else if (reply !== undefined) send(response, reply);
  }

  /** What GitHub does not have at this address: the levers of the tests, and the store of logs. */
  async function beside(url: URL, body: Call['body']): Promise<Reply> {
    if (url.pathname.startsWith('/_logs/')) return logOf(parts.world, url.pathname);
    try {
      return { status: 200, body: await parts.control(url.pathname.replace('/_control/', ''), body) };
    } catch (error) {
      return { status: 400, body: { error: String(error) } };
    }
  }

  async function answered(request: IncomingMessage, method: string, url: URL, body: Call['body']): Promise<Answer> {
    const route = MATCHERS.find((one) => one.method === method && one.pattern.test(url.pathname));
    const refusal = (status: number, message: string) => ({
      status,
      body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
      ...(route === undefined ? {} : { template: route.template }),
    });
    if (route === undefined) return refusal(404, 'Not Found');
    const params = paramsOf(route.pattern, url.pathname);
    try {
      if (route.template.startsWith('/app/')) {
        const reply = parts.doorkeeper.exchange(params['installation_id'] ?? '', request.headers.authorization);
        return { ...reply, template: route.template };
      }
      parts.doorkeeper.admit(request.headers.authorization);
      const { world, quirks, changed } = parts;
      const reply = await route.handle({ world, quirks, changed, params, query: url.searchParams, body, origin });
      return { ...reply, template: route.template };
    } catch (error) {
      return error instanceof Refused ? refusal(error.status, error.message) : refusal(500, String(error));
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

function misbehave(response: ServerResponse, fault: Fault, answer: Reply | undefined): void {
  switch (fault.kind) {
    case 'status': {
      const body = { message: fault.message ?? 'Server Error' };
      const headers = fault.headers === undefined ? {} : { headers: fault.headers };
      send(response, { status: fault.status, body, ...headers });
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
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Unicorn!</html>');
  }
}

/** GitHub marks every answer; who shows the mark again is told in no words that it still holds. */
function conditional(request: IncomingMessage, method: string, answer: Answer): Reply {
  if (method !== 'GET' || answer.status !== 200) return answer;
  const etag = `W/"${createHash('sha1').update(JSON.stringify(answer.body)).digest('hex')}"`;
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
  return { ...answer, headers: { ...answer.headers, etag } };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(status, { ...(text === '' ? {} : { 'content-type': type }), ...headers }).end(text);
}

function logOf(world: World, path: string): Reply {
  const jobs = [...world.repositories.values()].flatMap(({ runs }) => runs).flatMap((run) => run.jobs);
  const job = jobs.find(({ id }) => path === `/_logs/${id}`);
  return job === undefined ? { status: 404 } : { status: 200, body: job.log };
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const piece of request) text += piece;
  return text === '' ? {} : JSON.parse(text);
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}

function paramsOf(pattern: RegExp, path: string): Record<string, string> {
  const groups = pattern.exec(path)?.groups ?? {};
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}
