/**
 * The public port of one environment: `node front.ts <demo folder> <environment>`. Hands each request to whichever version is live at
 * that moment. Ends by itself when the demo is removed, or when another front has taken its place.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { markOf } from '../../adapters/pipeline/local/processes.ts';
import { DemoRecord, demoPlaces, isDemoEnvironment, Live, readRecord, Serving, writeRecord } from './places.ts';

const LOOK_MS = 1_000;
/** A version that is just being replaced may be gone between our look and our call: look and call again. */
const TRIES = 5;
const AGAIN_MS = 50;

const [, , folder = '', environment] = process.argv;
if (!isDemoEnvironment(environment)) throw new Error('Usage: front.ts <demo folder> <environment>');
const places = demoPlaces(folder);
const livePath = places.live(environment);
const port = readRecord(places.record, DemoRecord)?.ports[environment];
const mark = markOf(process.pid);
if (port === undefined || mark === undefined) throw new Error('There is no demo in this folder.');

const server = createServer((incoming, outgoing) => hand(incoming, outgoing, TRIES));
server.once('error', (error: NodeJS.ErrnoException) => {
  const taken = `Error: the port ${port} is used by another program. Stop that one, or set the demo up with other ports.`;
  process.stderr.write(`${error.code === 'EADDRINUSE' ? taken : String(error)}\n`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => {
  writeRecord(places.front(environment), { ...mark, port } satisfies Serving);
  setInterval(() => {
    if (readRecord(places.record, DemoRecord) === undefined) process.exit(0);
    if (readRecord(places.front(environment), Serving)?.pid !== process.pid) process.exit(0);
  }, LOOK_MS);
});
process.on('SIGTERM', () => process.exit(0));

function hand(incoming: IncomingMessage, outgoing: ServerResponse, tries: number): void {
  const live = readRecord(livePath, Live);
  if (live === undefined) {
    answer(outgoing, 503, 'Nothing is deployed here yet. Ask for it with /deploy.');
    return;
  }
  const call = request(
    {
      host: '127.0.0.1',
      port: live.port,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, connection: 'close' },
      agent: false,
    },
    (reply) => {
      const { connection: _ours, ...headers } = reply.headers;
      outgoing.writeHead(reply.statusCode ?? 502, headers);
      reply.pipe(outgoing);
      reply.on('error', () => outgoing.destroy());
    },
  );
  call.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else if (tries > 1 && isRepeatable(incoming)) setTimeout(() => hand(incoming, outgoing, tries - 1), AGAIN_MS);
    else answer(outgoing, 502, 'The live version does not answer.');
  });
  outgoing.on('close', () => call.destroy());
  incoming.pipe(call);
}

function isRepeatable(incoming: IncomingMessage): boolean {
  return incoming.method === 'GET' || incoming.method === 'HEAD';
}

function answer(outgoing: ServerResponse, status: number, words: string): void {
  outgoing
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${words}\n`);
}
