import { authorization } from '../fakes/teams/login.ts';
import { type Json, record, takenApart, type World } from '../fakes/teams/world.ts';
import { BOT_NAME, ownerOf, PLAYGROUND_ROOMS, type PlaygroundUser, SEAT_CHAT } from './playground-cast.ts';

/** What all parts between bot and Playground share. */
export interface Table {
  readonly world: World;
  /** Where the bot hears. */
  readonly bot: string;
  /** Address of the connector that the bot is told of; ends in no slash. */
  readonly serviceUrl: string;
  /** The Playground's own connector; ends in no slash. Set when it runs. */
  playground: string;
  /** Who sits in front of the Playground now. It knows one person only. */
  seat: PlaygroundUser;
}

export interface Said {
  readonly status: number;
  readonly body: string;
}

/** Brings an activity to the bot, signed as Microsoft signs it. */
export async function tellBot({ world, bot, serviceUrl }: Table, activity: Json): Promise<Said> {
  return said(bot, 'POST', activity, { authorization: authorization(world, serviceUrl) ?? '' });
}

/** A call to the Playground's connector; it asks for no token. */
export async function askPlayground(table: Table, method: string, path: string, body?: unknown): Promise<Said> {
  return said(`${table.playground}${path}`, method, body, {});
}

async function said(url: string, method: string, body: unknown, headers: Readonly<Record<string, string>>) {
  const response = await fetch(url, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.text() };
}

export function parsed(text: string): Json {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Path of a message in the Playground's connector; without an id, of all messages of a conversation. */
export function messagePath(conversation: string, id?: string): string {
  const room = ownerOf(conversation) === undefined ? conversation : SEAT_CHAT;
  return `/v3/conversations/${encodeURIComponent(room)}/activities${id === undefined ? '' : `/${id}`}`;
}

/** An invoke by whoever sits there, of a kind that the Playground does not make. */
export function invokeOf(table: Table, conversation: string, name: string, value: Json, message?: string): Json {
  const { seat, world, serviceUrl } = table;
  const { base } = takenApart(conversation);
  const isChannel = base === PLAYGROUND_ROOMS.general || base === PLAYGROUND_ROOMS.deploys;
  const kind = isChannel ? 'channel' : base === PLAYGROUND_ROOMS.group ? 'groupChat' : 'personal';
  return {
    type: 'invoke',
    name,
    id: `f:${crypto.randomUUID()}`,
    channelId: 'msteams',
    serviceUrl,
    timestamp: new Date().toISOString(),
    from: { id: seat.mri, name: seat.name, aadObjectId: seat.aad },
    recipient: { id: `28:${world.appId}`, name: BOT_NAME },
    conversation: {
      id: conversation,
      conversationType: kind,
      tenantId: world.tenant,
      ...(kind === 'personal' ? {} : { isGroup: true }),
    },
    channelData: {
      tenant: { id: world.tenant },
      source: { name: 'message' },
      ...(isChannel ? { team: { id: PLAYGROUND_ROOMS.general }, channel: { id: base } } : {}),
    },
    ...(message === undefined ? {} : { replyToId: message }),
    value,
  };
}
