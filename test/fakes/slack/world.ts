import { randomBytes } from 'node:crypto';

export type Json = Readonly<Record<string, unknown>>;
type Block = Json;

export interface FakeUser {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  readonly enterprise?: string;
  readonly email?: string;
  readonly restricted?: boolean;
  readonly ultraRestricted?: boolean;
  readonly stranger?: boolean;
  readonly deleted?: boolean;
  readonly bot?: boolean;
}

export interface FakeChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly members: Set<string>;
  archived: boolean;
}

/** What a message looked like from one edit to the next. */
export interface Version {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly at: number;
}

export interface FakeMessage {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly thread?: string;
  readonly broadcast: boolean;
  readonly metadata?: Json;
  /** Only this person sees it. */
  readonly only?: string;
  deleted: boolean;
  /** All that was ever shown; the last one is what stands there now. */
  readonly versions: Version[];
}

export interface FakeView {
  readonly id: string;
  readonly user: string;
  view: Json;
  hash: string;
  open: boolean;
  /** What has been filled in, by block id; selects hold the option's value. */
  readonly typed: Record<string, string>;
  /** Faults shown beside blocks after the last sending. */
  errors: Readonly<Record<string, string>>;
}

/** One call of the Web API, as it came. */
interface Call {
  readonly method: string;
  readonly args: Json;
  readonly at: number;
  /** `ok`, Slack's error word, or the misbehaviour that took its place. */
  outcome: string;
}

export interface WorldOptions {
  readonly team?: string;
  readonly enterprise?: string;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
}

/** Everything this Slack knows. Plain data; the other files of this folder act on it. */
export interface World {
  readonly team: string;
  readonly enterprise: string | undefined;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly botUser: string;
  readonly botId: string;
  readonly appId: string;
  readonly scopes: Set<string>;
  readonly users: Map<string, FakeUser>;
  readonly channels: Map<string, FakeChannel>;
  readonly groups: Map<string, readonly string[]>;
  readonly messages: FakeMessage[];
  readonly views: Map<string, FakeView>;
  /** What the Home tab shows to each user. */
  readonly homes: Map<string, Json>;
  readonly triggers: Map<string, { readonly user: string; readonly at: number; used: boolean }>;
  readonly hooks: Map<string, Hook>;
  readonly calls: Call[];
  counter: number;
}

/** A `response_url`: five uses in half an hour. */
export interface Hook {
  readonly channel: string;
  readonly user: string;
  readonly thread?: string;
  readonly message?: string;
  readonly at: number;
  uses: number;
  expired: boolean;
}

const SCOPES = [
  'commands',
  'chat:write',
  'app_mentions:read',
  'im:history',
  'im:write',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
  'users:read',
  'users:read.email',
  'usergroups:read',
];

export function createWorld(options: WorldOptions): World {
  const world: World = {
    team: options.team ?? 'T1',
    enterprise: options.enterprise,
    botToken: options.botToken ?? 'xoxb-fake',
    appToken: options.appToken ?? 'xapp-fake',
    signingSecret: options.signingSecret ?? 'fake-signing-secret',
    botUser: 'UBOT',
    botId: 'BBOT',
    appId: 'A1',
    scopes: new Set(SCOPES),
    users: new Map(),
    channels: new Map(),
    groups: new Map(),
    messages: [],
    views: new Map(),
    homes: new Map(),
    triggers: new Map(),
    hooks: new Map(),
    calls: [],
    counter: 0,
  };
  world.users.set('UBOT', { id: 'UBOT', name: 'countersign', team: world.team, bot: true });
  return world;
}

/** Ids that never repeat. */
export function fresh(world: World, prefix: string): string {
  world.counter += 1;
  return `${prefix}${world.counter}${randomBytes(4).toString('hex').toUpperCase()}`;
}

/** A message time: seconds with six digits, strictly rising. */
export function freshTs(world: World): string {
  world.counter += 1;
  return `${Math.floor(Date.now() / 1000)}.${String(world.counter).padStart(6, '0')}`;
}

export function trigger(world: World, user: string): string {
  const id = fresh(world, 'trigger.');
  world.triggers.set(id, { user, at: Date.now(), used: false });
  return id;
}

export function latest(message: FakeMessage): Version {
  const version = message.versions.at(-1);
  if (version === undefined) throw new Error('a message without versions');
  return version;
}

export function find(world: World, channel: string, ts: string): FakeMessage | undefined {
  return world.messages.find((one) => one.channel === channel && one.ts === ts && one.only === undefined);
}

export function direct(world: World, user: string): FakeChannel {
  const id = `D${user.slice(1)}`;
  const known = world.channels.get(id);
  if (known !== undefined) return known;
  const channel: FakeChannel = { id, name: id, kind: 'im', members: new Set([user, world.botUser]), archived: false };
  world.channels.set(id, channel);
  return channel;
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function records(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
