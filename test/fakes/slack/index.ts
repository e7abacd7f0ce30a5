import type { Server } from 'node:http';
import { type Acts, createActs, type Ref, removeMessage } from './acts.ts';
import { type Carrier, createPost, httpCarrier, type Post } from './delivery.ts';
import { createDialogs, type Dialogs } from './dialogs.ts';
import { createFaults, type Faults } from './faults.ts';
import { createApiServer, type Extra, portOf } from './server.ts';
import { createSockets, type Sockets } from './socket.ts';
import {
  createWorld,
  direct,
  type FakeChannel,
  type FakeMessage,
  type FakeUser,
  type FakeView,
  latest,
  records,
  text,
  type World,
  type WorldOptions,
} from './world.ts';

export interface FakeSlackOptions extends WorldOptions {
  /** Absent: a free one. */
  readonly port?: number;
  /** Seed for the choice among several Socket Mode connections; absent: by turns. */
  readonly dice?: number;
}

/** A Slack of our own on loopback: Web API, Socket Mode, signed requests, response_url, and people who act. */
export interface FakeSlack extends Acts, Dialogs {
  readonly world: World;
  readonly port: number;
  /** For `apiUrl` of the adapter's settings. */
  readonly apiUrl: string;
  readonly faults: Faults;
  readonly sockets: Pick<Sockets, 'count' | 'drop' | 'refresh'>;
  readonly deliveries: Post['deliveries'];
  readonly redeliver: Post['redeliver'];
  addUser(user: Partial<FakeUser> & { readonly id: string }): FakeUser;
  /** With the bot and everybody named as members. */
  addChannel(channel: { id: string; name?: string; kind?: FakeChannel['kind']; members?: readonly string[] }): void;
  addGroup(id: string, users: readonly string[]): void;
  archive(channel: string, archived?: boolean): void;
  remove(message: Ref): void;
  /** From now on deliveries are signed requests to these addresses by turns; nothing: back to Socket Mode. */
  deliverTo(...urls: readonly (string | undefined)[]): void;
  /** Every message that everybody in the channel sees, oldest first, without removed ones and those of people. */
  messages(channel: string): readonly FakeMessage[];
  /** What only this person was told: hidden messages in channels, and the direct conversation. */
  privately(user: string): readonly FakeMessage[];
  /** Open dialogs of a person, the last one opened first. */
  dialogs(user: string): readonly FakeView[];
  /** All responses by `response_url` expire at once. */
  expireHooks(): void;
  /** Calls of one Web API method. */
  calls(method: string): World['calls'];
  extend(extra: Extra): void;
  close(): Promise<void>;
}

export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  const world = createWorld(options);
  const faults = createFaults();
  let extra: Extra | undefined;
  const server = createApiServer(world, faults, () => extra);
  const sockets = createSockets(server, options.dice);
  await listening(server, options.port ?? 0);
  const port = portOf(server);
  let carrier: Carrier = sockets.carrier;
  const post = createPost(world, () => carrier);

  return {
    ...createActs(world, post, () => `http://127.0.0.1:${port}`),
    ...createDialogs(world, post),
    ...lists(world),
    ...setting(world),
    world,
    port,
    apiUrl: `http://127.0.0.1:${port}/api/`,
    faults,
    sockets,
    deliveries: post.deliveries,
    redeliver: post.redeliver,
    deliverTo: (...given) => {
      const urls = given.filter((url) => url !== undefined && url !== null);
      carrier = urls.length === 0 ? sockets.carrier : httpCarrier(world, urls);
    },
    extend: (more) => {
      extra = more;
    },
    close: async () => {
      await sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function setting(world: World) {
  return {
    addUser: (user: Partial<FakeUser> & { readonly id: string }) => {
      const whole = { name: user.id.toLowerCase(), team: world.team, ...user };
      world.users.set(user.id, whole);
      return whole;
    },
    addChannel: (one: { id: string; name?: string; kind?: FakeChannel['kind']; members?: readonly string[] }) => {
      const members = new Set([world.botUser, ...(one.members ?? [])]);
      const { id, name = id.toLowerCase(), kind = 'public' } = one;
      world.channels.set(id, { id, name, kind, members, archived: false });
    },
    addGroup: (id: string, users: readonly string[]) => void world.groups.set(id, users),
    archive: (id: string, archived = true) => {
      const channel = world.channels.get(id);
      if (channel !== undefined) channel.archived = archived;
    },
    remove: (ref: Ref) => removeMessage(world, ref),
    expireHooks: () => {
      for (const hook of world.hooks.values()) hook.expired = true;
    },
  };
}

function lists(world: World) {
  const ours = (message: FakeMessage) => message.user === world.botUser && !message.deleted;
  return {
    messages: (channel: string) =>
      world.messages.filter((one) => ours(one) && one.channel === channel && one.only === undefined),
    privately: (user: string) => {
      const home = direct(world, user).id;
      return world.messages.filter((one) => ours(one) && (one.only === user || one.channel === home));
    },
    dialogs: (user: string) => [...world.views.values()].filter((one) => one.open && one.user === user).reverse(),
    calls: (method: string) => world.calls.filter((one) => one.method === method),
  };
}

/** All words that a reader of the message's present version sees, and its fallback text first. */
export function wordsOf(message: FakeMessage): string {
  const { text: fallback, blocks } = latest(message);
  const found: string[] = [fallback];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) collect(one);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) {
        if (key === 'text' && typeof one === 'string') found.push(one);
        else collect(one);
      }
    }
  };
  collect(blocks);
  return found.join('\n');
}

/** Labels of the buttons and menu entries that the present version shows. */
export function buttonsOf(message: FakeMessage): readonly string[] {
  const elements = latest(message).blocks.flatMap((block) => records(block['elements']));
  const pressable = elements.flatMap((one) =>
    one['type'] === 'overflow' ? records(one['options']) : one['type'] === 'button' ? [one] : [],
  );
  return pressable.map((one) => text((one['text'] as Record<string, unknown> | undefined)?.['text']));
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
