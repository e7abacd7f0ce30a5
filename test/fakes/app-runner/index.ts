import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults, type Faults } from '../github/faults.ts';
import { ACTIONS, type Quirks, Refused } from './actions.ts';
import { type Key, signatureFault } from './signature.ts';
import { createWorld, REGION, type World } from './world.ts';

/** An App Runner on loopback, with a memory and with moods. Paths of its faults are the names of actions: `/UpdateService`. */
export interface FakeAppRunner {
  readonly url: string;
  readonly key: Key;
  readonly world: World;
  readonly quirks: Quirks;
  readonly faults: Faults;
  readonly asked: readonly string[];
  /** Requests that are not as AWS describes them; a test expects none. */
  readonly violations: readonly string[];
  close(): Promise<void>;
}

export async function startFakeAppRunner(): Promise<FakeAppRunner> {
  const key: Key = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const [world, quirks, faults] = [createWorld(), {} as Quirks, createFaults()];
  const asked: string[] = [];
  const violations: string[] = [];
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  /** JSON 1.0 of AWS: the action in a header, errors by name: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const piece of request) body += piece;
    const action = /^AppRunner\.(\w+)$/.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
    if (request.headers['content-type'] !== 'application/x-amz-json-1.0') violations.push(`${action}: no JSON 1.0`);
    asked.push(action);
    const fault = faults.take('POST', `/${action}`);
    const obeyed = fault === undefined || ('after' in fault && fault.after === true);
    const answer = obeyed ? answered(request, action, body) : undefined;
    if (fault?.kind === 'drop') response.socket?.destroy();
    else if (fault?.kind === 'garbage') response.writeHead(200).end('<html>Maintenance</html>');
    else if (fault?.kind === 'status') {
      const name = fault.message ?? 'InternalServiceErrorException';
      send(response, fault.status, { __type: `com.amazonaws.apprunner#${name}`, Message: 'Trouble.' }, fault.headers);
    } else if (fault === undefined) send(response, answer?.status ?? 500, answer?.body ?? {});
  }

  function answered(request: IncomingMessage, action: string, body: string): { status: number; body: unknown } {
    const refusal = (status: number, name: string, words: string) => ({
      status,
      body: { __type: `com.amazonaws.apprunner#${name}`, Message: words },
    });
    const fault = signatureFault(request, body, key, { service: 'apprunner', region: REGION });
    if (fault !== undefined) return refusal(400, fault, 'The security token included in the request is invalid.');
    const perform = ACTIONS[action];
    if (perform === undefined) return refusal(400, 'InvalidAction', action);
    try {
      return { status: 200, body: perform({ world, quirks, violations, input: JSON.parse(body) }) };
    } catch (error) {
      if (error instanceof Refused) return refusal(400, error.name, error.message);
      throw error;
    }
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, key, world, quirks, faults, asked, violations, close };
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers }).end(JSON.stringify(body));
}
