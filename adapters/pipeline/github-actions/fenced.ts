import type { Fence } from '../../../src/ports/fence.ts';
import type { GitHub } from '../../shared/github/client.ts';
import { fencedFetch, unwrapped } from '../../shared/http/fenced-fetch.ts';
import { fetchWithin } from '../../shared/http/transport.ts';
import type { Context } from './context.ts';

/** How long GitHub has for one answer, in milliseconds, as for every other call. */
const TIMEOUT_MS = 10_000;

/**
 * A write whose fence is asked right before the bytes of each request are written: behind our pacer and the SDK's login, and again
 * when the SDK repeats what GitHub refused for a token too new. The fence's failure comes through as it is.
 */
export async function sendFenced({ github, tools }: Context, order: Parameters<GitHub['send']>[0], fence?: Fence) {
  if (fence === undefined) return github.send(order);
  return unwrapped(fence, (asked) => {
    const fetch = fetchWithin(tools.clock, TIMEOUT_MS, fencedFetch(asked));
    return github.send({ ...order, parameters: { ...order.parameters, request: { fetch } } });
  });
}
