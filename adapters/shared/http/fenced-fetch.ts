import { getCACertificates } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch as send } from 'undici';
import type { Fence } from '../../../src/ports/fence.ts';

// biome-ignore lint/style/noProcessEnv: Node's own fetch looks there too (https://nodejs.org/api/cli.html#node_use_env_proxy1)
const proxied = process.env['NODE_USE_ENV_PROXY'] === '1';
const agent = connections();

/** Who we are to servers that ask for a certificate (mutual TLS), both as PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** A way to the network of its own, which keeps connections open for the next call. */
function connections(authority?: string, client?: ClientCertificate): Dispatcher {
  if (authority === undefined && client === undefined) return proxied ? new EnvHttpProxyAgent() : new Agent();
  const tls = {
    // Beside those that are trusted anyway: Node takes a list of its own for all there is.
    ...(authority === undefined ? {} : { ca: [...getCACertificates('default'), authority] }),
    ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
  };
  return proxied ? new EnvHttpProxyAgent({ requestTls: tls }) : new Agent({ connect: tls });
}

/** Ways to the same servers: a plain one, and one behind a fence. Both share their connections. */
export interface Fetches {
  readonly plain: typeof fetch;
  /** See `fencedFetch`. */
  fenced(fence: Fence): typeof fetch;
}

/**
 * @param authority certificates (PEM) of a private authority that these calls trust beside the usual ones
 * @param client shown to servers that ask for it
 */
export function fetchesOf(authority?: string, client?: ClientCertificate): Fetches {
  if (authority === undefined && client === undefined) return { plain: pooledFetch, fenced: fencedFetch };
  const own = connections(authority, client);
  return { plain: (input, init) => sent(input, init, own), fenced: (fence) => fencedOver(own, fence) };
}

/** Calls the fence when a connection is there and the request is about to be written to it, and again whenever that is repeated. */
function fenced(fence: Fence, handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller, context) {
      fence();
      handler.onRequestStart?.(controller, context);
    },
    onRequestUpgrade: (...all) => handler.onRequestUpgrade?.(...all),
    onResponseStart: (...all) => handler.onResponseStart?.(...all),
    onResponseData: (...all) => handler.onResponseData?.(...all),
    onResponseEnd: (...all) => handler.onResponseEnd?.(...all),
    onResponseError: (...all) => handler.onResponseError?.(...all),
  };
}

/** `fetch` over connections that the fenced one shares: what was asked before has opened them. */
export const pooledFetch: typeof fetch = (input, init) => sent(input, init, agent);

/**
 * `fetch` that asks a fence in the last moment that there is. Asking before the call is too early: a process that is frozen while it
 * connects writes the request as soon as it is thawed, before any of its timers runs.
 * @throws what the fence throws, as it is; then nothing was sent
 */
export function fencedFetch(fence: Fence): typeof fetch {
  return fencedOver(agent, fence);
}

function fencedOver(over: Dispatcher, fence: Fence): typeof fetch {
  return (input, init) =>
    unwrapped(fence, async (asked) => {
      const dispatcher = over.compose((dispatch) => (options, handler) => dispatch(options, fenced(asked, handler)));
      asked();
      return await sent(input, init, dispatcher);
    });
}

/**
 * Does work behind a fence whose failure shall come through as it is: on the way it would be wrapped as a fault of the network, which
 * would leave the call in doubt.
 */
export async function unwrapped<T>(fence: Fence, work: (asked: Fence) => Promise<T>): Promise<T> {
  let stopped: { readonly by: unknown } | undefined;
  const asked: Fence = () => {
    try {
      fence();
    } catch (error) {
      stopped = { by: error };
      throw error;
    }
  };
  try {
    return await work(asked);
  } catch (error) {
    throw stopped === undefined ? error : stopped.by;
  }
}

// The library's types and those of Node's own fetch are the same standard, declared twice.
async function sent(...[input, init, dispatcher]: [...Parameters<typeof fetch>, Dispatcher]): Promise<Response> {
  const answer = await send(input as Parameters<typeof send>[0], {
    ...(init as Parameters<typeof send>[1]),
    dispatcher,
  });
  return answer as unknown as Response;
}
