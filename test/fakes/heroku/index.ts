import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults, type Faults } from '../github/faults.ts';
import { notFound, type Quirks, type Reply, ROUTES } from './routes.ts';
import { createWorld, type World } from './world.ts';

/** A Heroku on loopback, with a memory and with moods. */
export interface FakeHeroku {
  /** Base address of the Platform API. */
  readonly url: string;
  readonly token: string;
  readonly world: World;
  readonly quirks: Quirks;
  readonly faults: Faults;
  readonly asked: readonly { readonly method: string; readonly path: string; readonly status: number }[];
  /** Requests and answers that are not as Heroku describes them; a test expects none. */
  readonly violations: readonly string[];
  close(): Promise<void>;
}

export async function startFakeHeroku(token = 'HRKU-fake-token-of-the-tests'): Promise<FakeHeroku> {
  const [world, quirks, faults] = [createWorld(), {} as Quirks, createFaults()];
  const asked: { method: string; path: string; status: number }[] = [];
  const violations: string[] = [];
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', method = 'GET'] = [(request.url ?? '').split('?')[0], request.method];
    const body = await bodyOf(request);
    if (path.startsWith('/_output/')) return send(response, outputOf(path, request));
    const fault = faults.take(method, path);
    const after = fault !== undefined && 'after' in fault && fault.after === true;
    const reply =
      fault === undefined || after ? conditional(request, answered(request, method, path, body)) : undefined;
    asked.push({ method, path, status: fault?.kind === 'status' ? fault.status : (reply?.status ?? 0) });
    if (fault?.kind === 'drop') response.socket?.destroy();
    else if (fault?.kind === 'status') {
      const said = { id: 'rate_limit', message: fault.message ?? 'Trouble of our own.' };
      send(response, { status: fault.status, body: said, headers: fault.headers ?? {} });
    } else if (fault !== undefined) send(response, { status: 200, body: '<html>Application error</html>' });
    else if (reply !== undefined) send(response, reply);
  }

  function answered(request: IncomingMessage, method: string, path: string, body: Record<string, unknown>): Reply {
    if (request.headers.authorization !== `Bearer ${token}`) {
      return { status: 401, body: { id: 'unauthorized', message: 'Invalid credentials provided.' } };
    }
    const accept = request.headers.accept ?? '';
    if (!/^application\/vnd\.heroku\+json; version=3(\.|$)/.test(accept)) violations.push(`no version in "${accept}"`);
    const [, name = '', rest = ''] = /^\/apps\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const app = world.apps.get(name);
    if (app === undefined) return notFound('app');
    for (const [verb, pattern, handler] of ROUTES) {
      const match = verb === method ? pattern.exec(rest) : null;
      if (match === null) continue;
      const range = request.headers.range;
      return handler({ world, quirks, origin, app, id: match[1] ?? '', accept, range, body, violations });
    }
    return notFound('page');
  }

  /** The address is the permission, so whoever shows a login here has given it away. */
  function outputOf(path: string, request: IncomingMessage): Reply {
    if (request.headers.authorization !== undefined) violations.push('the login was sent to the store of outputs');
    const id = path.replace('/_output/', '');
    const all = [...world.apps.values()].flatMap(({ builds, releases }) => [...builds, ...releases]);
    const found = all.find((one) => one.id === id);
    return found?.output === undefined ? { status: 404 } : { status: 200, body: found.output };
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  return { url: origin, token, world, quirks, faults, asked, violations, close };
}

function conditional(request: IncomingMessage, answer: Reply): Reply {
  if (request.method !== 'GET' || answer.status !== 200) return answer;
  const etag = `"${createHash('sha1').update(JSON.stringify(answer.body)).digest('hex')}"`;
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
  return { ...answer, headers: { ...answer.headers, etag } };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'ratelimit-remaining': '4400', ...headers }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const piece of request) text += piece;
  return text === '' ? {} : JSON.parse(text);
}
