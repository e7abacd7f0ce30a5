import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call that an instance has made, told when it has arrived. */
export interface GateCall {
  /** Which of the callers: the place of its token in the list. -1: none of them. */
  readonly who: number;
  readonly method: string;
  readonly path: string;
  /** By `performance.now`. */
  readonly at: number;
}

/** Stands before a service, hands everything on, and knows who calls: every caller has a token of its own, or gets one here. */
export interface Gate {
  readonly url: string;
  /** Where one caller gets tokens, for services that give them out at `path`: by what it gets there it is known. */
  login(caller: number, path: string): string;
  /** Everything that has arrived. */
  readonly calls: readonly GateCall[];
  /** When the next POST to such a path arrives, by `performance.now`. */
  arrival(path: RegExp): Promise<number>;
  /**
   * The next call that fits is obeyed by the service, and its caller gets the answer only after `then`. The function returned takes
   * the wish back.
   */
  seize(fits: (call: GateCall) => boolean, then: (call: GateCall) => Promise<void>): () => void;
  close(): Promise<void>;
}

export interface GateWish {
  /** Address of the service. */
  readonly to: string;
  /** The service knows one token... */
  readonly token?: string;
  /** ...and each caller uses another, which is exchanged here. Absent: nobody is told from anybody. */
  readonly tokens?: readonly string[];
}

/** Before the path of a login: which caller it is. */
const CALLER = /^\/caller-(\d+)(?=\/)/;

interface Seizure {
  readonly fits: (call: GateCall) => boolean;
  readonly then: (call: GateCall) => Promise<void>;
}

export async function openGate({ to, token = '', tokens = [] }: GateWish): Promise<Gate> {
  const calls: GateCall[] = [];
  const seizures: Seizure[] = [];
  const given = new Map<string, number>();
  const server = createServer((incoming, outgoing) => {
    const { authorization = '' } = incoming.headers;
    const address = incoming.url ?? '/';
    const login = CALLER.exec(address)?.[1];
    const path = address.replace(CALLER, '');
    const own = tokens.findIndex((one) => authorization.endsWith(` ${one}`));
    const who = login === undefined ? (given.get(authorization) ?? own) : Number(login);
    const call = { who, method: incoming.method ?? 'GET', path, at: performance.now() };
    calls.push(call);
    const index = seizures.findIndex(({ fits }) => fits(call));
    const [seizure] = index < 0 ? [] : seizures.splice(index, 1);
    const known = tokens[own];
    const headers = known === undefined ? {} : { authorization: `${authorization.slice(0, -known.length)}${token}` };
    const hear = login === undefined ? undefined : (body: string) => void given.set(`Bearer ${tokenIn(body)}`, who);
    handOn(new URL(path, to), headers, incoming, outgoing, { before: () => seizure?.then(call), hear });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function seize(fits: Seizure['fits'], then: Seizure['then']): () => void {
    const seizure = { fits, then };
    seizures.push(seizure);
    return () => {
      const index = seizures.indexOf(seizure);
      if (index >= 0) seizures.splice(index, 1);
    };
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    login: (caller, path) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/caller-${caller}${path}`,
    calls,
    seize,
    arrival: (path) =>
      new Promise((tell) => {
        const fits = (call: GateCall) => {
          if (call.method !== 'POST' || !path.test(call.path)) return false;
          tell(call.at);
          return true;
        };
        seize(fits, async () => undefined);
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface Meanwhile {
  /** Between the service's answer and the caller's. */
  readonly before: () => Promise<void> | undefined;
  /** Is told the whole answer. */
  readonly hear: ((body: string) => void) | undefined;
}

function tokenIn(body: string): string {
  return /"access_token":"([^"]+)"/.exec(body)?.[1] ?? '';
}

function handOn(
  to: URL,
  changed: Readonly<Record<string, string>>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { before, hear }: Meanwhile,
): void {
  const headers = { ...incoming.headers, ...changed };
  const onward = request(to, { method: incoming.method ?? 'GET', headers }, async (answer) => {
    await before()?.catch(() => undefined);
    outgoing.on('error', () => undefined);
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    if (hear === undefined) return void answer.pipe(outgoing);
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    // Heard before the caller has it: its next call comes at once.
    hear(Buffer.concat(chunks).toString());
    outgoing.end(Buffer.concat(chunks));
  });
  onward.once('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
