import { type FakeMessage, type Json, latest, type World } from './world.ts';

/** Newest first, in pages; replies only when they were broadcast. Metadata only on request. */
export function history(world: World, channel: string, args: Json) {
  const oldest = Number(args['oldest'] ?? 0);
  const all = seen(world, channel)
    .filter((one) => (one.thread === undefined || one.broadcast) && Number(one.ts) > oldest)
    .reverse();
  const start = Number(args['cursor'] ?? 0);
  const limit = Math.min(1000, Number(args['limit'] ?? 100));
  const page = all.slice(start, start + limit);
  const more = start + limit < all.length;
  return {
    ok: true as const,
    messages: page.map((one) => messageJson(world, one, args)),
    has_more: more,
    response_metadata: { next_cursor: more ? String(start + limit) : '' },
  };
}

/** The root and its replies, oldest first; `oldest` narrows the replies. */
export function replies(world: World, channel: string, args: Json) {
  const root = seen(world, channel).find((one) => one.ts === args['ts']);
  if (root === undefined) return { ok: false as const, error: 'thread_not_found' };
  const oldest = Number(args['oldest'] ?? 0);
  const below = seen(world, channel).filter((one) => one.thread === root.ts && Number(one.ts) > oldest);
  return { ok: true as const, messages: [root, ...below].map((one) => messageJson(world, one, args)), has_more: false };
}

function seen(world: World, channel: string): readonly FakeMessage[] {
  return world.messages.filter((one) => one.channel === channel && one.only === undefined && !one.deleted);
}

function messageJson(world: World, message: FakeMessage, args: Json): Json {
  const { text, blocks } = latest(message);
  const below = world.messages.filter((one) => one.channel === message.channel && one.thread === message.ts);
  const last = below.at(-1);
  const withMetadata = String(args['include_all_metadata']) === 'true' && message.metadata !== undefined;
  return {
    type: 'message',
    ts: message.ts,
    user: message.user,
    text,
    blocks,
    ...(message.user === world.botUser ? { bot_id: world.botId } : {}),
    ...(message.thread === undefined ? {} : { thread_ts: message.thread }),
    ...(last === undefined ? {} : { thread_ts: message.ts, reply_count: below.length, latest_reply: last.ts }),
    ...(withMetadata ? { metadata: message.metadata } : {}),
  };
}
