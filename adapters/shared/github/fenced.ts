import type { Fence } from '../../../src/ports/fence.ts';
import type { AdapterTools } from '../adapter.ts';
import { unwrapped } from '../http/fenced-fetch.ts';
import { fetchWithin } from '../http/transport.ts';
import type { GitHub } from './client.ts';

/** How long GitHub has for one answer, in milliseconds, as for every other call. */
const TIMEOUT_MS = 10_000;

/** GitHub, and what a write behind a fence needs beside it. */
export interface Writer {
  readonly github: GitHub;
  readonly tools: Pick<AdapterTools, 'clock'>;
}

/**
 * A write whose fence is asked right before the bytes of each request are written: behind our pacer and the SDK's login, and again
 * when the SDK repeats what GitHub refused for a token too new. The fence's failure comes through as it is.
 */
export async function sendFenced({ github, tools }: Writer, order: Parameters<GitHub['send']>[0], fence?: Fence) {
  if (fence === undefined) return github.send(order);
  return unwrapped(fence, (asked) => {
    const fetch = fetchWithin(tools.clock, TIMEOUT_MS, github.ways.fenced(asked));
    return github.send({ ...order, parameters: { ...order.parameters, request: { fetch } } });
  });
}
