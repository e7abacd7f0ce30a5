import type { Delivery, Post } from './delivery.ts';
import {
  direct,
  type FakeUser,
  find,
  fresh,
  freshTs,
  type Hook,
  type Json,
  latest,
  records,
  text,
  trigger,
  type World,
} from './world.ts';

/** A message as users and tests point at it. */
export interface Ref {
  readonly channel: string;
  readonly ts: string;
}

export interface ClickOptions {
  /** Presses what an older copy of the message showed: 0 is the first version. */
  readonly version?: number;
  /** The workspace and organisation that the payload claims to come from. */
  readonly team?: string;
  readonly enterprise?: string;
}

/** What people do in channels. Each returns when the app has acknowledged (or five seconds are over). */
export interface Acts {
  command(
    user: string,
    channel: string,
    words: string,
    options?: { command?: string; team?: string; enterprise?: string },
  ): Promise<Delivery>;
  /** Presses the button (or menu entry) of a verb, an action id or a label. */
  click(user: string, message: Ref, what: string, options?: ClickOptions): Promise<Delivery>;
  mention(user: string, channel: string, words: string, thread?: string): Promise<Delivery>;
  /** Writes to the bot directly. */
  dm(user: string, words: string): Promise<Delivery>;
  /** Adds somebody to a channel; the bot itself when no user is given. */
  join(channel: string, user?: string): Promise<Delivery>;
  /** Opens the app by its name in the sidebar. */
  openApp(user: string, tab?: 'home' | 'messages'): Promise<Delivery>;
  event(event: Json, more?: Json): Promise<Delivery>;
}

export function createActs(world: World, post: Post, address: () => string): Acts {
  function person(id: string): FakeUser {
    const user = world.users.get(id);
    if (user === undefined) throw new Error(`this Slack has no user ${id}`);
    return user;
  }

  function hook(user: string, ref: { channel: string; ts?: string; thread?: string }): string {
    const id = fresh(world, 'R');
    const { channel, ts, thread } = ref;
    const one: Hook = { channel, user, at: Date.now(), uses: 0, expired: false };
    world.hooks.set(id, {
      ...one,
      ...(thread === undefined ? {} : { thread }),
      ...(ts === undefined ? {} : { message: ts }),
    });
    return `${address()}/hooks/${id}`;
  }

  async function command(...[id, channel, words, options = {}]: Parameters<Acts['command']>): Promise<Delivery> {
    const user = person(id);
    const enterprise = options.enterprise ?? user.enterprise ?? world.enterprise;
    return post.deliver('slash_commands', {
      token: 'verification',
      team_id: options.team ?? user.team,
      team_domain: 'acme',
      ...(enterprise === undefined ? {} : { enterprise_id: enterprise, enterprise_name: 'Acme' }),
      channel_id: channel,
      channel_name: world.channels.get(channel)?.name ?? 'directmessage',
      user_id: id,
      user_name: user.name,
      command: options.command ?? '/deploy',
      text: words,
      api_app_id: world.appId,
      is_enterprise_install: 'false',
      response_url: hook(id, { channel }),
      trigger_id: trigger(world, id),
    });
  }

  async function click(...[id, ref, what, options = {}]: Parameters<Acts['click']>): Promise<Delivery> {
    const message = world.messages.find((one) => one.channel === ref.channel && one.ts === ref.ts);
    if (message === undefined) throw new Error(`there is no message ${ref.ts} in ${ref.channel}`);
    const shown = options.version === undefined ? latest(message) : message.versions[options.version];
    const pressed = pressable(shown?.blocks ?? [], what);
    if (pressed === undefined) throw new Error(`the message shows no "${what}"`);
    const thread = message.thread === undefined ? {} : { thread_ts: message.thread };
    const hidden = message.only !== undefined;
    return post.deliver('interactive', {
      type: 'block_actions',
      ...claimed(world, person(id), options),
      api_app_id: world.appId,
      token: 'verification',
      container: { type: 'message', message_ts: ref.ts, channel_id: ref.channel, is_ephemeral: hidden, ...thread },
      trigger_id: trigger(world, id),
      channel: { id: ref.channel, name: world.channels.get(ref.channel)?.name ?? '' },
      // Slack sends no message along for those that only one person sees.
      ...(hidden ? {} : { message: { type: 'message', ts: ref.ts, ...thread } }),
      response_url: hook(id, {
        channel: ref.channel,
        ts: ref.ts,
        ...(message.thread === undefined ? {} : { thread: message.thread }),
      }),
      actions: [{ ...pressed, action_ts: freshTs(world) }],
    });
  }

  async function event(one: Json, more: Json = {}): Promise<Delivery> {
    return post.deliver('events_api', {
      token: 'verification',
      team_id: world.team,
      ...(world.enterprise === undefined ? {} : { enterprise_id: world.enterprise }),
      api_app_id: world.appId,
      type: 'event_callback',
      event_id: fresh(world, 'Ev'),
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [
        {
          enterprise_id: world.enterprise ?? null,
          team_id: world.team,
          user_id: world.botUser,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      event: one,
      ...more,
    });
  }

  function say(id: string, channel: string, words: string, thread: string | undefined): Json {
    const ts = freshTs(world);
    const below = thread === undefined ? {} : { thread };
    world.messages.push({
      channel,
      ts,
      user: id,
      broadcast: false,
      deleted: false,
      versions: [{ text: words, blocks: [], at: Date.now() }],
      ...below,
    });
    const threaded = thread === undefined ? {} : { thread_ts: thread };
    return { user: id, team: person(id).team, text: words, ts, channel, event_ts: ts, ...threaded };
  }

  return {
    command,
    click,
    event,
    mention: async (id, channel, words, thread) =>
      event({ type: 'app_mention', ...say(id, channel, `<@${world.botUser}> ${words}`, thread) }),
    dm: async (id, words) =>
      event({ type: 'message', channel_type: 'im', ...say(id, direct(world, id).id, words, undefined) }),
    openApp: async (id, tab = 'home') =>
      event({
        type: 'app_home_opened',
        user: person(id).id,
        channel: direct(world, id).id,
        tab,
        event_ts: freshTs(world),
      }),
    join: async (channel, id = world.botUser) => {
      world.channels.get(channel)?.members.add(id);
      return event({ type: 'member_joined_channel', user: id, channel, channel_type: 'C', team: world.team });
    },
  };
}

/** Who a payload says it is from. */
export function claimed(world: World, user: FakeUser, options: ClickOptions = {}): Json {
  const team = options.team ?? world.team;
  const enterprise = options.enterprise ?? world.enterprise;
  return {
    team: { id: team, domain: 'acme', ...(enterprise === undefined ? {} : { enterprise_id: enterprise }) },
    enterprise: enterprise === undefined ? null : { id: enterprise, name: 'Acme' },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team },
    is_enterprise_install: false,
  };
}

/** The action that pressing would send. */
function pressable(blocks: readonly Json[], what: string): Json | undefined {
  for (const block of blocks) {
    for (const element of records(block['elements'])) {
      const action_id = text(element['action_id']);
      const common = { type: element['type'], action_id, block_id: block['block_id'] ?? 'auto' };
      if (element['type'] === 'overflow') {
        const option = records(element['options']).find(
          (one) => text(one['value']).split(/[? ]/)[0] === what || label(one) === what,
        );
        if (option !== undefined) return { ...common, selected_option: option };
      }
      if (element['type'] !== 'button') continue;
      const isIt = action_id === what || action_id.split(/[:?]/)[1] === what || label(element) === what;
      if (isIt)
        return {
          ...common,
          text: element['text'],
          ...(element['value'] === undefined ? {} : { value: element['value'] }),
        };
    }
  }
  return undefined;
}

function label(element: Json): string {
  return text((element['text'] as Json | undefined)?.['text']);
}

/** Makes a message vanish, as its channel's admins can. */
export function removeMessage(world: World, ref: Ref): void {
  const message = find(world, ref.channel, ref.ts);
  if (message !== undefined) message.deleted = true;
}
