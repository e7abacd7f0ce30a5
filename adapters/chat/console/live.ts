import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../src/ports/clock.ts';

/** Tells open pages that something changed; what it is they fetch themselves, as the person they are. */
export interface Live {
  /** Where the stream of changes is now; a page carries the mark it was made at. */
  mark(): string;
  changed(): void;
  open(request: Request): Response;
  close(): void;
}

const HEARTBEAT_MS = 20_000;
/** Changes that a page may be behind before its stream is cut; it comes back by itself and is told to look again. */
const MOST_BEHIND = 50;
const MOST_PAGES = 200;

interface Listener {
  send(text: string): void;
  end(): void;
}

/** Server-sent events. The mark is new with every start, so that a page which outlived a restart looks again. */
export function makeLive(clock: Clock): Live {
  const boot = randomUUID().slice(0, 8);
  const listeners = new Set<Listener>();
  let count = 0;
  let calm: (() => void) | undefined;

  const mark = (): string => `${boot}-${count}`;
  const tell = (text: string): void => {
    for (const listener of listeners) listener.send(text);
  };
  const beat = (): void => {
    tell(': still here\n\n');
    calm = listeners.size === 0 ? undefined : clock.at(clock.now() + HEARTBEAT_MS, beat);
  };

  return {
    mark,
    changed: () => {
      count += 1;
      tell(event(mark()));
    },
    open: (request) => {
      if (listeners.size >= MOST_PAGES) return new Response('Too many open pages.\n', { status: 503 });
      const seen = request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('since');
      const first = `retry: 2000\n\n${seen === mark() ? ': nothing new\n\n' : event(mark())}`;
      const body = stream(first, listeners, request.signal);
      calm ??= clock.at(clock.now() + HEARTBEAT_MS, beat);
      return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
    },
    close: () => {
      calm?.();
      calm = undefined;
      for (const listener of listeners) listener.end();
    },
  };
}

function event(mark: string): string {
  return `id: ${mark}\nevent: changed\ndata: ${mark}\n\n`;
}

function stream(first: string, listeners: Set<Listener>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave = (): void => undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const listener: Listener = {
        send: (text) => {
          if ((controller.desiredSize ?? 0) < -MOST_BEHIND) listener.end();
          else controller.enqueue(encoder.encode(text));
        },
        end: () => {
          leave();
          controller.close();
        },
      };
      leave = () => {
        listeners.delete(listener);
        signal.removeEventListener('abort', listener.end);
      };
      listeners.add(listener);
      signal.addEventListener('abort', listener.end);
      listener.send(first);
    },
    cancel: () => leave(),
  });
}
