import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** Stands between one client and a server, and can be a bad network. */
export interface PostgresProxy {
  readonly port: number;
  /** Breaks what is connected, and takes nothing new until `mend`. */
  cut(): void;
  /** Keeps everything connected and lets nothing through until `mend`; then what was on the way arrives. */
  stall(): void;
  /** From now on everything takes so many milliseconds longer, each way. */
  lag(ms: number): void;
  /** A good network again. */
  mend(): void;
  close(): Promise<void>;
}

interface Network {
  state: 'good' | 'cut' | 'stalled';
  lagMs: number;
  readonly mended: Set<() => void>;
}

/** Lets clients through to a server, from a port of loopback. */
export async function startProxy(to: { readonly host: string; readonly port: number }): Promise<PostgresProxy> {
  const network: Network = { state: 'good', lagMs: 0, mended: new Set() };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (network.state === 'cut') {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const upstream = dial(to.port, to.host);
    join(client, upstream, network, sockets);
    join(upstream, client, network, sockets);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      network.state = 'cut';
      cutAll();
    },
    stall() {
      network.state = 'stalled';
    },
    lag(ms) {
      network.lagMs = ms;
    },
    mend() {
      network.state = 'good';
      network.lagMs = 0;
      for (const go of [...network.mended]) go();
    },
    async close() {
      network.state = 'cut';
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Carries what one side says to the other, in order. */
function join(from: Socket, to: Socket, network: Network, sockets: Set<Socket>): void {
  let last: Promise<void> = Promise.resolve();
  const carry = (act: () => void) => {
    last = last.then(() => passage(network)).then(act);
  };
  sockets.add(from);
  from.setNoDelay(true);
  from.on('error', () => undefined);
  from.on('data', (chunk) => carry(() => void (to.destroyed || to.write(chunk))));
  from.on('end', () => carry(() => void to.end()));
  from.on('close', () => {
    sockets.delete(from);
    // A side that is gone takes the other along, once that has heard everything.
    carry(() => void to.destroySoon());
  });
}

async function passage(network: Network): Promise<void> {
  if (network.lagMs > 0) await new Promise((resolve) => setTimeout(resolve, network.lagMs));
  while (network.state === 'stalled') {
    await new Promise<void>((resolve) => {
      const go = () => {
        network.mended.delete(go);
        resolve();
      };
      network.mended.add(go);
    });
  }
}
