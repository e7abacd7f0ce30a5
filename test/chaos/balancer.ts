import { createServer, type OutgoingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dice } from './dice.ts';

/** As load balancers have it: so long an answer may take, in milliseconds. */
const PATIENCE_MS = 6000;

/** One address for all instances. */
export interface Balancer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Gives every request to any one of the backends, by the dice, and to the next one when the first does not take the connection. What
 * was taken and is not answered is not given to another: nobody knows what became of it.
 * @param backends addresses of those that were healthy when last looked at
 */
export async function startBalancer(backends: () => readonly string[], dice: Dice): Promise<Balancer> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const left = [...backends()];
    while (left.length > 0) {
      const [backend = ''] = left.splice(dice.between(0, left.length - 1), 1);
      const answer = await asked(new URL(incoming.url ?? '/', backend), {
        method: incoming.method ?? 'GET',
        headers: incoming.headers,
        body: Buffer.concat(chunks),
      });
      if (answer === 'refused') continue;
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.end(answer.body);
      return;
    }
    outgoing.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface Question {
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** `refused`: it was not even taken, so that another may be asked. */
function asked(to: URL, { method, headers, body }: Question): Promise<Answer | 'refused'> {
  return new Promise((resolve) => {
    const call = request(to, { method, headers, agent: false, timeout: PATIENCE_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 502, headers: response.headers, body: Buffer.concat(chunks) }),
      );
      response.on('error', () => resolve({ status: 502, headers: {}, body: Buffer.alloc(0) }));
    });
    call.on('timeout', () => {
      resolve({ status: 504, headers: {}, body: Buffer.alloc(0) });
      call.destroy();
    });
    call.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'refused' : { status: 502, headers: {}, body: Buffer.alloc(0) }),
    );
    call.end(body);
  });
}
