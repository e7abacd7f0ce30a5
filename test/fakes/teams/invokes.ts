import { answerFaults, CARD } from './checks.ts';
import type { Delivery, Post } from './delivery.ts';
import {
  CLIENT,
  type FakeConversation,
  type FakeMessage,
  type FakePerson,
  freshEventId,
  freshId,
  type Json,
  person,
  record,
  text,
  type World,
} from './world.ts';

/** What the client shows after an invoke. */
export type Outcome =
  | { readonly kind: 'card'; readonly card: Json }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  /** A dialog is open: a new one, or the same with new content. */
  | { readonly kind: 'dialog'; readonly dialog: string }
  /** Nothing is shown, or the dialog is closed. */
  | { readonly kind: 'nothing' };

export type Acted = Delivery & { readonly outcome: Outcome };

const WENT_WRONG = 'Something went wrong. Please try again.';

/** Where somebody acts, and in which thread. */
export interface Scene {
  readonly actor: FakePerson;
  readonly home: FakeConversation;
  readonly root?: string;
}

/** Somebody at a message: the thread is that of the message. */
export function sceneAt(world: World, who: string, message: FakeMessage): Scene {
  const home = world.conversations.get(message.conversation);
  if (home === undefined) throw new Error(`this Teams has no conversation ${message.conversation}`);
  const actor = person(world, who);
  return home.kind === 'channel' ? { actor, home, root: message.thread ?? message.id } : { actor, home };
}

/** What every activity of Teams carries. Source: "Conversation basics" and the payloads shown in the documents of Teams bots. */
export function envelope(world: World, { actor, home, root }: Scene): Json {
  const now = new Date();
  const kinds = { channel: 'channel', group: 'groupChat', personal: 'personal' } as const;
  return {
    timestamp: now.toISOString(),
    localTimestamp: new Date(now.getTime() + 3_600_000).toISOString().replace('Z', '+01:00'),
    localTimezone: 'Europe/Berlin',
    channelId: 'msteams',
    serviceUrl: world.serviceUrl,
    from: { id: actor.mri, name: actor.name, aadObjectId: actor.aad },
    conversation: {
      ...(home.kind === 'personal' ? {} : { isGroup: true }),
      conversationType: kinds[home.kind],
      tenantId: actor.tenant,
      id: root === undefined ? home.id : `${home.id};messageid=${root}`,
      ...(home.kind === 'channel' ? { name: home.name } : {}),
    },
    recipient: { id: `28:${world.appId}`, name: world.botName },
    entities: [CLIENT_INFO],
    channelData: channelData(home, actor.tenant),
    locale: 'en-US',
  };
}

export const CLIENT_INFO = {
  locale: 'en-US',
  country: 'US',
  platform: 'Web',
  timezone: 'Europe/Berlin',
  type: 'clientInfo',
} as const;

export function channelData({ kind, id, team }: FakeConversation, tenant: string): Json {
  if (kind !== 'channel' || team === undefined) return { tenant: { id: tenant } };
  return {
    teamsChannelId: id,
    teamsTeamId: team.id,
    channel: { id },
    team: { id: team.id },
    tenant: { id: tenant },
  };
}

/** An invoke, ready to be delivered. `source`: the message whose card was pressed. */
export function invoke(world: World, scene: Scene, name: string, value: Json, source?: FakeMessage): Json {
  const base = envelope(world, scene);
  const from = source === undefined ? 'compose' : 'message';
  const legacy = source === undefined ? {} : { legacy: { replyToId: source.id } };
  return {
    ...base,
    type: 'invoke',
    name,
    id: freshEventId(),
    ...(source === undefined ? {} : { replyToId: source.id }),
    channelData: { ...record(base['channelData']), source: { name: from }, ...legacy },
    value,
  };
}

/** Presses an Action.Execute, by hand or by the client itself, and shows the answer to that person. */
export async function execute(
  world: World,
  post: Post,
  at: { scene: Scene; message: FakeMessage; action: Json; inputs?: Json; trigger: 'manual' | 'automatic' },
): Promise<Acted> {
  const { scene, message, action, trigger } = at;
  const { id, title, verb, data } = action;
  const given = { ...(id === undefined ? {} : { id }), ...(title === undefined ? {} : { title }) };
  const value = {
    action: { type: 'Action.Execute', ...given, verb, data: { ...at.inputs, ...record(data) } },
    trigger,
  };
  const version = message.versions.length;
  const delivery = await post.deliver(invoke(world, scene, 'adaptiveCard/action', value, message));
  const outcome = outcomeOf('adaptiveCard/action', delivery);
  const aad = scene.actor.aad;
  // What was drawn from an older version does not cover a newer one.
  if (outcome.kind === 'card' && version === message.versions.length) message.views.set(aad, outcome.card);
  if (trigger === 'manual') tell(world, scene, outcome);
  return { ...delivery, outcome };
}

/** What a client makes of the answer to an action. */
function outcomeOf(name: string, { status, body }: Delivery): Outcome {
  if (status !== 200 || answerFaults(name, body).length > 0) return { kind: 'error', text: WENT_WRONG };
  const { type, value } = record(body);
  if (type === CARD) return { kind: 'card', card: record(value) };
  if (type === 'application/vnd.microsoft.activity.message') return { kind: 'message', text: text(value) };
  return { kind: 'error', text: text(record(value)['message']) };
}

/** Opens, changes or closes a dialog as the answer asks for. `into`: the dialog that was sent. */
export function showTask(
  world: World,
  delivery: Delivery,
  at: { scene: Scene; message?: FakeMessage; command?: string; into?: string },
): Acted {
  const { scene, message, command, into } = at;
  const held = world.dialogs.find(({ id }) => id === into);
  const wrong = delivery.status !== 200 || answerFaults(text(delivery.activity['name']), delivery.body).length > 0;
  const { type, value } = record(record(delivery.body)['task']);
  const shown = record(value);
  const card = record(record(shown['card'])['content']);
  if (!wrong && type === 'continue') {
    const dialog = held ?? {
      id: freshId(world),
      user: scene.actor.aad,
      conversation: scene.home.id,
      ...(message === undefined ? {} : { message: message.id }),
      ...(command === undefined ? {} : { command }),
      title: '',
      card,
      open: true,
      typed: {},
    };
    if (held === undefined) world.dialogs.push(dialog);
    dialog.title = text(shown['title']);
    dialog.card = card;
    for (const id of Object.keys(dialog.typed)) delete dialog.typed[id];
    return { ...delivery, outcome: { kind: 'dialog', dialog: dialog.id } };
  }
  // A dialog that could not be sent stays open, with the client's own words beside it.
  if (held !== undefined && !wrong) held.open = false;
  const said: Outcome = type === 'message' ? { kind: 'message', text: text(value) } : { kind: 'nothing' };
  const outcome: Outcome = wrong ? { kind: 'error', text: WENT_WRONG } : said;
  tell(world, scene, outcome);
  return { ...delivery, outcome };
}

/** The client's own words to whoever acted. */
function tell(world: World, { actor, home }: Scene, outcome: Outcome): void {
  if (outcome.kind !== 'message' && outcome.kind !== 'error') return;
  world.messages.push({
    conversation: home.id,
    id: freshId(world),
    from: CLIENT,
    only: actor.aad,
    deleted: false,
    versions: [{ activity: { type: 'message', text: outcome.text }, at: Date.now() }],
    views: new Map(),
  });
}
