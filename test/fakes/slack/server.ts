import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Fault, Faults } from './faults.ts';
import { type Answer, callMethod, contentFault, version } from './web-api.ts';
import { freshTs, isRecord, type Json, type World } from './world.ts';

const HALF_HOUR_MS = 30 * 60_000;

/** A further address of the server, e.g. the control of a fake in its own process. */
export type Extra = (path: string, body: string) => Promise<unknown> | undefined;

/** Web API and response_url addresses on loopback. */
export function createApiServer(world: World, faults: Faults, extra: () => Extra | undefined): Server {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => send(response, 500, { error: String(error) }));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const body = await bodyOf(request);
    if (pathname.startsWith('/api/')) return api(request, response, pathname.slice('/api/'.length), body);
    if (pathname.startsWith('/hooks/')) return hook(response, pathname.slice('/hooks/'.length), body);
    const answer = extra()?.(`${pathname}${search}`, body);
    if (answer === undefined) return send(response, 404, { error: 'not_found' });
    send(response, 200, (await answer) ?? null);
  }

  async function api(request: IncomingMessage, response: ServerResponse, method: string, body: string): Promise<void> {
    const { token: inBody, ...args } = argumentsOf(request, body);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? String(inBody ?? '');
    const call = { method, args, at: Date.now(), outcome: 'ok' };
    world.calls.push(call);
    const fault = faults.take(method, String(args['channel'] ?? ''));
    if (fault !== undefined) call.outcome = fault.kind;
    if (fault !== undefined && before(fault, response, request)) return;
    const answer = callMethod(world, method, token, args, portOf(server));
    if (fault === undefined && !answer.ok) call.outcome = answer.error;
    await after(fault, answer, response, request);
  }

  async function hook(response: ServerResponse, id: string, body: string): Promise<void> {
    const held = world.hooks.get(id);
    world.calls.push({ method: 'response_url', args: parsed(body), at: Date.now(), outcome: 'ok' });
    const fault = faults.take('response_url', held?.channel ?? '');
    if (fault !== undefined && before(fault, response, undefined)) return;
    if (held === undefined || held.expired || held.uses >= 5 || Date.now() - held.at > HALF_HOUR_MS) {
      return send(response, 404, { ok: false, error: held === undefined ? 'no_such_url' : 'expired_url' });
    }
    held.uses += 1;
    const args = parsed(body);
    const bad = contentFault(args, 40_000);
    if (bad !== undefined) return send(response, 400, bad);
    const thread = typeof args['thread_ts'] === 'string' ? args['thread_ts'] : held.thread;
    world.messages.push({
      channel: held.channel,
      ts: freshTs(world),
      user: world.botUser,
      broadcast: false,
      deleted: false,
      versions: [version(args)],
      ...(thread === undefined ? {} : { thread }),
      ...(args['response_type'] === 'in_channel' ? {} : { only: held.user }),
    });
    if (fault?.kind === '500-after') return send(response, 500, {});
    send(response, 200, { ok: true });
  }

  return server;
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Misbehaviour instead of work. True: the call has been answered (or never will be). */
function before(fault: Fault, response: ServerResponse, request: IncomingMessage | undefined): boolean {
  switch (fault.kind) {
    case '500-before':
      send(response, 500, 'a gateway says no');
      return true;
    case '429':
      response.writeHead(429, fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }).end();
      return true;
    case 'drop-before':
      (request ?? response).socket?.destroy();
      return true;
    case 'error':
      send(response, 200, { ok: false, error: fault.error ?? 'internal_error' });
      return true;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>down for maintenance</html>');
      return true;
    case 'silent':
      return true;
    case '500-after':
    case 'drop-after':
    case 'late':
      return false;
  }
}

/** The answer, or misbehaviour after the work was done. */
async function after(
  fault: Fault | undefined,
  answer: Answer,
  response: ServerResponse,
  request: IncomingMessage,
): Promise<void> {
  if (fault?.kind === '500-after') return send(response, 500, 'accepted, but');
  if (fault?.kind === 'drop-after') return void request.socket.destroy();
  if (fault?.kind === 'late') await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 1000).unref());
  send(response, 200, answer);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** Form or JSON; structured arguments come as JSON in a form. */
function argumentsOf(request: IncomingMessage, body: string): Json {
  if ((request.headers['content-type'] ?? '').startsWith('application/json')) return parsed(body);
  const entries = [...new URLSearchParams(body)].map(([key, value]) => [
    key,
    /^[[{]/.test(value) ? structured(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function structured(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function parsed(body: string): Json {
  const value = structured(body);
  return isRecord(value) ? value : {};
}
