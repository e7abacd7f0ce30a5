import type { Server } from 'node:http';
import { type Acts, createActs, type Ref } from './acts.ts';
import { createPost, type Post } from './delivery.ts';
import { createDialogs, type Dialogs } from './dialogs.ts';
import { createFaults, type Faults } from './faults.ts';
import { createLimits } from './limits.ts';
import { cloudOf } from './login.ts';
import { createRefreshes, type Refreshes } from './refreshes.ts';
import { createTeamsServer, type Extra, portOf } from './server.ts';
import { buttonsOf, wordsOf } from './views.ts';
import {
  BOT,
  type Call,
  type CallKind,
  CLIENT,
  conversation,
  createWorld,
  type FakeConversation,
  type FakeDialog,
  type FakeGroup,
  type FakeMessage,
  type FakePerson,
  findMessage,
  guidOf,
  person,
  personal,
  type World,
  type WorldOptions,
} from './world.ts';

export interface FakeTeamsOptions extends WorldOptions {
  /** Absent: a free one. */
  readonly port?: number;
  /** Do clients ask for their own view of cards by themselves? */
  readonly autoRefresh?: boolean;
}

/** A Teams of our own on loopback: login, Bot Connector, signed deliveries, and people who act. */
export interface FakeTeams
  extends Acts,
    Dialogs,
    Pick<Post, 'deliver' | 'redeliver' | 'forge' | 'retry' | 'deliverTo'> {
  readonly world: World;
  readonly port: number;
  /** For `serviceUrls` of the adapter's settings. */
  readonly serviceUrl: string;
  /** For `cloud` of the adapter's settings. */
  readonly cloud: ReturnType<typeof cloudOf>;
  readonly faults: Faults;
  readonly deliveries: Post['deliveries'];
  /** Nobody reaches Teams until it is up again. */
  down(): void;
  up(): void;
  /** The real rate limits of each thread, on or off. */
  limits(isOn?: boolean): void;
  /** Do clients ask for their own view of cards by themselves? */
  autoRefresh(isOn: boolean): void;
  /** Returns when no client is asking for its view any more. */
  settled: Refreshes['settled'];
  /** What is not given is made up of the name. */
  addPerson(one: Partial<FakePerson> & { readonly name: string }): FakePerson;
  /** With the bot in it, unless `installed` is false. Members by name or object id. */
  addConversation(one: {
    readonly name: string;
    readonly id?: string;
    readonly kind?: 'channel' | 'group';
    readonly members?: readonly string[];
    readonly installed?: boolean;
  }): FakeConversation;
  /** A group of Entra. Members by name or object id, groups within it by object id. */
  addGroup(one: {
    readonly name: string;
    readonly members?: readonly string[];
    readonly groups?: readonly string[];
  }): FakeGroup;
  /** The conversation of one person with the bot. */
  personal(user: string): FakeConversation;
  /** Access tokens that are out are worth nothing from now on. */
  expireTokens(): void;
  /** What everybody in a conversation sees of the bot, oldest first, without removed messages. */
  messages(where: string): readonly FakeMessage[];
  /** What only this person was told: targeted messages, the personal chat, and what the client said after invokes. */
  privately(user: string): readonly FakeMessage[];
  /** A message as it stands; nothing when it is gone. */
  message(at: Ref): FakeMessage | undefined;
  /** All words of a message, in this person's view if one is named. */
  words(at: Ref, user?: string): string;
  /** Titles of the buttons of a message, in this person's view if one is named. */
  buttons(at: Ref, user?: string): readonly string[];
  /** Open dialogs of a person, the last one opened first. */
  dialogs(user: string): readonly FakeDialog[];
  /** Requests of one kind. */
  calls(kind: CallKind): readonly Call[];
  extend(extra: Extra): void;
  close(): Promise<void>;
}

export async function startFakeTeams(options: FakeTeamsOptions = {}): Promise<FakeTeams> {
  const world = createWorld(options);
  const faults = createFaults();
  const limits = createLimits();
  const post = createPost(world);
  const acts = createActs(world, post);
  const refreshes = createRefreshes(world, acts.look, post.isConnected);
  refreshes.on(options.autoRefresh ?? true);
  let extra: Extra | undefined;
  let isDown = false;
  const { changed } = refreshes;
  const server = createTeamsServer(world, { faults, limits, extra: () => extra, isDown: () => isDown, changed });
  await listening(server, options.port ?? 0);
  const origin = `http://127.0.0.1:${portOf(server)}`;
  world.serviceUrl = `${origin}/teams/`;
  const { deliveries, deliver, redeliver, forge, retry, deliverTo } = post;

  return {
    ...acts,
    ...createDialogs(world, post),
    ...setting(world),
    ...looks(world),
    ...{ deliveries, deliver, redeliver, forge, retry, deliverTo },
    world,
    port: portOf(server),
    serviceUrl: world.serviceUrl,
    cloud: cloudOf(origin),
    faults,
    down: () => {
      isDown = true;
    },
    up: () => {
      isDown = false;
    },
    limits: (isOn) => limits.on(isOn),
    autoRefresh: refreshes.on,
    settled: refreshes.settled,
    extend: (more) => {
      extra = more;
    },
    close: async () => {
      refreshes.on(false);
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

/** The same id for a channel of the same name each time. */
export function channelId(name: string): string {
  return `19:${threadOf(name)}@thread.tacv2`;
}

function threadOf(name: string): string {
  return guidOf(`thread ${name}`).replaceAll('-', '');
}

/** The same object id for a group of the same name each time. */
export function groupId(name: string): string {
  return guidOf(`group ${name}`);
}

function setting(
  world: World,
): Pick<FakeTeams, 'addPerson' | 'addConversation' | 'addGroup' | 'personal' | 'expireTokens'> {
  return {
    addPerson: (one) => {
      const aad = (one.aad ?? guidOf(one.name)).toLowerCase();
      const email = `${one.name.toLowerCase().replaceAll(' ', '.')}@example.test`;
      const made = { mri: `29:1${guidOf(aad).replaceAll('-', '')}`, email, upn: email, role: 'user' as const };
      const whole: FakePerson = { ...made, tenant: world.tenant, ...one, aad };
      world.people.set(aad, whole);
      return whole;
    },
    addConversation: ({ name, kind = 'channel', members = [], installed = true, ...one }) => {
      const id = one.id ?? (kind === 'channel' ? channelId(name) : `19:${threadOf(name)}@thread.v2`);
      const team = kind === 'channel' ? { team: TEAM } : {};
      const aads = new Set(members.map((who) => person(world, who).aad));
      const made: FakeConversation = { id, kind, name, members: aads, installed, ...team };
      world.conversations.set(id, made);
      return made;
    },
    addGroup: ({ name, members = [], groups = [] }) => {
      const aads = new Set(members.map((who) => person(world, who).aad));
      const made: FakeGroup = { id: groupId(name), name, members: aads, groups: new Set(groups) };
      world.entra.groups.set(made.id, made);
      return made;
    },
    personal: (user) => personal(world, user),
    expireTokens: () => {
      world.tokens.clear();
      world.entra.tokens.clear();
    },
  };
}

/** All channels are in one team. */
const TEAM = { id: '19:6e1c0de5a9b84d3f8f1d2b7c4a5e6f70@thread.tacv2', name: 'Acme' };

function looks(world: World) {
  const isShown = (message: FakeMessage) => !message.deleted && (message.from === BOT || message.from === CLIENT);
  const aadOf = (user: string | undefined) => (user === undefined ? undefined : person(world, user).aad);
  const held = (at: Ref) => findMessage(world, { conversation: conversation(world, at.conversation).id, id: at.id });
  return {
    messages: (where: string) => {
      const { id } = conversation(world, where);
      return world.messages.filter((one) => isShown(one) && one.conversation === id && one.only === undefined);
    },
    privately: (user: string) => {
      const { aad } = person(world, user);
      const home = personal(world, aad).id;
      return world.messages.filter((one) => isShown(one) && (one.only === aad || one.conversation === home));
    },
    message: held,
    words: (at: Ref, user?: string) => wordsOf(shown(held(at)), aadOf(user)),
    buttons: (at: Ref, user?: string) => buttonsOf(shown(held(at)), aadOf(user)),
    dialogs: (user: string) => {
      const { aad } = person(world, user);
      return world.dialogs.filter((one) => one.open && one.user === aad).reverse();
    },
    calls: (kind: CallKind) => world.calls.filter((one) => one.kind === kind),
  };
}

function shown(message: FakeMessage | undefined): FakeMessage {
  if (message === undefined) throw new Error('there is no such message');
  return message;
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
