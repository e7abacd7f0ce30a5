import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createFaults, type Fault, type Faults } from '../github/faults.ts';
import { createChecker } from './description.ts';
import { createPostman, type Postman } from './echo.ts';
import { leverOf, type RunLever } from './lever.ts';
import { Refused, type Reply, ROUTES } from './routes.ts';
import { refusalShape } from './shapes.ts';
import type { Quirks, World } from './world.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly user: string;
}

/** A Gate, with an Orca behind it, on loopback. */
export interface FakeSpinnaker {
  readonly url: string;
  readonly token: string;
  readonly password: string;
  readonly world: World;
  readonly quirks: Quirks;
  readonly faults: Faults;
  readonly postman: Postman;
  readonly asked: readonly Asked[];
  /** Requests and answers that are not as Gate describes them; a test expects none. */
  readonly violations: readonly string[];
  run(id: string): RunLever;
  close(): Promise<void>;
}

export interface FakeSpinnakerOptions {
  /** Milliseconds since 1970; the real time when absent. */
  readonly clock?: () => number;
  /** Asks for client certificates that `ca` vouches for, and takes no other login. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca: string };
}

const MATCHERS = ROUTES.map(([method, template, handle]) => ({
  method,
  template,
  handle,
  pattern: new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

export async function startFakeSpinnaker({
  clock = () => Date.now(),
  tls,
}: FakeSpinnakerOptions = {}): Promise<FakeSpinnaker> {
  const [token, password] = ['a token of the service account countersign', 'correct horse: battery'];
  const world: World = { pipelines: [], executions: [], now: clock };
  const quirks: Quirks = { lacksRole: false, loginPage: false };
  const [faults, postman, check] = [createFaults(), createPostman(), createChecker()];
  const [asked, violations]: [Asked[], string[]] = [[], []];
  const listen = (request: IncomingMessage, response: ServerResponse) => void handle(request, response);
  const strict = { requestCert: true, rejectUnauthorized: false };
  const server = tls === undefined ? createServer(listen) : createSecureServer({ ...tls, ...strict }, listen);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const basic = `Basic ${Buffer.from(`countersign:${password}`).toString('base64')}`;

  /** Who calls. Gate believes the header of the name only besides a login here. */
  function userOf({ headers, socket }: IncomingMessage): string | undefined {
    const fits = [`Bearer ${token}`, basic].includes(headers.authorization ?? '');
    const known = tls === undefined ? fits : (socket as TLSSocket).authorized;
    return known ? String(headers['x-spinnaker-user'] ?? 'countersign') : undefined;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', url);
    const method = request.method ?? 'GET';
    const text = Buffer.concat(await request.toArray()).toString();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const fault = faults.take(method, decodeURIComponent(pathname));
    const obeyed = fault === undefined || fault.kind === 'late' || ('after' in fault && fault.after === true);
    const user = userOf(request);
    asked.push({
      method,
      path: decodeURIComponent(pathname),
      query: Object.fromEntries(query),
      body,
      user: user ?? '',
    });
    const reply = obeyed ? answered(method, pathname, query, body, user) : undefined;
    if (fault !== undefined) misbehave(response, fault, reply);
    else if (reply !== undefined) send(response, reply);
  }

  function answered(method: string, path: string, query: URLSearchParams, body: unknown, user?: string): Reply {
    if (user === undefined && quirks.loginPage) return { status: 302, headers: { location: `${url}/login` } };
    if (user === undefined) return { status: 401, body: refusalShape(401, 'Unauthorized') };
    const route = MATCHERS.find((one) => one.method === method && one.pattern.test(path));
    if (route === undefined) return { status: 404, body: refusalShape(404, 'No message available') };
    const groups = Object.entries(route.pattern.exec(path)?.groups ?? {});
    const params = Object.fromEntries(groups.map(([name, value]) => [name, decodeURIComponent(value)]));
    const reply = attempted(() => route.handle({ world, quirks, params, query, body, user }));
    const { status, body: answer } = reply;
    violations.push(...check({ method, template: route.template, query, body, status, answer }));
    return reply;
  }

  function run(id: string): RunLever {
    const execution = world.executions.find((one) => one.id === id);
    if (execution === undefined) throw new RangeError(`The fake has no run ${id}`);
    return leverOf(world, postman, execution);
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  return { url, token, password, world, quirks, faults, postman, asked, violations, run, close };
}

function attempted(work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    const status = error instanceof Refused ? error.status : 500;
    return { status, body: refusalShape(status, error instanceof Error ? error.message : String(error)) };
  }
}

function misbehave(response: ServerResponse, fault: Fault, reply: Reply | undefined): void {
  switch (fault.kind) {
    case 'status': {
      const body = refusalShape(fault.status, fault.message ?? 'Server Error');
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
      setTimeout(() => send(response, reply ?? { status: 500 }), fault.ms).unref();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in</html>');
  }
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
