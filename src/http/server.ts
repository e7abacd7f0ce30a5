import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import type { Route } from '../ports/http.ts';
import type { Log } from '../ports/log.ts';
import { readBody } from './body.ts';
import { type FetchRoute, matchRoute } from './match.ts';
import type { Metrics } from './metrics.ts';
import { plainResponse, writeResponse } from './respond.ts';

export interface WebOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly routes: readonly Route[];
  readonly log: Log;
  readonly clock: Clock;
  readonly metrics?: Pick<Metrics, 'served'>;
  /** Requests under way get this long to finish when the server closes. */
  readonly graceMs?: number;
}

export interface Web {
  readonly address: { readonly host: string; readonly port: number; readonly url: string };
  /** Takes nothing new, ends event streams, lets requests under way finish within the grace; safe to call twice. */
  close(): Promise<void>;
}

/** Bodies of fetch-style routes; Node-style ones belong to SDKs with limits of their own. */
const BODY_LIMIT = 1_048_576;
const GRACE_MS = 10_000;
/** What is left of a body that was refused is read and thrown away this long, so that the sender gets to read the answer. */
const LINGER_MS = 500;

/** Starts the one web server. Throws the listening error of Node, e.g. EADDRINUSE. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const streams = new Set<() => void>();
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 });
  let closing: Promise<void> | undefined;
  server.on('request', (incoming, outgoing) => {
    measure(incoming, outgoing, options);
    // A connection that was busy when the server closed would otherwise be kept for another request.
    outgoing.once('close', () => closing && setImmediate(() => server.closeIdleConnections()));
    void serve(incoming, outgoing, options, streams);
  });
  await listening(server, options);
  return {
    address: addressOf(server, options.host),
    close: () => {
      closing ??= closed(server, options, streams);
      return closing;
    },
  };
}

type Streams = Set<() => void>;

/** Event streams last as long as somebody looks; their length says nothing. */
function measure(incoming: IncomingMessage, outgoing: ServerResponse, { clock, metrics }: WebOptions): void {
  const began = clock.now();
  outgoing.once('close', () => {
    if (isEventStream(outgoing.getHeader('content-type'))) return;
    metrics?.served(incoming.method ?? '', outgoing.statusCode, clock.now() - began);
  });
}

function isEventStream(type: unknown): boolean {
  return String(type).startsWith('text/event-stream');
}

/** Never rejects: whatever goes wrong is logged here, and the other side is told as much as it may know. */
async function serve(incoming: IncomingMessage, outgoing: ServerResponse, options: WebOptions, streams: Streams) {
  try {
    await dispatch(incoming, outgoing, options, streams);
  } catch (error) {
    const reference = randomUUID().slice(0, 8);
    const path = incoming.url?.split('?')[0];
    options.log.error({ reference, method: incoming.method, path, error }, 'a web request failed');
    if (outgoing.headersSent) outgoing.destroy();
    else await writeResponse(wentWrong(reference), outgoing, true).catch(() => outgoing.destroy());
  }
}

function wentWrong(reference: string): Response {
  return plainResponse(500, `Something went wrong here. The operator finds it in the log under ${reference}.`);
}

async function dispatch(incoming: IncomingMessage, outgoing: ServerResponse, options: WebOptions, streams: Streams) {
  const method = incoming.method ?? 'GET';
  const url = urlOf(incoming);
  if (url === undefined) return writeResponse(plainResponse(400, 'This is not an address.'), outgoing, true);
  const match = matchRoute(options.routes, method, url.pathname);
  switch (match.kind) {
    case 'node':
      return match.route.node(incoming, outgoing);
    case 'fetch':
      return fetchStyle(match.route, url, { incoming, outgoing, options, streams });
    case 'wrong-method': {
      const allow = match.allowed.join(', ');
      return writeResponse(plainResponse(405, `Use ${allow} here.`, { allow }), outgoing, method !== 'HEAD');
    }
    case 'none':
      return writeResponse(plainResponse(404, 'There is nothing here.'), outgoing, method !== 'HEAD');
  }
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly options: WebOptions;
  readonly streams: Streams;
}

async function fetchStyle(
  route: FetchRoute,
  url: URL,
  { incoming, outgoing, options, streams }: Exchange,
): Promise<void> {
  const read = await readBody(incoming, BODY_LIMIT);
  if (read.kind === 'broken') {
    outgoing.destroy();
    return;
  }
  if (read.kind === 'too-large') {
    await refuseLarge(incoming, outgoing, options.clock);
    return;
  }
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const request = new Request(url, {
    method: route.method,
    headers: headersOf(incoming),
    signal: gone.signal,
    ...(route.method === 'POST' ? { body: new Uint8Array(read.body) } : {}),
  });
  const response = await route.handle(request);
  // An event stream would never end by itself; its reader connects again, to whoever is there then.
  const end = () => outgoing.end();
  if (isEventStream(response.headers.get('content-type'))) {
    streams.add(end);
    outgoing.once('close', () => streams.delete(end));
  }
  await writeResponse(response, outgoing, incoming.method !== 'HEAD');
}

async function refuseLarge(incoming: IncomingMessage, outgoing: ServerResponse, clock: Clock): Promise<void> {
  const words = `This is too large. At most ${BODY_LIMIT / 1024 / 1024} MB are taken.`;
  incoming.resume();
  outgoing.once('finish', () => clock.at(clock.now() + LINGER_MS, () => incoming.socket.destroy()));
  await writeResponse(plainResponse(413, words, { connection: 'close' }), outgoing, true);
}

const HOST = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;

/** Only the form `/path?query` is served; the host is what the other side says it is, for whoever wants to check it. */
function urlOf(incoming: IncomingMessage): URL | undefined {
  const target = incoming.url ?? '';
  const host = incoming.headers.host ?? 'localhost';
  if (!target.startsWith('/') || !HOST.test(host)) return undefined;
  const url = `http://${host}${target}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

function listening(server: Server, { host, port }: WebOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function addressOf(server: Server, host: string): Web['address'] {
  const { port } = server.address() as AddressInfo;
  return { host, port, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}` };
}

function closed(server: Server, { clock, graceMs = GRACE_MS }: WebOptions, streams: Streams): Promise<void> {
  return new Promise((resolve) => {
    const calledOff = clock.at(clock.now() + graceMs, () => server.closeAllConnections());
    server.close(() => {
      calledOff();
      resolve();
    });
    for (const end of streams) end();
    server.closeIdleConnections();
  });
}
