import { answerFaults } from './checks.ts';
import { authorization, type Forgery } from './login.ts';
import { type Json, text, type World } from './world.ts';

/** One activity that was brought to the bot, and what the bot said to it. */
export interface Delivery {
  readonly activity: Json;
  readonly forgery?: Forgery;
  /** 0: no answer in time, or no way to reach the bot. */
  readonly status: number;
  /** Parsed when it is JSON; an invoke's answer. */
  readonly body: unknown;
  readonly ms: number;
}

/** What clients wait for an invoke, and the connector for a message, in milliseconds. Sources: 3-chat.md, L22 and L23. */
const INVOKE_PATIENCE_MS = 5000;
const MESSAGE_PATIENCE_MS = 15_000;
const MOST_RETRIES = 3;
const ELSEWHERE = 'https://attacker.example.test/teams/';
const STRANGE_TENANT = '99999999-9999-4999-8999-999999999999';

export interface Post {
  readonly deliveries: Delivery[];
  /** Brings an activity to the bot, to any of its addresses by turns. */
  deliver(activity: Json, forgery?: Forgery): Promise<Delivery>;
  /** The very same activity once more. */
  redeliver(delivery: Delivery): Promise<Delivery>;
  /** From now on every delivery is wrong in this way; nothing: they are right again. */
  forge(forgery?: Forgery): void;
  /** From now on what was not taken (status 0 or 5xx, no invoke) comes again, three times at most. Off at first. */
  retry(isOn?: boolean): void;
  deliverTo(...urls: readonly string[]): void;
  /** Is there anybody to deliver to? */
  isConnected(): boolean;
}

export function createPost(world: World): Post {
  const deliveries: Delivery[] = [];
  let urls: readonly string[] = [];
  let turn = 0;
  let standing: Forgery | undefined;
  let retries = false;

  async function bring(given: Json, forgery: Forgery | undefined): Promise<Delivery> {
    const activity = disguised(given, forgery);
    const url = urls[turn % Math.max(1, urls.length)] ?? '';
    turn += 1;
    const claimed = forgery === 'other-service-url' ? ELSEWHERE : text(activity['serviceUrl']);
    const header = authorization(world, claimed, forgery);
    const begin = performance.now();
    const said = await asked(url, activity, header);
    const ms = performance.now() - begin;
    const delivery = { activity, ...said, ms, ...(forgery === undefined ? {} : { forgery }) };
    deliveries.push(delivery);
    const reasons = activity['type'] === 'invoke' && said.status === 200 ? faultsOf(activity, said.body) : [];
    if (reasons.length > 0) world.violations.push({ where: `answer to ${text(activity['name'])}`, reasons });
    return delivery;
  }

  return {
    deliveries,
    deliver: async (activity, forgery = standing) => {
      let delivery = await bring(activity, forgery);
      const isLost = () => delivery.status === 0 || delivery.status >= 500;
      for (let left = MOST_RETRIES; retries && left > 0 && isLost() && activity['type'] !== 'invoke'; left -= 1)
        delivery = await bring(activity, forgery);
      return delivery;
    },
    redeliver: ({ activity, forgery }) => bring(activity, forgery),
    forge: (forgery) => {
      standing = forgery;
    },
    retry: (isOn = true) => {
      retries = isOn;
    },
    deliverTo: (...given) => {
      urls = given;
    },
    isConnected: () => urls.length > 0,
  };
}

function faultsOf(activity: Json, body: unknown): readonly string[] {
  return answerFaults(text(activity['name']), body);
}

/** The activity itself is somebody else's: signed well, since the connector serves everybody. */
function disguised(activity: Json, forgery: Forgery | undefined): Json {
  if (forgery === 'foreign-service-url') return { ...activity, serviceUrl: ELSEWHERE };
  if (forgery !== 'foreign-tenant') return activity;
  const tenant = { id: STRANGE_TENANT };
  const conversation = { ...(activity['conversation'] as Json), tenantId: STRANGE_TENANT };
  return { ...activity, conversation, channelData: { ...(activity['channelData'] as Json), tenant } };
}

async function asked(url: string, activity: Json, header: string | undefined) {
  const patience = activity['type'] === 'invoke' ? INVOKE_PATIENCE_MS : MESSAGE_PATIENCE_MS;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(header === undefined ? {} : { authorization: header }),
      },
      body: JSON.stringify(activity),
      signal: AbortSignal.timeout(patience),
    });
    return { status: response.status, body: parsed(await response.text()) };
  } catch {
    return { status: 0, body: undefined };
  }
}

function parsed(words: string): unknown {
  try {
    return words === '' ? undefined : JSON.parse(words);
  } catch {
    return words;
  }
}
