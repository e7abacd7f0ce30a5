import type { z } from 'zod';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { Log } from '../../../src/ports/log.ts';
import { fencedFetch, pooledFetch, unwrapped } from '../../shared/http/fenced-fetch.ts';
import { isAllowed } from './allowed.ts';
import { textOf, withDeadline } from './deadline.ts';
import { type Attempt, denied, misbehaved, refused, silent } from './failures.ts';
import type { Pace, Traffic } from './pace.ts';
import type { TeamsSettings } from './schema.ts';
import type { Tokens } from './tokens.ts';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1_000_000;

/** One call to the Bot Connector. */
export interface Call extends Attempt {
  readonly serviceUrl: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Pieces of the path after `v3`, not encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly traffic: Traffic;
  /** Whose pace it counts for. */
  readonly conversation: string;
  readonly urgent?: boolean | undefined;
  readonly fence?: Fence | undefined;
}

export interface CallParts {
  readonly settings: TeamsSettings;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace: Pace;
}

/** Makes a call and reads its answer. Throws PortFailures, and what the fence throws as it is. */
export type Caller = <Answer>(call: Call, shape: z.ZodType<Answer>) => Promise<Answer>;

export function createCaller(parts: CallParts): Caller {
  const { settings, tokens, clock, log, pace } = parts;

  /** In this order nothing is counted, and no token fetched, for what cannot be sent. */
  async function once(call: Call, send: typeof fetch): Promise<string> {
    if (!isAllowed(settings, call.serviceUrl)) {
      const sentence =
        "The address of this conversation's connector is none of serviceUrls. Add it there if it is one of Microsoft's";
      throw refused(sentence, 'service_url_not_allowed');
    }
    const url = urlOf(call);
    pace.pass(call.traffic, call.conversation, call.urgent);
    const token = await tokens.token();
    const { answer, body } = await sent(call, url, token, send);
    if (answer.ok) return body;
    log.debug({ method: call.method, url, status: answer.status }, 'teams said no');
    if (answer.status === 401) {
      const renewed = tokens.refused(token);
      log.warn({ renewed }, 'teams did not take our token');
      throw denied({ status: 401, body }, call, { renewed });
    }
    throw denied({ status: answer.status, body }, call, {
      ...(answer.status === 429 ? { retryAfterMs: pauseOf(call, answer) } : {}),
    });
  }

  function pauseOf({ traffic, conversation }: Call, answer: Response): number {
    return pace.hold(traffic, conversation, retryAfter(answer.headers.get('retry-after'), clock.now()));
  }

  async function sent(call: Call, url: string, token: string, send: typeof fetch) {
    const { method } = call;
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': 'application/json',
    };
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    const given = await withDeadline(clock, TIMEOUT_MS, async (signal) => {
      const answer = await send(url, { method, headers, ...body, signal, redirect: 'manual' });
      return { answer, body: await textOf(answer, MOST_BYTES) };
    }).catch((error: unknown) => {
      throw silent(error, call);
    });
    if (given.body === undefined) throw misbehaved('it does not end', call);
    return { answer: given.answer, body: given.body };
  }

  return async (call, shape) => {
    const { fence } = call;
    const text = await (fence === undefined
      ? once(call, pooledFetch)
      : unwrapped(fence, (asked) => once(call, fencedFetch(asked))));
    const read = shape.safeParse(parsed(text));
    if (!read.success) throw misbehaved('something is missing in it', call);
    return read.data;
  };
}

function urlOf({ serviceUrl, path, query }: Call): string {
  const { origin, pathname } = new URL(serviceUrl);
  const words = query === undefined ? '' : `?${new URLSearchParams(query)}`;
  return `${origin}${pathname.replace(/\/*$/, '')}/v3/${path.map(encoded).join('/')}${words}`;
}

/** An id as one piece of a path. Dots alone would climb out of it, however they are written. */
function encoded(id: string): string {
  if (id === '' || id === '.' || id === '..')
    throw refused('Teams has no conversation or message of this id', 'bad_id');
  return encodeURIComponent(id);
}

/** `null` for no words at all, nothing for words that are no JSON: then it was not Teams that answered. */
export function parsed(text: string): unknown {
  try {
    return text.trim() === '' ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), as milliseconds from now. */
export function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
