import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Answer, refusal } from './answers.ts';
import { answer, type Request, requestOf } from './connector.ts';
import type { Fault, Faults } from './faults.ts';
import { graphOf, groupAsked } from './graph.ts';
import type { Limits } from './limits.ts';
import { isLoggedIn, keySet, logIn, openIdMetadata } from './login.ts';
import { type Call, type FakeMessage, isRecord, type Json, takenApart, type World } from './world.ts';

/** A further address of the server, e.g. the control of a fake in its own process. */
export type Extra = (path: string, body: string) => Promise<unknown> | undefined;

export interface Wiring {
  readonly faults: Faults;
  readonly limits: Limits;
  extra(): Extra | undefined;
  /** Nobody can be reached. */
  isDown(): boolean;
  /** A message of the bot is new or has changed. */
  changed(message: FakeMessage): void;
}

const SERVICE = '/teams';

/** Login, keys, Bot Connector and as much of Microsoft Graph as groups need, on loopback. */
export function createTeamsServer(world: World, wiring: Wiring): Server {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) =>
      send(response, { status: 500, body: { error: String(error) } }),
    );
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${portOf(server)}`);
    const body = await bodyOf(request);
    const isControl = url.pathname.startsWith('/_control/');
    if (wiring.isDown() && !isControl) return void request.socket.destroy();
    if (url.pathname === '/openid') return send(response, { status: 200, body: openIdMetadata(url.origin) });
    if (url.pathname === '/keys') return send(response, { status: 200, body: keySet() });
    const tenant = /^\/login\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(url.pathname)?.[1];
    if (tenant !== undefined) return perform(loginCall(url, body), request, response, () => login(tenant, body));
    if (url.pathname.startsWith(`${SERVICE}/v3/conversations`)) return connector(request, response, url, body);
    if (url.pathname.startsWith('/graph/')) return graph(request, response, url);
    const more = wiring.extra()?.(`${url.pathname}${url.search}`, body);
    if (more === undefined) return send(response, refusal(404, 'NotFound', 'There is nothing here.'));
    send(response, { status: 200, body: (await more) ?? null });
  }

  function login(tenant: string, body: string): Answer {
    return logIn(world, tenant, new URLSearchParams(body));
  }

  function connector(request: IncomingMessage, response: ServerResponse, url: URL, body: string): Promise<void> {
    const asked = requestOf(request.method ?? '', url, url.pathname.slice(SERVICE.length), parsed(body));
    const call: Call = {
      kind: asked.kind,
      method: asked.method,
      path: `${asked.path}${url.search}`,
      conversation: asked.conversation,
      body: asked.body,
      at: Date.now(),
      status: 0,
    };
    return perform(call, request, response, () => answered(asked, request.headers.authorization));
  }

  function graph(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const path = `${url.pathname}${url.search}`;
    const method = request.method ?? '';
    const call: Call = {
      kind: 'graph',
      method,
      path,
      conversation: groupAsked(url),
      body: {},
      at: Date.now(),
      status: 0,
    };
    const { authorization, consistencylevel } = request.headers;
    const consistency = typeof consistencylevel === 'string' ? consistencylevel : undefined;
    return perform(call, request, response, () => graphOf(world, { url, authorization, consistency }));
  }

  function answered(asked: Request, header: string | undefined): Answer {
    if (!isLoggedIn(world, header))
      return refusal(401, 'Unauthorized', 'Authorization has been denied for this request.');
    const wait = wiring.limits.count(asked.kind, asked.conversation);
    if (wait !== undefined) return { ...tooMany(), headers: { 'retry-after': String(wait) } };
    return answer(world, asked, wiring.changed);
  }

  /** Does a call, unless a fault befalls it. */
  async function perform(call: Call, request: IncomingMessage, response: ServerResponse, work: () => Answer) {
    world.calls.push(call);
    const fault = wiring.faults.take(call.kind, takenApart(call.conversation).base);
    const reply = (given: Answer) => {
      call.status = given.status;
      send(response, given);
    };
    if (fault?.kind === 'hang-before') return;
    if (fault?.kind === 'cut-before') return void request.socket.destroy();
    if (fault?.kind === 'status') return reply(told(fault, 503));
    if (fault?.kind === 'garbage') return reply({ status: 200, body: '<html>down for maintenance</html>' });
    const done = work();
    if (fault?.kind === 'hang-after') return;
    if (fault?.kind === 'cut-after') return void request.socket.destroy();
    if (fault?.kind === 'status-after') return reply(told(fault, 502));
    if (fault?.kind === 'late') await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 1000).unref());
    reply(done);
  }

  return server;
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** What Teams says together with a status, where it says anything. */
const WORDS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  401: ['Unauthorized', 'Authorization has been denied for this request.'],
  403: ['BotNotInConversationRoster', 'The bot is not part of the conversation roster.'],
  404: ['ConversationNotFound', 'Conversation not found.'],
  412: ['PreconditionFailed', 'Precondition failed, please try again.'],
  413: ['MessageSizeTooBig', 'Message size too large.'],
  429: ['TooManyRequests', 'Too many requests'],
  500: ['InternalServerError', 'An error has occurred.'],
  502: ['ServiceError', 'Service dependency issue.'],
  503: ['ServiceUnavailable', 'Service is unavailable.'],
};

function tooMany(): Answer {
  const [code, message] = WORDS[429] ?? ['', ''];
  return refusal(429, code, message);
}

function told(fault: Fault, usual: number): Answer {
  const status = fault.status ?? usual;
  const [code = 'ServiceError', message = 'Something is wrong.'] = WORDS[status] ?? [];
  const headers = fault.retryAfter === undefined ? {} : { headers: { 'retry-after': String(fault.retryAfter) } };
  return { ...refusal(status, fault.code ?? code, message), ...headers };
}

function loginCall({ pathname }: URL, body: string): Call {
  const form = Object.fromEntries(new URLSearchParams(body));
  return { kind: 'login', method: 'POST', path: pathname, conversation: '', body: form, at: Date.now(), status: 0 };
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  response.end(body === undefined ? '' : isText ? body : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function parsed(body: string): Json {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
