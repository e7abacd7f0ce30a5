import { createPrivateKey } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import type { AdapterTools } from '../adapter.ts';
import type { Fetches } from '../http/fenced-fetch.ts';
import { fetchWithin } from '../http/transport.ts';
import { keyFailure } from './failure.ts';
import type { Connection } from './schema.ts';

/** Of 2022-11-28; the later version would drop the answers that GitHub Enterprise Server still gives. */
export const API_VERSION = '2022-11-28';

/** Answers that a second try a moment later would only repeat. */
const ANSWERED = [400, 401, 403, 404, 409, 410, 422, 429, 451];

const Patient = Octokit.plugin(throttling, retry);

/** Two ways to the same GitHub with the same login. */
interface Sdk {
  readonly reads: Octokit;
  readonly writes: Octokit;
}

/**
 * The SDK, with everything switched off that would repeat a call behind our back: only a read is retried, once, a moment later.
 * Rate limits are reported, not waited for: the engine decides when to ask again. Writes are never repeated and have a pacer of
 * our own, so they go without the plugins, whose queues would hold up each call by ten milliseconds.
 */
export async function createOctokit(
  connection: Connection,
  tools: AdapterTools,
  timeoutMs: number,
  id: string,
  ways: Fetches,
): Promise<Sdk> {
  const log = quiet(tools);
  const common = {
    baseUrl: connection.apiUrl.replace(/\/+$/, ''),
    userAgent: 'countersign',
    log,
    request: { fetch: fetchWithin(tools.clock, timeoutMs, ways.plain), log },
  };
  const reads = new Patient({
    ...common,
    ...(await login(connection, tools, id)),
    retry: { retries: 1, retryAfterBaseValue: 250, doNotRetry: ANSWERED },
    throttle: {
      id,
      // The SDK asks for a whole Bottleneck group, of which it uses only this much.
      write: UNPACED as never,
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
  });
  return { reads, writes: new Octokit({ ...common, authStrategy: () => reads.auth }) };
}

async function login({ auth }: Connection, { secrets }: AdapterTools, id: string): Promise<Record<string, unknown>> {
  if ('token' in auth) return { auth: await secrets.read(auth.token) };
  const privateKey = await secrets.read(auth.privateKey);
  if (!isKey(privateKey)) throw keyFailure(id);
  const { appId, installationId } = auth;
  return { authStrategy: createAppAuth, auth: { appId, installationId, privateKey } };
}

/** Looked at here, because the SDK would only stumble over it with the first call. */
function isKey(text: string): boolean {
  try {
    createPrivateKey(text);
    return true;
  } catch {
    return false;
  }
}

/** Only GraphQL is left of what the SDK takes for writes, and ours only reads: it would wait a second each time. */
const UNPACED = {
  key: () => ({
    schedule: (_options: unknown, job: (...values: readonly unknown[]) => unknown, ...values: readonly unknown[]) =>
      job(...values),
  }),
};

function quiet({ log }: AdapterTools) {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string) => log.debug({ message }, 'The GitHub SDK warns'),
    error: (message: string) => log.debug({ message }, 'The GitHub SDK reports an error'),
  };
}
