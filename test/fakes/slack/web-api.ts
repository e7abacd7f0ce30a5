import { blockFaults, homeFaults, viewFaults } from './blocks.ts';
import { history, replies } from './web-api-reading.ts';
import {
  direct,
  type FakeChannel,
  type FakeMessage,
  type FakeUser,
  find,
  fresh,
  freshTs,
  isRecord,
  type Json,
  type World,
} from './world.ts';

/** What a method answers; an error is Slack's word in `error`. */
export type Answer =
  | { readonly ok: true; readonly [key: string]: unknown }
  | { readonly ok: false; readonly error: string; readonly [key: string]: unknown };
type Method = (world: World, args: Json, port: number) => Answer;

const SCOPE_OF: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'conversations.open': ['im:write'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'users.info': ['users:read'],
  'usergroups.users.list': ['usergroups:read'],
};

/** Answers one call. Strict: a wrong token, a missing argument, an unknown place or a broken limit is a no. */
export function callMethod(world: World, method: string, token: string, args: Json, port: number): Answer {
  const known = METHODS[method];
  if (known === undefined) return no('unknown_method');
  if (token === '') return no('not_authed');
  const expected = method === 'apps.connections.open' ? world.appToken : world.botToken;
  if (token !== expected)
    return no(token.slice(0, 4) === expected.slice(0, 4) ? 'invalid_auth' : 'not_allowed_token_type');
  const needed = SCOPE_OF[method] ?? [];
  if (needed.length > 0 && !needed.some((scope) => world.scopes.has(scope)))
    return no('missing_scope', { needed: needed.join() });
  return known(world, args, port);
}

const METHODS: Readonly<Record<string, Method>> = {
  'auth.test': (world, _args, port) => ({
    ok: true,
    url: `http://127.0.0.1:${port}/`,
    team: 'Acme',
    user: 'countersign',
    team_id: world.team,
    user_id: world.botUser,
    bot_id: world.botId,
    is_enterprise_install: false,
    ...(world.enterprise === undefined ? {} : { enterprise_id: world.enterprise }),
  }),
  'apps.connections.open': (world, _args, port) => ({
    ok: true,
    url: `ws://127.0.0.1:${port}/link/?ticket=${fresh(world, 'k')}`,
  }),
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.postEphemeral': postEphemeral,
  'conversations.open': (world, args) => {
    const user = world.users.get(String(args['users'] ?? ''));
    return user === undefined ? no('user_not_found') : { ok: true, channel: { id: direct(world, user.id).id } };
  },
  'conversations.info': (world, args) => {
    const channel = reachable(world, args);
    if (typeof channel === 'string') return no(channel);
    return { ok: true, channel: { id: channel.id, name: channel.name, is_archived: channel.archived } };
  },
  'conversations.history': (world, args) => {
    const channel = reachable(world, args);
    return typeof channel === 'string' ? no(channel) : history(world, channel.id, args);
  },
  'conversations.replies': (world, args) => {
    const channel = reachable(world, args);
    return typeof channel === 'string' ? no(channel) : replies(world, channel.id, args);
  },
  'views.open': openView,
  'views.update': updateView,
  'views.publish': publishHome,
  'users.info': (world, args) => {
    const user = world.users.get(String(args['user'] ?? ''));
    return user === undefined
      ? no('user_not_found')
      : { ok: true, user: userJson(user, world.scopes.has('users:read.email')) };
  },
  'usergroups.users.list': (world, args) => {
    const users = world.groups.get(String(args['usergroup'] ?? ''));
    return users === undefined ? no('no_such_subteam') : { ok: true, users };
  },
};

function postMessage(world: World, args: Json): Answer {
  const channel = writable(world, args);
  if (typeof channel === 'string') return no(channel);
  const bad = contentFault(args, 40_000);
  if (bad !== undefined) return bad;
  const thread = args['thread_ts'] === undefined ? undefined : String(args['thread_ts']);
  const root = thread === undefined ? undefined : find(world, channel.id, thread);
  if (thread !== undefined && (root === undefined || root.deleted)) return no('thread_not_found');
  if (root?.thread !== undefined) return no('invalid_arguments', { why: "thread_ts must be the parent's" });
  const message: FakeMessage = {
    channel: channel.id,
    ts: freshTs(world),
    user: world.botUser,
    broadcast: String(args['reply_broadcast']) === 'true',
    deleted: false,
    versions: [version(args)],
    ...(thread === undefined ? {} : { thread }),
    ...(isRecord(args['metadata']) ? { metadata: args['metadata'] } : {}),
  };
  world.messages.push(message);
  return { ok: true, channel: channel.id, ts: message.ts, message: { ts: message.ts, text: args['text'] ?? '' } };
}

function update(world: World, args: Json): Answer {
  const channel = writable(world, args);
  if (typeof channel === 'string') return no(channel === 'is_archived' ? 'is_inactive' : channel);
  const bad = contentFault(args, 4000);
  if (bad !== undefined) return bad;
  const message = find(world, channel.id, String(args['ts'] ?? ''));
  if (message === undefined || message.deleted) return no('message_not_found');
  if (message.user !== world.botUser) return no('cant_update_message');
  message.versions.push(version(args));
  return { ok: true, channel: channel.id, ts: message.ts, text: args['text'] ?? '' };
}

function postEphemeral(world: World, args: Json): Answer {
  const channel = writable(world, args);
  if (typeof channel === 'string') return no(channel);
  const user = String(args['user'] ?? '');
  if (!world.users.has(user)) return no('user_not_found');
  if (!channel.members.has(user)) return no('user_not_in_channel');
  const bad = contentFault(args, 40_000);
  if (bad !== undefined) return bad;
  const ts = freshTs(world);
  const thread = args['thread_ts'] === undefined ? {} : { thread: String(args['thread_ts']) };
  const message = { channel: channel.id, ts, user: world.botUser, only: user, broadcast: false, deleted: false };
  world.messages.push({ ...message, ...thread, versions: [version(args)] });
  return { ok: true, message_ts: ts };
}

function openView(world: World, args: Json): Answer {
  const trigger = world.triggers.get(String(args['trigger_id'] ?? ''));
  const view = args['view'];
  if (trigger === undefined) return no('invalid_trigger_id');
  if (trigger.used) return no('exchanged_trigger_id');
  if (Date.now() - trigger.at > 3000) return no('expired_trigger_id');
  if (!isRecord(view)) return no('invalid_arguments');
  const faults = viewFaults(view);
  if (faults.length > 0) return no('invalid_arguments', { response_metadata: { messages: faults } });
  trigger.used = true;
  const id = fresh(world, 'V');
  world.views.set(id, { id, user: trigger.user, view, hash: fresh(world, 'h'), open: true, typed: {}, errors: {} });
  return { ok: true, view: { id, ...view } };
}

function updateView(world: World, args: Json): Answer {
  const held = world.views.get(String(args['view_id'] ?? ''));
  const view = args['view'];
  if (held === undefined || !held.open) return no('not_found');
  if (args['hash'] !== undefined && args['hash'] !== held.hash) return no('hash_conflict');
  if (!isRecord(view)) return no('invalid_arguments');
  const faults = viewFaults(view);
  if (faults.length > 0) return no('invalid_arguments', { response_metadata: { messages: faults } });
  held.view = view;
  held.hash = fresh(world, 'h');
  return { ok: true, view: { id: held.id, ...view } };
}

function publishHome(world: World, args: Json): Answer {
  const user = String(args['user_id'] ?? '');
  const view = args['view'];
  if (!world.users.has(user) || !isRecord(view)) return no('invalid_arguments');
  const faults = homeFaults(view);
  if (faults.length > 0) return no('invalid_arguments', { response_metadata: { messages: faults } });
  world.homes.set(user, view);
  return { ok: true, view };
}

/** The channel of a call, or why there is none. A private channel without us does not exist for us. */
function reachable(world: World, args: Json): FakeChannel | string {
  const name = String(args['channel'] ?? '');
  if (name === '') return 'invalid_arguments';
  const all = [...world.channels.values()];
  const channel = world.channels.get(name) ?? all.find((one) => `#${one.name}` === name);
  if (channel === undefined) return 'channel_not_found';
  if (channel.members.has(world.botUser)) return channel;
  return channel.kind === 'private' ? 'channel_not_found' : 'not_in_channel';
}

function writable(world: World, args: Json): FakeChannel | string {
  const channel = reachable(world, args);
  return typeof channel !== 'string' && channel.archived ? 'is_archived' : channel;
}

/** Faults of text and blocks. Stricter than Slack: we want both, always. */
export function contentFault(args: Json, most: number): Answer | undefined {
  const { text, blocks } = args as { text?: unknown; blocks?: unknown };
  if (typeof text !== 'string' || text.trim() === '') return no('no_text');
  if (text.length > most) return no('msg_too_long');
  const faults = blockFaults(blocks, 50);
  return faults.length === 0 ? undefined : no('invalid_blocks', { response_metadata: { messages: faults } });
}

export function version(args: Json): FakeMessage['versions'][number] {
  const blocks = Array.isArray(args['blocks']) ? args['blocks'] : [];
  return { text: String(args['text'] ?? ''), blocks, at: Date.now() };
}

function userJson(user: FakeUser, withEmail: boolean): Json {
  return {
    id: user.id,
    team_id: user.team,
    name: user.name,
    deleted: user.deleted ?? false,
    is_bot: user.bot ?? false,
    is_restricted: user.restricted ?? false,
    is_ultra_restricted: user.ultraRestricted ?? false,
    is_stranger: user.stranger ?? false,
    is_email_confirmed: user.email !== undefined,
    ...(user.enterprise === undefined ? {} : { enterprise_user: { enterprise_id: user.enterprise } }),
    profile: {
      display_name: user.name,
      real_name: user.name,
      ...(withEmail && user.email !== undefined ? { email: user.email } : {}),
    },
  };
}

function no(error: string, more: Json = {}): Answer {
  return { ok: false, error, ...more };
}
