import {
  allowInsecureRequests,
  clientCredentialsGrantRequest,
  customFetch,
  processClientCredentialsResponse,
  ResponseBodyError,
} from 'oauth4webapi';
import type { Clock } from '../../../src/ports/clock.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import { pooledFetch } from '../../shared/http/fenced-fetch.ts';
import { type Read, readCredential } from './credential.ts';
import { textOf, withDeadline } from './deadline.ts';
import { misbehaved, refused, silent } from './failures.ts';
import type { TeamsSettings } from './schema.ts';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1_000_000;
/** A token is replaced so long before it ends: a call may be slow, and the login away for a while. */
const SPARE_MS = 5 * 60_000;
/** What Entra gives at least, for an answer that does not say. */
const USUAL_S = 3600;
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** The bot's own tokens for one of Microsoft's services. */
export interface Tokens {
  /** One that is good now: the one we have, else a new one by a login that all who wait share. Throws a PortFailure. */
  token(): Promise<string>;
  /** The service did not take it. True when the next token will be another one; at most one is given up in five minutes. */
  refused(token: string): boolean;
  /** Reads the secret without using it. Throws a PortFailure that says what is wrong with it. */
  check(): Promise<void>;
}

/** What differs from tokens for the Bot Connector. */
export interface TokenWish {
  readonly send?: typeof fetch;
  /** The service that they are for; `cloud.scope` of the settings when absent. */
  readonly scope?: string;
}

interface Token {
  readonly value: string;
  readonly renewAt: number;
  readonly endsAt: number;
}

/**
 * Tokens by the client credentials grant of Entra.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function createTokens(
  settings: TeamsSettings,
  read: Read,
  clock: Clock,
  { send = pooledFetch, scope = settings.cloud.scope }: TokenWish = {},
): Tokens {
  let kept: Token | undefined;
  let login: Promise<Token> | undefined;
  let givenUpAt = Number.NEGATIVE_INFINITY;

  async function renewed(): Promise<string> {
    login ??= ask({ settings, read, clock, send, scope }).finally(() => {
      login = undefined;
    });
    try {
      kept = await login;
    } catch (error) {
      // The one we have is good for some minutes more: the login may be back by then.
      if (kept === undefined || clock.now() >= kept.endsAt) throw error;
    }
    return kept.value;
  }

  return {
    token: async () => (kept !== undefined && clock.now() < kept.renewAt ? kept.value : renewed()),
    refused(token) {
      if (kept?.value !== token) return true;
      if (clock.now() - givenUpAt < SPARE_MS) return false;
      givenUpAt = clock.now();
      kept = undefined;
      return true;
    },
    check: async () => void (await readCredential(settings, read, clock, endpointOf(settings))),
  };
}

interface Asking extends Required<TokenWish> {
  readonly settings: TeamsSettings;
  readonly read: Read;
  readonly clock: Clock;
}

async function ask({ settings, read, clock, send, scope }: Asking): Promise<Token> {
  const endpoint = endpointOf(settings);
  const server = { issuer: `${base(settings)}/v2.0`, token_endpoint: endpoint };
  const client = { client_id: settings.appId };
  const credential = await readCredential(settings, read, clock, endpoint);
  const parameters = { scope };
  const start = clock.now();
  try {
    const answer = await withDeadline(clock, TIMEOUT_MS, (signal) =>
      clientCredentialsGrantRequest(server, client, credential, parameters, {
        [customFetch]: (url, init) => whole(send, url, init as RequestInit),
        [allowInsecureRequests]: isLoopback(endpoint),
        signal,
      }),
    );
    const { access_token, expires_in } = await processClientCredentialsResponse(server, client, answer);
    const life = (expires_in ?? USUAL_S) * 1000;
    // Half of its life for one that is shorter than what we like to spare.
    const renewAt = start + Math.max(life - SPARE_MS, life / 2);
    return { value: access_token, renewAt, endsAt: start + life };
  } catch (error) {
    throw loginFailure(error);
  }
}

/** The answer with its whole body, which therefore is here in time. Troubles of the login's own are told apart from a no. */
async function whole(send: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  const answer = await send(url, init);
  const text = await textOf(answer, MOST_BYTES);
  const { status } = answer;
  if (status === 429 || status >= 500) {
    throw new PortFailure(`Microsoft's login has trouble of its own (${status})`, {
      port: 'teams',
      kind: 'unreachable',
      retryable: true,
      code: `login_${status}`,
    });
  }
  if (text === undefined) throw misbehaved('a login that does not end', { nature: 'safe' });
  return new Response(text === '' ? null : text, { status, headers: { 'content-type': 'application/json' } });
}

/** Nothing was sent to Teams, so no post is in doubt. Causes are left out: they may hold what must not be shown. */
function loginFailure(error: unknown): PortFailure {
  if (error instanceof PortFailure) return error;
  if (error instanceof ResponseBodyError) return loginRefused(error);
  const isNetwork = error instanceof Error && (error.name === 'TimeoutError' || error.message === 'fetch failed');
  if (isNetwork) return silent(error, { nature: 'safe' }, "Microsoft's login");
  return misbehaved("Microsoft's login gave no token", { nature: 'safe' });
}

/** Worth another try, because an operator can mend it while the bot runs: a secret that ended is the usual reason. */
function loginRefused({ error, error_description = '' }: ResponseBodyError): PortFailure {
  const word = /^[a-z_]{1,60}$/.test(error) ? error : 'login_refused';
  const [code = word] = /^AADSTS\d{1,10}/.exec(error_description) ?? [];
  return new PortFailure(
    `Microsoft's login refuses the bot (${code === word ? word : `${code}, ${word}`}). Check appId, tenant and secret of the Teams chat; secrets and certificates end and have to be renewed`,
    { port: 'teams', kind: 'refused', retryable: true, code },
  );
}

function base({ cloud, tenant }: TeamsSettings): string {
  return `${cloud.login.replace(/\/+$/, '')}/${tenant}`;
}

/** The secret goes there: without encryption only within this machine. */
function endpointOf(settings: TeamsSettings): string {
  const endpoint = `${base(settings)}/oauth2/v2.0/token`;
  if (isSealed(endpoint)) return endpoint;
  throw refused('The address cloud.login of the Teams chat has to begin with https', 'insecure_login');
}

/** May a secret or a token go to this address? Without encryption only within this machine. */
export function isSealed(address: string): boolean {
  return new URL(address).protocol === 'https:' || isLoopback(address);
}

function isLoopback(address: string): boolean {
  return LOOPBACK.includes(new URL(address).hostname);
}
