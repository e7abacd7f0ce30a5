import { createHmac } from 'node:crypto';
import { fresh, type Json, text, type World } from './world.ts';

export type DeliveryKind = 'slash_commands' | 'interactive' | 'events_api';

/** What the app said to one delivery. `status` 0: nothing within five seconds, or no way to reach the app. */
interface Ack {
  readonly status: number;
  readonly body: unknown;
  readonly ms: number;
}

export interface Delivery {
  readonly kind: DeliveryKind;
  readonly payload: Json;
  readonly envelope: string;
  readonly ack: Ack;
}

interface Retry {
  readonly num: number;
  readonly reason: string;
}

/** Brings one payload to the app and waits for its acknowledgement. */
export type Carrier = (kind: DeliveryKind, payload: Json, envelope: string, retry?: Retry) => Promise<Ack>;

const PATIENCE_MS = 5000;
/** Events that were not acknowledged come again. Slack waits a minute and five before the later ones; here nobody waits. */
const MOST_RETRIES = 3;

/** Signed requests to the app's addresses, by turns as from a load balancer. */
export function httpCarrier(world: World, urls: readonly string[]): Carrier {
  let next = 0;
  return async (kind, payload, _envelope, retry) => {
    const url = urls[next % urls.length] ?? '';
    next += 1;
    const [type, body] = encoded(kind, payload);
    const headers = {
      'content-type': type,
      ...signature(world.signingSecret, body),
      ...(retry === undefined ? {} : { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason }),
    };
    const begin = performance.now();
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
      const words = await response.text();
      return { status: response.status, body: parsed(words), ms: performance.now() - begin };
    } catch {
      return { status: 0, body: undefined, ms: performance.now() - begin };
    }
  };
}

/** The two headers of Slack's signature, version 0. `at` is in seconds. */
export function signature(secret: string, body: string, at = Math.floor(Date.now() / 1000)) {
  const hash = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${hash}` };
}

export function encoded(kind: DeliveryKind, payload: Json): readonly [type: string, body: string] {
  const form = 'application/x-www-form-urlencoded';
  if (kind === 'events_api') return ['application/json', JSON.stringify(payload)];
  if (kind === 'interactive') return [form, new URLSearchParams({ payload: JSON.stringify(payload) }).toString()];
  const fields = Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)]);
  return [form, new URLSearchParams(fields).toString()];
}

export interface Post {
  readonly deliveries: Delivery[];
  /** The last of its deliveries: an event that is not acknowledged is brought again, to any of the app's instances. */
  deliver(kind: DeliveryKind, payload: Json): Promise<Delivery>;
  /** The very same payload and envelope once more, as Slack does when it heard no acknowledgement. */
  redeliver(delivery: Delivery): Promise<Delivery>;
}

export function createPost(world: World, carrier: () => Carrier): Post {
  const deliveries: Delivery[] = [];

  async function bring(kind: DeliveryKind, payload: Json, envelope: string, retry?: Retry): Promise<Delivery> {
    const ack = await carrier()(kind, payload, envelope, retry);
    const delivery = { kind, payload, envelope, ack };
    deliveries.push(delivery);
    return delivery;
  }

  /** Only events are brought again; for the rest the person sees a fault and acts anew. */
  async function deliver(kind: DeliveryKind, payload: Json): Promise<Delivery> {
    const envelope = fresh(world, 'env-');
    let delivery = await bring(kind, payload, envelope);
    for (let num = 1; kind === 'events_api' && delivery.ack.status !== 200 && num <= MOST_RETRIES; num += 1) {
      const reason = delivery.ack.status === 0 ? 'timeout' : 'http_error';
      delivery = await bring(kind, payload, envelope, { num, reason });
    }
    return delivery;
  }

  return {
    deliveries,
    deliver,
    redeliver: ({ kind, payload, envelope }) => bring(kind, payload, envelope, { num: 1, reason: 'timeout' }),
  };
}

function parsed(words: string): unknown {
  try {
    return JSON.parse(words);
  } catch {
    return text(words);
  }
}
