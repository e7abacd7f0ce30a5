import type { Logger } from '@slack/bolt';
import { LogLevel } from '@slack/bolt';
import { type FetchFunction, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Fence } from '../../../src/ports/fence.ts';
import type { Log } from '../../../src/ports/log.ts';
import { fencedFetch, pooledFetch } from '../../shared/http/fenced-fetch.ts';
import { PACE } from './limits.ts';

const TIMEOUT_MS = 10_000;

/**
 * How we call Slack: no retries of the SDK (it repeats posts after a 500, which doubles messages), no waiting for rate limits
 * (it would stop every channel), ten seconds at most.
 */
export function clientOptions(log: Log, apiUrl: string | undefined): WebClientOptions {
  return {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    fetch: patience(pooledFetch),
    logger: sdkLogger(log),
    allowAbsoluteUrls: false,
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  };
}

/** Slack's Web API: one client for everything, and one of its own for each call that stands behind a fence. */
export interface Clients {
  readonly open: WebClient;
  /** Asks the fence right before the bytes of the request are written, behind whatever the SDK prepares or lets wait. */
  fenced(fence: Fence | undefined): WebClient;
}

/** @param options as `clientOptions` makes them */
export function createClients(token: string, options: WebClientOptions): Clients {
  const open = new WebClient(token, options);
  return {
    open,
    // Making one costs a tenth of a millisecond; the SDK offers no way to tell its fetch whose call it carries.
    fenced: (fence) => (fence === undefined ? open : new WebClient(token, { ...options, fetch: behind(fence) })),
  };
}

function behind(fence: Fence): FetchFunction {
  return patience(fencedFetch(fence));
}

/** A 429 without a usable Retry-After is one with our own; an answer by `response_url`, too, ends in time. */
const patience =
  (send: typeof fetch): FetchFunction =>
  async (url, init) => {
    const response = await send(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status !== 429 || Number.parseInt(response.headers.get('retry-after') ?? '', 10) >= 0) return response;
    return new Response(null, { status: 429, headers: { 'retry-after': String(PACE.unknownRetryMs / 1000) } });
  };

/** The SDK's chatter in our log. Its debug lines hold whole requests and are dropped. */
export function sdkLogger(log: Log): Logger {
  const said = (words: readonly unknown[]) => ({ said: words.map(String).join(' ').slice(0, 500) });
  return {
    debug: () => undefined,
    info: (...words) => log.debug(said(words), 'slack sdk'),
    warn: (...words) => log.warn(said(words), 'slack sdk warned'),
    error: (...words) => log.error(said(words), 'slack sdk failed'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
