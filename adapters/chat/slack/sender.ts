import type { HomeView, ModalView } from '@slack/types';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { Clients } from './client.ts';
import { misbehaved, type Nature, toFailure } from './failures.ts';
import type { Pace } from './pace.ts';
import type { Rendered } from './render.ts';

/** A message on its way: what is shown, and our key for finding it again. */
interface Letter extends Rendered {
  readonly key?: string;
  readonly thread?: string;
  readonly broadcast?: boolean;
  /** Somebody waits for it: not held back by our own pace, only by Slack's. */
  readonly urgent?: boolean;
  readonly fence?: Fence | undefined;
}

/** The calls we make, with Slack's faults turned into PortFailures. None is repeated here. */
export interface Sender {
  post(channel: string, letter: Letter): Promise<{ readonly channel: string; readonly ts: string }>;
  update(channel: string, ts: string, shown: Rendered, fence?: Fence): Promise<void>;
  /** Shown to one person in a channel only; vanishes on reload. */
  ephemeral(channel: string, user: string, letter: Letter): Promise<void>;
  /** The channel of a direct conversation with somebody. */
  direct(user: string): Promise<string>;
  openView(trigger: string, view: ModalView): Promise<void>;
  /** Changes an open dialog unless it changed meanwhile. */
  updateView(id: string, hash: string, view: ModalView): Promise<void>;
  /** What one person sees in the app's Home tab; takes the place of what stood there. */
  publishHome(user: string, view: HomeView): Promise<void>;
}

/** Name of our metadata; ids only, since every app of the workspace can read it. */
export const EVENT_TYPE = 'countersign_message';

export function createSender(clients: Clients, pace: Pace): Sender {
  const client = clients.open;
  const directs = new Map<string, string>();

  async function call<Result>(nature: Nature, channel: string, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      const failure = toFailure(error, nature);
      if (failure.details.retryAfterMs !== undefined) pace.hold(channel, failure.details.retryAfterMs);
      throw failure;
    }
  }

  async function post(channel: string, letter: Letter) {
    if (letter.urgent !== true) pace.post(channel);
    const body = { channel, text: letter.text, blocks: letter.blocks, unfurl_links: false, unfurl_media: false };
    const metadata =
      letter.key === undefined ? {} : { metadata: { event_type: EVENT_TYPE, event_payload: { key: letter.key } } };
    const thread =
      letter.thread === undefined ? {} : { thread_ts: letter.thread, reply_broadcast: letter.broadcast === true };
    const answer = await call('post', channel, () =>
      clients.fenced(letter.fence).chat.postMessage({ ...body, ...metadata, ...thread }),
    );
    if (answer.ts === undefined) throw misbehaved('a posted message without a time', 'post');
    return { channel: answer.channel ?? channel, ts: answer.ts };
  }

  async function update(channel: string, ts: string, { text, blocks }: Rendered, fence?: Fence): Promise<void> {
    // `text` without `blocks` would take the blocks away; metadata stays when it is left out.
    await call('safe', channel, () => clients.fenced(fence).chat.update({ channel, ts, text, blocks }));
  }

  async function ephemeral(channel: string, user: string, letter: Letter): Promise<void> {
    const { text, blocks, thread, fence } = letter;
    const body = { channel, user, text, blocks, ...(thread === undefined ? {} : { thread_ts: thread }) };
    await call('post', `${channel}/private`, () => clients.fenced(fence).chat.postEphemeral(body));
  }

  async function direct(user: string): Promise<string> {
    const known = directs.get(user);
    if (known !== undefined) return known;
    const answer = await call('safe', user, () => client.conversations.open({ users: user }));
    const id = answer.channel?.id;
    if (id === undefined) throw misbehaved('a conversation without an id', 'safe');
    directs.set(user, id);
    return id;
  }

  return {
    post,
    update,
    ephemeral,
    direct,
    openView: async (trigger_id, view) => {
      await call('safe', 'views', () => client.views.open({ trigger_id, view }));
    },
    updateView: async (view_id, hash, view) => {
      await call('safe', 'views', () => client.views.update({ view_id, hash, view }));
    },
    publishHome: async (user_id, view) => {
      await call('safe', 'views', () => client.views.publish({ user_id, view }));
    },
  };
}

/** Failures after which a private answer belongs into the direct conversation instead. */
export function cannotBeToldThere(error: unknown): boolean {
  return error instanceof PortFailure && (error.details.kind === 'gone' || error.details.kind === 'forbidden');
}
