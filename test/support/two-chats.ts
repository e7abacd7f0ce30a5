import { identifier } from '../../bin/identify.ts';
import { followLinks } from '../../bin/links.ts';
import { readingOf } from '../../bin/reading.ts';
import { createInbox } from '../../commands/index.ts';
import { type Account, accountKey } from '../../src/domain/person.ts';
import type { Caller } from '../../src/engine/door.ts';
import type { Kit } from '../../src/engine/kit.ts';
import type { Input, Profile, Reply } from '../../src/ports/chat.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { openWorld, type World } from '../engine/world.ts';
import { type FakeChat, fakeChat } from '../fakes/chat.ts';

/** A whole engine with Slack and Teams on it, and the inbox that people write to. */
export interface TwoChats {
  readonly world: World;
  readonly kit: Kit;
  readonly slack: FakeChat;
  readonly teams: FakeChat;
  /** What a platform says of an account; `silent` when it cannot be asked. */
  readonly profiles: Map<string, Partial<Profile> | 'silent'>;
  /** Somebody writes to the bot, or presses. */
  say(account: Account, input: Input | string, over?: { key?: string; external?: boolean }): Promise<Reply>;
  caller(account: Account): Promise<Caller>;
  /** Links two accounts the way people do: a code from one, typed at the other, confirmed. */
  link(from: Account, to: Account): Promise<Reply>;
  close(): Promise<void>;
}

export const onSlack = (id: string): Account => ({ system: 'slack', tenant: 'T1', id });
export const onTeams = (id: string): Account => ({ system: 'teams', tenant: 'tenant-1', id });
export const onConsole = (id: string): Account => ({ system: 'console', id });

export async function twoChats(): Promise<TwoChats> {
  const [slack, teams] = [fakeChat('slack', 'T1'), fakeChat('teams', 'tenant-1')];
  const profiles: TwoChats['profiles'] = new Map();
  for (const chat of [slack, teams]) {
    chat.profile = async (account) => {
      const said = profiles.get(accountKey(account)) ?? {};
      if (said === 'silent')
        throw new PortFailure('It does not answer.', { port: chat.id, kind: 'unreachable', retryable: true });
      return { name: account.id, external: false, ...said };
    };
  }
  const made: { kit?: Kit; stop?: () => void } = {};
  const world = await openWorld(':memory:', async (base) => {
    const linked = await followLinks(base.store, base.clock, base.log);
    const catalog = () => linked.catalog(base.catalog());
    const chats = new Map([
      ['slack', slack],
      ['teams', teams],
    ]);
    made.stop = linked.stop;
    made.kit = { ...base, catalog, chats, links: linked.book, identify: identifier(catalog, chats, base.log) };
    return made.kit;
  });
  const { kit } = made;
  if (kit === undefined) throw new Error('The world was not furnished.');
  const { store, clock, log, identify } = kit;
  const reading = readingOf(store, kit.catalog, { kit: () => kit, troubles: () => [] });
  const inbox = createInbox({ door: world.door, reading, clock, log, identify, chats: ['slack', 'teams'] });
  let keys = 0;

  const own: TwoChats = {
    world,
    kit,
    slack,
    teams,
    profiles,
    async say(actor, input, { key, external = false } = {}) {
      keys += 1;
      const said: Input = typeof input === 'string' ? { kind: 'text', text: input } : input;
      const place = { chat: actor.system, tenant: actor.tenant ?? 'local', channel: 'C-deploys' };
      return inbox.receive({ key: key ?? `said-${keys}`, place, actor, external, input: said });
    },
    async caller(account) {
      keys += 1;
      const key = `pressed-${keys}`;
      return { person: await identify(account), account, external: false, key };
    },
    async link(from, to) {
      const line = await codeLine(own, from);
      const asked = await own.say(to, line);
      const button = asked.kind === 'say' ? asked.announcement.buttons[0] : undefined;
      if (button === undefined) return asked;
      return own.say(to, { kind: 'button', verb: button.verb, value: button.value });
    },
    async close() {
      made.stop?.();
      await world.close();
    },
  };
  return own;
}

/** Asks for a code and gives the line that is to be typed in the other chat, e.g. `link K7M3-XQ2P-9ATB`. */
export async function codeLine(chats: TwoChats, from: Account): Promise<string> {
  const reply = await chats.say(from, 'link');
  const title = reply.kind === 'say' ? reply.announcement.title : [];
  const line = title.find((part) => typeof part === 'object' && part.kind === 'code');
  if (typeof line !== 'object' || line.kind !== 'code') throw new Error(`No code: ${JSON.stringify(reply)}`);
  return line.text;
}
