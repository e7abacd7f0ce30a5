import type { Delivery, Post } from './delivery.ts';
import {
  type Acted,
  CLIENT_INFO,
  channelData,
  envelope,
  execute,
  invoke,
  type Scene,
  sceneAt,
  showTask,
} from './invokes.ts';
import { actionNamed, cardOf, filledIn, viewOf } from './views.ts';
import {
  conversation,
  type FakeMessage,
  findMessage,
  freshEventId,
  freshId,
  type Json,
  latest,
  person,
  personal,
  record,
  text,
  type World,
} from './world.ts';

/** A message as tests point at it. */
export interface Ref {
  readonly conversation: string;
  readonly id: string;
}

export interface PressOptions {
  /** What is filled in beside the button, by input id. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Presses what an older copy of the message showed: 0 is the first version. */
  readonly version?: number;
}

/**
 * What people do. A person is named by object id, `29:...` or name; a conversation by id or name, or `personal`. Each returns when
 * the bot has answered (or the client's patience is over).
 */
export interface Acts {
  /** In channels and groups with a mention of the bot, unless `mention` is false. `thread`: root to answer under. */
  say(user: string, where: string, words: string, options?: { thread?: string; mention?: boolean }): Promise<Delivery>;
  /** A slash command: only the bot and the user see it. */
  slash(user: string, where: string, words: string, thread?: string): Promise<Delivery>;
  /** Presses the button of a title, verb or id in the view that this person sees. */
  press(user: string, message: Ref, what: string, options?: PressOptions): Promise<Acted>;
  /** The same on a client that does not know Action.Execute: what the button falls back to. */
  submit(user: string, message: Ref, what: string, options?: PressOptions): Promise<Acted>;
  /** What a client does when it shows a card that may be refreshed; nothing for others, and for people who are not listed. */
  look(user: string, message: Ref): Promise<Acted | undefined>;
  /** Opens the dialog of a message extension's command. */
  extension(user: string, where: string, command: string): Promise<Acted>;
  /** The bot is added: one event for the membership, one for the installation. */
  install(where: string, by?: string): Promise<readonly Delivery[]>;
  uninstall(where: string, by?: string): Promise<readonly Delivery[]>;
  /** Somebody takes a message away. */
  remove(message: Ref): void;
}

const THEME = { theme: 'default' } as const;

export function createActs(world: World, post: Post): Acts {
  function home(who: string, where: string) {
    return where === 'personal' ? personal(world, who) : conversation(world, where);
  }

  function held({ conversation: where, id }: Ref): FakeMessage {
    const message = findMessage(world, { conversation: conversation(world, where).id, id });
    if (message === undefined) throw new Error(`there is no message ${id} in ${where}`);
    return message;
  }

  /** A message by a person: kept, and told to the bot. */
  async function write(
    who: string,
    where: string,
    words: string,
    how: { thread?: string; slash?: boolean; mention?: boolean },
  ) {
    const place = home(who, where);
    const actor = person(world, who);
    const id = freshId(world);
    const thread = place.kind === 'channel' ? how.thread : undefined;
    const root = place.kind === 'channel' ? { root: thread ?? id } : {};
    const mention = `<at>${world.botName}</at>`;
    const mentioned = how.mention ?? place.kind !== 'personal';
    const said = `${mentioned ? `${mention} ` : ''}${escaped(words)}`;
    const base = envelope(world, { actor, home: place, ...root });
    const recipient = record(base['recipient']);
    const entity = { type: 'mention', mentioned: recipient, text: mention };
    world.messages.push({
      conversation: place.id,
      id,
      from: actor.aad,
      ...(thread === undefined ? {} : { thread }),
      ...(how.slash === true ? { only: actor.aad } : {}),
      deleted: false,
      versions: [{ activity: { type: 'message', text: words }, at: Date.now() }],
      views: new Map(),
    });
    return post.deliver({
      ...base,
      type: 'message',
      id,
      textFormat: 'plain',
      text: said,
      attachments: [{ contentType: 'text/html', content: `<p>${said}</p>` }],
      ...(thread === undefined ? {} : { replyToId: thread }),
      ...(how.slash === true ? { recipient: { ...recipient, isTargeted: true } } : {}),
      entities: mentioned ? [entity, CLIENT_INFO] : [CLIENT_INFO],
    });
  }

  async function press(who: string, ref: Ref, what: string, options: PressOptions, isOld: boolean): Promise<Acted> {
    const message = held(ref);
    const scene = sceneAt(world, who, message);
    const older = options.version === undefined ? undefined : message.versions[options.version]?.activity;
    const card = older === undefined ? viewOf(message, scene.actor.aad) : cardOf(older);
    const found = actionNamed(card, what);
    if (card === undefined || found === undefined) throw new Error(`the message shows ${who} no "${what}"`);
    const inputs = filledIn(card, options.inputs ?? {});
    const action = isOld && found['type'] === 'Action.Execute' ? record(found['fallback']) : found;
    if (action['type'] === 'Action.Execute')
      return execute(world, post, { scene, message, action, inputs, trigger: 'manual' });
    if (action['type'] !== 'Action.Submit') throw new Error(`pressing "${what}" tells the bot nothing`);
    const data = { ...inputs, ...record(action['data']) };
    if (record(record(data)['msteams'])['type'] === 'task/fetch') {
      const value = { data, context: THEME, tabContext: null };
      const delivery = await post.deliver(invoke(world, scene, 'task/fetch', value, message));
      return showTask(world, delivery, { scene, message });
    }
    return submitted(scene, message, data);
  }

  /** An Action.Submit comes as a message without words. */
  async function submitted(scene: Scene, message: FakeMessage, value: Json): Promise<Acted> {
    const base = envelope(world, scene);
    const source = { source: { name: 'message' }, legacy: { replyToId: message.id } };
    const delivery = await post.deliver({
      ...base,
      type: 'message',
      id: freshEventId(),
      replyToId: message.id,
      channelData: { ...record(base['channelData']), ...source },
      value,
    });
    return { ...delivery, outcome: { kind: 'nothing' } };
  }

  async function look(who: string, ref: Ref): Promise<Acted | undefined> {
    const message = held(ref);
    const scene = sceneAt(world, who, message);
    const action = refreshOf(message, scene.actor.mri);
    return action && execute(world, post, { scene, message, action, trigger: 'automatic' });
  }

  /** Both events of a coming or going. */
  async function moved(where: string, by: string | undefined, isComing: boolean): Promise<readonly Delivery[]> {
    const place = where === 'personal' ? personal(world, by ?? '') : conversation(world, where);
    place.installed = isComing;
    const actor = person(world, by ?? [...place.members][0] ?? '');
    const base = envelope(world, { actor, home: place });
    const bot = { id: `28:${world.appId}` };
    const team =
      place.team === undefined ? {} : { team: { ...place.team }, settings: { selectedChannel: { id: place.id } } };
    const data = { ...channelData(place, actor.tenant), ...team };
    const eventType = place.kind === 'channel' ? { eventType: isComing ? 'teamMemberAdded' : 'teamMemberRemoved' } : {};
    const members = { [isComing ? 'membersAdded' : 'membersRemoved']: [bot] };
    return [
      await post.deliver({
        ...base,
        type: 'conversationUpdate',
        id: freshEventId(),
        ...members,
        channelData: { ...data, ...eventType },
      }),
      await post.deliver({
        ...base,
        type: 'installationUpdate',
        id: freshEventId(),
        action: isComing ? 'add' : 'remove',
        channelData: data,
      }),
    ];
  }

  return {
    say: (user, where, words, options = {}) => write(user, where, words, options),
    slash: (user, where, words, thread) =>
      write(user, where, words, { slash: true, mention: false, ...(thread === undefined ? {} : { thread }) }),
    press: (user, message, what, options = {}) => press(user, message, what, options, false),
    submit: (user, message, what, options = {}) => press(user, message, what, options, true),
    look,
    extension: async (user, where, command) => {
      const scene = { actor: person(world, user), home: home(user, where) };
      const value = { commandId: command, commandContext: 'compose', context: THEME };
      const delivery = await post.deliver(invoke(world, scene, 'composeExtension/fetchTask', value));
      return showTask(world, delivery, { scene, command });
    },
    install: (where, by) => moved(where, by, true),
    uninstall: (where, by) => moved(where, by, false),
    remove: (ref) => {
      held(ref).deleted = true;
    },
  };
}

/** What the client of this person asks for by itself when it shows the message. */
export function refreshOf(message: FakeMessage, mri: string): Json | undefined {
  const { action, userIds } = record(cardOf(latest(message))?.['refresh']);
  const isListed = !Array.isArray(userIds) || userIds.includes(mri);
  return action === undefined || !isListed ? undefined : record(action);
}

/** As Teams dresses what people type. */
function escaped(words: string): string {
  return text(words).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
