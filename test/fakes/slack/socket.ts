import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Carrier } from './delivery.ts';
import { isRecord } from './world.ts';

export interface Sockets {
  readonly carrier: Carrier;
  count(): number;
  /** Breaks every connection without a goodbye. */
  drop(): void;
  /** Slack's regular refresh: asks the app to connect anew. */
  refresh(): void;
  close(): Promise<void>;
}

const PATIENCE_MS = 5000;

/**
 * Socket Mode: says hello, sends each envelope over any one of the open connections, waits for its acknowledgement. A connection
 * that ends meanwhile has not acknowledged. Source: docs.slack.dev, Socket Mode, "using multiple connections": up to ten, and no
 * pattern may be assumed.
 *
 * @param dice seed of the choice among the connections; absent: by turns
 */
export function createSockets(server: Server, dice?: number): Sockets {
  const sockets = new WebSocketServer({ server, path: '/link/' });
  const waiting = new Map<
    string,
    { readonly over: WebSocket; readonly done: (status: number, body: unknown) => void }
  >();
  let next = dice ?? 0;

  sockets.on('connection', (socket) => {
    socket.send(JSON.stringify({ type: 'hello', num_connections: sockets.clients.size, connection_info: {} }));
    socket.on('message', (data) => {
      const said: unknown = JSON.parse(String(data));
      if (isRecord(said) && typeof said['envelope_id'] === 'string') acknowledged(said['envelope_id'], said['payload']);
    });
    socket.on('close', () => {
      for (const { over, done } of waiting.values()) if (over === socket) done(0, undefined);
    });
    socket.on('error', () => socket.terminate());
  });

  function acknowledged(envelope: string, body: unknown): void {
    waiting.get(envelope)?.done(200, isRecord(body) && Object.keys(body).length === 0 ? '' : body);
  }

  function open(): WebSocket | undefined {
    const all = [...sockets.clients].filter((socket) => socket.readyState === socket.OPEN);
    // Knuth's multiplicative generator; its high bits are the good ones.
    next = dice === undefined ? next + 1 : (Math.imul(next, 1_664_525) + 1_013_904_223) >>> 0;
    return all[(dice === undefined ? next : next >>> 16) % Math.max(1, all.length)];
  }

  const carrier: Carrier = (type, payload, envelope_id, retry) =>
    new Promise((resolve) => {
      const begin = performance.now();
      const done = (status: number, body: unknown) => {
        clearTimeout(timer);
        waiting.delete(envelope_id);
        resolve({ status, body, ms: performance.now() - begin });
      };
      const timer = setTimeout(() => done(0, undefined), PATIENCE_MS);
      const socket = open();
      if (socket === undefined) return done(0, undefined);
      waiting.set(envelope_id, { over: socket, done });
      const again = retry === undefined ? {} : { retry_attempt: retry.num, retry_reason: retry.reason };
      socket.send(
        JSON.stringify({ envelope_id, type, payload, accepts_response_payload: type !== 'events_api', ...again }),
      );
    });

  return {
    carrier,
    count: () => [...sockets.clients].filter((socket) => socket.readyState === socket.OPEN).length,
    drop: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    refresh: () => {
      for (const socket of sockets.clients) {
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }));
      }
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}
