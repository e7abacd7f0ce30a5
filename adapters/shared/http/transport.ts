import type { Clock } from '../../../src/ports/clock.ts';
import { pooledFetch } from './fenced-fetch.ts';

/** Why a call was broken off; told apart from a broken connection by its name. */
class TooSlow extends Error {
  constructor() {
    super('no answer in time');
    this.name = 'TooSlow';
  }
}

/** Was the call behind this error broken off because it took too long? */
export function isTooSlow(error: unknown): boolean {
  let at: unknown = error;
  while (at instanceof Error) {
    if (at instanceof TooSlow) return true;
    at = at.cause;
  }
  return false;
}

const BODILESS = [101, 204, 205, 304];

/**
 * `fetch` with one deadline for the answer and its whole body. The deadline stands here, around each single call, so that time
 * spent waiting for a free slot does not count against it.
 * @param send what carries the call; the plain one unless said otherwise
 */
export function fetchWithin(clock: Clock, milliseconds: number, send = pooledFetch): typeof fetch {
  return async function timedFetch(input, init): Promise<Response> {
    const controller = new AbortController();
    const relax = clock.at(clock.now() + milliseconds, () => controller.abort(new TooSlow()));
    try {
      const answer = await send(input, { ...init, signal: controller.signal });
      const body = await answer.arrayBuffer();
      const { status, statusText, headers } = answer;
      return new Response(BODILESS.includes(status) ? null : body, { status, statusText, headers });
    } finally {
      relax();
    }
  };
}

/** The last `bytes` of what stands at an address, read as a stream so that a log of any size fits. No credentials are sent but those given. */
export async function fetchTail(
  clock: Clock,
  url: string,
  bytes: number,
  milliseconds: number,
  how: { readonly fetch?: typeof fetch; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<TailAnswer> {
  const controller = new AbortController();
  const relax = clock.at(clock.now() + milliseconds, () => controller.abort(new TooSlow()));
  try {
    const { fetch: send = fetch, headers } = how;
    const { signal } = controller;
    const first = await send(url, { signal, headers: { ...headers }, redirect: 'manual' });
    // Where the text is kept elsewhere the address itself is the permission, and our own login is nobody's business.
    const elsewhere = first.status >= 300 && first.status < 400 ? first.headers.get('location') : null;
    const answer = elsewhere === null ? first : await send(new URL(elsewhere, url), { signal });
    let tail = Buffer.alloc(0);
    for await (const piece of answer.body ?? []) {
      tail = Buffer.concat([tail, piece]);
      if (tail.length > 2 * bytes) tail = tail.subarray(-bytes);
    }
    return { status: answer.status, text: tail.subarray(-bytes).toString('utf8') };
  } finally {
    relax();
  }
}

export interface TailAnswer {
  readonly status: number;
  readonly text: string;
}
