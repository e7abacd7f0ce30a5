import { createHash, randomBytes } from 'node:crypto';

export type Json = Readonly<Record<string, unknown>>;

export interface FakePerson {
  /** Object id in Entra. */
  readonly aad: string;
  /** The bot's own id of the person, `29:...`. */
  readonly mri: string;
  readonly name: string;
  readonly email: string;
  readonly upn: string;
  readonly role: 'user' | 'guest';
  readonly tenant: string;
  /** May the account log in? Yes when absent. */
  readonly enabled?: boolean;
}

/** A group of Entra. */
export interface FakeGroup {
  /** Object id. */
  readonly id: string;
  readonly name: string;
  /** Object ids. */
  readonly members: Set<string>;
  /** Object ids of groups within it. */
  readonly groups: Set<string>;
}

export interface Entra {
  readonly groups: Map<string, FakeGroup>;
  /** What an administrator has let the app do in Graph; a token holds what it was when it was given out. */
  readonly permissions: Set<string>;
  /** Tokens for Graph that are out, with the time they end. */
  readonly tokens: Map<string, { readonly until: number; readonly permissions: ReadonlySet<string> }>;
  /** Most people on one page of a group. */
  pageSize: number;
}

/** How the pages of rosters and groups follow each other. `foreign`: the next page of a group is said to be at that origin. */
export type Paging = 'right' | 'again' | 'endless' | { readonly foreign: string };

export interface FakeConversation {
  readonly id: string;
  readonly kind: 'channel' | 'group' | 'personal';
  readonly name: string;
  readonly team?: { readonly id: string; readonly name: string };
  /** Object ids. */
  readonly members: Set<string>;
  installed: boolean;
}

/** What a message looked like from one edit to the next. */
export interface Version {
  readonly activity: Json;
  readonly at: number;
}

export interface FakeMessage {
  readonly conversation: string;
  readonly id: string;
  /** Root of the thread that it is a reply in; only in channels. */
  readonly thread?: string;
  /** The bot, a person's object id, or the client itself (what it tells somebody after an invoke). */
  readonly from: string;
  /** Only this person (object id) sees it. */
  readonly only?: string;
  deleted: boolean;
  /** All that was ever shown to everybody; the last one is what stands there now. */
  readonly versions: Version[];
  /** Cards that took the place of the message's card for one person, by object id. */
  readonly views: Map<string, Json>;
}

export interface FakeDialog {
  readonly id: string;
  readonly user: string;
  readonly conversation: string;
  /** The message whose button opened it. */
  readonly message?: string;
  /** The command of the message extension that opened it. */
  readonly command?: string;
  title: string;
  card: Json;
  open: boolean;
  /** What has been filled in, by input id. */
  readonly typed: Record<string, string>;
}

/** One request to the connector, as it came. */
export interface Call {
  readonly kind: CallKind;
  readonly method: string;
  readonly path: string;
  readonly conversation: string;
  readonly body: Json;
  readonly at: number;
  /** What was answered; 0 when the connection was cut or left hanging. */
  status: number;
}

export type CallKind =
  | 'login'
  | 'create'
  | 'post'
  | 'target'
  | 'update'
  | 'delete'
  | 'member'
  | 'members'
  | 'graph'
  | 'other';

/** Something that the real service would have refused, or the real client would not have shown. */
export interface Violation {
  readonly where: string;
  readonly reasons: readonly string[];
}

export interface WorldOptions {
  readonly tenant?: string;
  readonly appId?: string;
  readonly secret?: string;
  /** How long access tokens are good for, in seconds. */
  readonly tokenLife?: number;
}

/** Everything this Teams knows. Plain data; the other files of this folder act on it. */
export interface World {
  readonly tenant: string;
  readonly appId: string;
  readonly secret: string;
  readonly botName: string;
  readonly tokenLife: number;
  /** Set when the server listens; ends in a slash. */
  serviceUrl: string;
  readonly people: Map<string, FakePerson>;
  readonly conversations: Map<string, FakeConversation>;
  readonly messages: FakeMessage[];
  readonly dialogs: FakeDialog[];
  /** Access tokens that are out, with the time they end. */
  readonly tokens: Map<string, number>;
  readonly calls: Call[];
  readonly violations: Violation[];
  /** Most members on one page of a roster. */
  pageSize: number;
  readonly entra: Entra;
  paging: Paging;
  lastId: number;
  /** What its clock shows when it signs a delivery, in milliseconds since 1970. */
  now: () => number;
}

/** The bot in `from` of messages. */
export const BOT = 'bot';
/** The client in `from` of messages: what it says after an invoke. */
export const CLIENT = 'client';

export function createWorld(options: WorldOptions): World {
  return {
    tenant: options.tenant ?? '11111111-1111-4111-8111-111111111111',
    appId: options.appId ?? '22222222-2222-4222-8222-222222222222',
    secret: options.secret ?? 'fake-client-secret',
    botName: 'Countersign',
    tokenLife: options.tokenLife ?? 3600,
    serviceUrl: '',
    people: new Map(),
    conversations: new Map(),
    messages: [],
    dialogs: [],
    tokens: new Map(),
    calls: [],
    violations: [],
    pageSize: 500,
    entra: {
      groups: new Map(),
      permissions: new Set(['GroupMember.Read.All', 'User.Read.All']),
      tokens: new Map(),
      pageSize: 999,
    },
    paging: 'right',
    lastId: 0,
    now: Date.now,
  };
}

/** A message id as Teams makes them: milliseconds, strictly rising. */
export function freshId(world: World): string {
  world.lastId = Math.max(world.lastId + 1, Date.now());
  return String(world.lastId);
}

/** An id of an activity that is no message. */
export function freshEventId(): string {
  return `f:${guidOf(randomBytes(16).toString('hex'))}`;
}

/** The same GUID for the same word each time. */
export function guidOf(word: string): string {
  const hex = createHash('sha256').update(word).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Somebody by object id, `29:...` or name. */
export function findPerson(world: World, who: string): FakePerson | undefined {
  const known = world.people.get(who.toLowerCase());
  return known ?? [...world.people.values()].find((one) => one.mri === who || one.name === who);
}

export function person(world: World, who: string): FakePerson {
  const found = findPerson(world, who);
  if (found === undefined) throw new Error(`this Teams has no ${who}`);
  return found;
}

export function conversation(world: World, id: string): FakeConversation {
  const { base } = takenApart(id);
  const found = world.conversations.get(base) ?? [...world.conversations.values()].find(({ name }) => name === base);
  if (found === undefined) throw new Error(`this Teams has no conversation ${id}`);
  return found;
}

/** The conversation of one person with the bot; the same each time. */
export function personal(world: World, who: string): FakeConversation {
  const { aad, name } = person(world, who);
  const id = `a:1${createHash('sha256').update(`${world.appId}${aad}`).digest('base64url')}`;
  const known = world.conversations.get(id);
  if (known !== undefined) return known;
  const made: FakeConversation = { id, kind: 'personal', name, members: new Set([aad]), installed: true };
  world.conversations.set(id, made);
  return made;
}

/** `19:...@thread.tacv2;messageid=1` -> the conversation and the root of the thread. */
export function takenApart(id: string): { readonly base: string; readonly root?: string } {
  const [base = '', root] = id.split(';messageid=');
  return root === undefined ? { base } : { base, root };
}

export function findMessage(world: World, at: { conversation: string; id: string }): FakeMessage | undefined {
  const { base } = takenApart(at.conversation);
  return world.messages.find((one) => one.conversation === base && one.id === at.id && !one.deleted);
}

export function latest(message: FakeMessage): Json {
  const version = message.versions.at(-1);
  if (version === undefined) throw new Error('a message without versions');
  return version.activity;
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

export function records(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
