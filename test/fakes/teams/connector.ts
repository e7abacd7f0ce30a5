import { type Answer, refusal } from './answers.ts';
import { activityFaults, isTooBig } from './checks.ts';
import { memberOf, rosterOf } from './roster.ts';
import {
  BOT,
  type CallKind,
  type FakeConversation,
  type FakeMessage,
  findMessage,
  findPerson,
  freshId,
  type Json,
  personal,
  record,
  records,
  takenApart,
  text,
  type World,
} from './world.ts';

/** One request, taken apart. */
export interface Request {
  readonly kind: CallKind;
  readonly method: string;
  readonly path: string;
  /** As in the path, with the thread. */
  readonly conversation: string;
  /** The activity or member in the path. */
  readonly item: string;
  readonly query: URLSearchParams;
  readonly body: Json;
}

/** Takes `/v3/conversations...` apart. */
export function requestOf(method: string, url: URL, path: string, body: Json): Request {
  const [, , conversation = '', part = '', item = ''] = path.slice(1).split('/').map(decodeURIComponent);
  const rest = { method, path, item, query: url.searchParams, body };
  if (conversation === '')
    return { ...rest, kind: method === 'POST' ? 'create' : 'other', conversation: channelOf(body) };
  return { ...rest, kind: kindOf(method, part, item, url.searchParams), conversation };
}

function kindOf(method: string, part: string, item: string, query: URLSearchParams): CallKind {
  if (part === 'activities') {
    // With an activity behind it a POST is an answer to that one, which in Teams is the same as a message in its thread.
    if (method === 'POST') return query.get('isTargetedActivity') === 'true' ? 'target' : 'post';
    if (method === 'PUT') return 'update';
    if (method === 'DELETE') return 'delete';
  }
  if (method === 'GET' && part === 'members' && item !== '') return 'member';
  return method === 'GET' && part === 'pagedmembers' ? 'members' : 'other';
}

function channelOf(body: Json): string {
  return text(record(record(body['channelData'])['channel'])['id']);
}

/** Does what a request asks for. Changed messages are told to `changed`. */
export function answer(world: World, request: Request, changed: (message: FakeMessage) => void): Answer {
  switch (request.kind) {
    case 'create':
      return create(world, request, changed);
    case 'post':
    case 'target':
      return post(world, request, changed);
    case 'update':
      return update(world, request, changed);
    case 'delete':
      return remove(world, request);
    case 'member':
      return memberOf(world, request.conversation, request.item);
    case 'members':
      return rosterOf(world, request.conversation, request.query);
    default:
      return refusal(404, 'NotFound', 'No HTTP resource was found that matches the request URI.');
  }
}

/** A new root message in a channel, or the conversation with one person. */
function create(world: World, { body, path }: Request, changed: (message: FakeMessage) => void): Answer {
  const activity = record(body['activity']);
  const channel = channelOf(body);
  if (channel !== '') {
    if (body['isGroup'] !== true) return refusal(400, 'BadArgument', 'isGroup must be true for a channel');
    const home = world.conversations.get(channel);
    const no = homeFault(home, 403) ?? contentFault(world, path, activity);
    if (no !== undefined || home === undefined) return no ?? unknown();
    const message = put(world, { conversation: channel, activity });
    changed(message);
    return { status: 201, body: { id: `${channel};messageid=${message.id}`, activityId: message.id } };
  }
  const members = records(body['members']);
  const tenant = text(body['tenantId']) || text(record(record(body['channelData'])['tenant'])['id']);
  const who = findPerson(world, text(members[0]?.['id']));
  if (members.length !== 1) return refusal(400, 'BadArgument', 'Exactly one member is needed');
  if (who === undefined) return refusal(400, 'BadArgument', 'Unknown user');
  if (tenant.toLowerCase() !== who.tenant) return refusal(400, 'BadArgument', 'The tenant id is missing or wrong');
  const home = personal(world, who.aad);
  if (!home.installed)
    return refusal(403, 'ForbiddenOperationException', "Bot isn't installed in user's personal scope");
  return { status: 201, body: { id: home.id } };
}

function post(world: World, request: Request, changed: (message: FakeMessage) => void): Answer {
  const { base, root } = takenApart(request.conversation);
  const { kind, body, path } = request;
  const home = world.conversations.get(base);
  const no = homeFault(home, kind === 'target' ? 404 : 403) ?? threadFault(world, home, root);
  if (no !== undefined || home === undefined) return no ?? unknown();
  const recipient = text(record(body['recipient'])['id']);
  const target = findPerson(world, recipient);
  if (kind === 'target' && target === undefined) return refusal(400, 'BadArgument', 'Recipient is missing or unknown');
  if (kind === 'target' && target !== undefined && !home.members.has(target.aad))
    return refusal(400, 'BadArgument', 'Recipient is not a member of the conversation');
  if (kind === 'target' && home.kind === 'personal')
    return refusal(400, 'BadArgument', 'Targeted messages need a channel or group');
  const bad = contentFault(world, path, body);
  if (bad !== undefined) return bad;
  const message = put(world, {
    conversation: base,
    activity: body,
    ...(root === undefined ? {} : { thread: root }),
    ...(kind === 'target' && target !== undefined ? { only: target.aad } : {}),
  });
  changed(message);
  return { status: 201, body: { id: message.id } };
}

function update(world: World, request: Request, changed: (message: FakeMessage) => void): Answer {
  const { conversation, item, body, path } = request;
  const home = world.conversations.get(takenApart(conversation).base);
  const no = homeFault(home, 403);
  if (no !== undefined) return no;
  const message = findMessage(world, { conversation, id: item });
  if (message === undefined) return noActivity();
  if (message.from !== BOT) return refusal(403, 'ForbiddenOperationException', 'The message is not by this bot');
  if (message.only !== undefined && body['recipient'] !== undefined)
    return refusal(400, 'BadArgument', 'Recipient cannot be changed');
  const bad = contentFault(world, path, body);
  if (bad !== undefined) return bad;
  message.versions.push({ activity: body, at: Date.now() });
  // Everybody sees the new card until their client asks for their own again.
  message.views.clear();
  changed(message);
  return { status: 200, body: { id: message.id } };
}

function remove(world: World, { conversation, item }: Request): Answer {
  const no = homeFault(world.conversations.get(takenApart(conversation).base), 403);
  if (no !== undefined) return no;
  const message = findMessage(world, { conversation, id: item });
  if (message === undefined) return noActivity();
  message.deleted = true;
  return { status: 200 };
}

function put(
  world: World,
  { activity, ...rest }: { conversation: string; thread?: string; only?: string; activity: Json },
): FakeMessage {
  const versions = [{ activity, at: Date.now() }];
  const message = { id: freshId(world), from: BOT, deleted: false, versions, views: new Map<string, Json>(), ...rest };
  world.messages.push(message);
  return message;
}

function unknown(): Answer {
  return refusal(404, 'ConversationNotFound', 'Conversation not found.');
}

function noActivity(): Answer {
  return refusal(404, 'ActivityNotFoundInConversation', 'The activity was not found in the conversation.');
}

function homeFault(home: FakeConversation | undefined, status: number): Answer | undefined {
  if (home === undefined) return unknown();
  if (home.installed) return undefined;
  return refusal(status, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
}

/** Only channels have threads, and only under messages that stand. */
function threadFault(world: World, home: FakeConversation | undefined, root: string | undefined): Answer | undefined {
  if (root === undefined || home === undefined) return undefined;
  const isThere = home.kind === 'channel' && findMessage(world, { conversation: home.id, id: root }) !== undefined;
  return isThere ? undefined : unknown();
}

function contentFault(world: World, path: string, activity: Json): Answer | undefined {
  if (isTooBig(activity)) return refusal(413, 'MessageSizeTooBig', 'Message size too large.');
  const reasons = activityFaults(activity);
  if (reasons.length === 0) return undefined;
  world.violations.push({ where: path, reasons });
  return refusal(400, 'BadSyntax', `Bad format of the activity: ${reasons.join('; ')}`);
}
