import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults, type Fault, type Faults } from '../github/faults.ts';
import { type Lever, leverOf } from './controller.ts';
import { createPostman, type Postman } from './notifications.ts';
import { createChecker } from './openapi.ts';
import { applicationOf, Refused, type Reply, ROUTES } from './routes.ts';
import { createWorld, type World } from './world.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** An Argo CD on loopback, with a memory and with moods. */
export interface FakeArgoCd {
  readonly url: string;
  readonly token: string;
  readonly world: World;
  readonly faults: Faults;
  readonly postman: Postman;
  readonly asked: readonly Asked[];
  /** Requests and answers that are not as Argo CD describes them; a test expects none. */
  readonly violations: readonly string[];
  lever(application: string): Lever;
  close(): Promise<void>;
}

const MATCHERS = ROUTES.map(([method, template, handle]) => ({
  method,
  template,
  handle,
  pattern: new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

/** @param clock milliseconds since 1970; the real time when absent */
export async function startFakeArgoCd(clock: () => number = () => Date.now()): Promise<FakeArgoCd> {
  const token = 'a token of the role countersign of the project shop';
  const [world, faults, check] = [createWorld(clock), createFaults(), createChecker()];
  const [asked, violations]: [Asked[], string[]] = [[], []];
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', url);
    const method = request.method ?? 'GET';
    const body = await bodyOf(request);
    const fault = faults.take(method, decodeURIComponent(pathname));
    const obeyed = fault === undefined || fault.kind === 'late' || ('after' in fault && fault.after === true);
    asked.push({ method, path: decodeURIComponent(pathname), body });
    const answer = obeyed ? answered(request, method, pathname, query, body) : undefined;
    if (fault !== undefined) misbehave(response, fault, answer);
    else if (answer !== undefined) send(response, answer);
  }

  function answered(
    request: IncomingMessage,
    method: string,
    path: string,
    query: URLSearchParams,
    body: unknown,
  ): Reply {
    const route = MATCHERS.find((one) => one.method === method && one.pattern.test(path));
    if (route === undefined) return new Refused(5, 'Not Found').reply();
    const groups = Object.entries(route.pattern.exec(path)?.groups ?? {});
    const params = Object.fromEntries(groups.map(([name, value]) => [name, decodeURIComponent(value)]));
    const reply = attempted(() => {
      if (request.headers.authorization !== `Bearer ${token}`) throw new Refused(16, 'no session information');
      const call = { world, params, query, body };
      return route.handle(call, applicationOf(call));
    });
    const { status, body: answer } = reply;
    violations.push(...check({ method, template: route.template, query, body, status, answer }));
    return reply;
  }

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  const lever = (name: string) => {
    const application = world.applications.get(name);
    if (application === undefined) throw new RangeError(`The fake has no application ${name}`);
    return leverOf(world, application);
  };
  return { url, token, world, faults, postman: createPostman(), asked, violations, lever, close };
}

function attempted(work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused) return error.reply();
    return { status: 500, body: { error: String(error), code: 13, message: String(error) } };
  }
}

function misbehave(response: ServerResponse, fault: Fault, answer: Reply | undefined): void {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(JSON.stringify({ error: fault.message ?? 'Server Error', code: 13, message: fault.message ?? '' }));
      return;
    case 'drop':
      response.socket?.destroy();
      return;
    case 'hang':
      return;
    case 'late':
      setTimeout(() => send(response, answer ?? { status: 500 }), fault.ms).unref();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in</html>');
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const piece of request) text += piece;
  return text === '' ? undefined : JSON.parse(text);
}
