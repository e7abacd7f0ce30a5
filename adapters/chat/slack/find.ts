import type { ConversationsHistoryResponse, WebClient } from '@slack/web-api';
import type { Place } from '../../../src/domain/catalog.ts';
import type { MessageHandle } from '../../../src/ports/chat.ts';
import { toFailure } from './failures.ts';
import { EVENT_TYPE } from './sender.ts';

type Message = NonNullable<ConversationsHistoryResponse['messages']>[number];

/** Slack's clock and ours may differ; keys are unique, so looking back further harms nothing. */
const SKEW_MS = 120_000;
const PAGES = 5;
const PAGE = 200;

/**
 * Our message of this key in a channel since a moment: among the channel's messages, then in threads that moved since.
 * `cannot-look` when Slack does not let us read the channel. Throws a PortFailure when the looking itself failed.
 */
export async function find(
  client: WebClient,
  place: Place,
  key: string,
  since: string,
): Promise<MessageHandle | 'none' | 'cannot-look'> {
  const oldest = ((Date.parse(since) - SKEW_MS) / 1000).toFixed(6);
  try {
    const roots = await messages(client, place.channel, oldest);
    const root = roots.find((message) => hasKey(message, key));
    if (root?.ts !== undefined) return handleOf(place, root.ts, root.thread_ts);
    return (await inThreads(client, place, key, oldest)) ?? 'none';
  } catch (error) {
    const failure = toFailure(error, 'safe');
    if (failure.details.kind === 'forbidden') return 'cannot-look';
    throw failure;
  }
}

async function inThreads(
  client: WebClient,
  place: Place,
  key: string,
  oldest: string,
): Promise<MessageHandle | undefined> {
  for (const root of await messages(client, place.channel, undefined)) {
    if (root.ts === undefined || Number(root.latest_reply ?? 0) < Number(oldest)) continue;
    const { messages: replies = [] } = await client.conversations.replies({
      channel: place.channel,
      ts: root.ts,
      oldest,
      limit: PAGE,
      include_all_metadata: true,
    });
    const reply = replies.find((message) => hasKey(message, key));
    if (reply?.ts !== undefined) return handleOf(place, reply.ts, root.ts);
  }
  return undefined;
}

/** Newest first; all since `oldest`, or the last thousand. */
async function messages(client: WebClient, channel: string, oldest: string | undefined): Promise<readonly Message[]> {
  const found: Message[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await client.conversations.history({
      channel,
      limit: PAGE,
      include_all_metadata: true,
      ...(oldest === undefined ? {} : { oldest }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...(answer.messages ?? []));
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') break;
  }
  return found;
}

function hasKey(message: { readonly metadata?: unknown }, key: string): boolean {
  const metadata = message.metadata as { event_type?: string; event_payload?: { key?: unknown } } | undefined;
  return metadata?.event_type === EVENT_TYPE && metadata.event_payload?.key === key;
}

function handleOf(place: Place, id: string, thread: string | undefined): MessageHandle {
  return { place, id, ...(thread === undefined || thread === id ? {} : { thread }) };
}
