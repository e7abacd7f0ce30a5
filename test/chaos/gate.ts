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

/** Stands before a service, hands everything on, and knows who calls: every caller has a token of its own. */
export interface Gate {
  readonly url: string;
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
  readonly token: string;
  /** ...and each caller uses another, which is exchanged here. Absent: nobody is told from anybody. */
  readonly tokens?: readonly string[];
}

interface Seizure {
  readonly fits: (call: GateCall) => boolean;
  readonly then: (call: GateCall) => Promise<void>;
}

export async function openGate({ to, token, tokens = [] }: GateWish): Promise<Gate> {
  const calls: GateCall[] = [];
  const seizures: Seizure[] = [];
  const server = createServer((incoming, outgoing) => {
    const { authorization = '' } = incoming.headers;
    const who = tokens.findIndex((one) => authorization.endsWith(` ${one}`));
    const path = incoming.url ?? '/';
    const call = { who, method: incoming.method ?? 'GET', path, at: performance.now() };
    calls.push(call);
    const index = seizures.findIndex(({ fits }) => fits(call));
    const [seizure] = index < 0 ? [] : seizures.splice(index, 1);
    const own = tokens[who];
    const headers = own === undefined ? {} : { authorization: `${authorization.slice(0, -own.length)}${token}` };
    handOn(new URL(path, to), headers, incoming, outgoing, () => seizure?.then(call));
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

function handOn(
  to: URL,
  changed: Readonly<Record<string, string>>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  before: () => Promise<void> | undefined,
): void {
  const headers = { ...incoming.headers, ...changed };
  const onward = request(to, { method: incoming.method ?? 'GET', headers }, async (answer) => {
    await before()?.catch(() => undefined);
    outgoing.on('error', () => undefined);
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.once('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
