import type { Place } from '../../src/domain/catalog.ts';
import { placeKey } from '../../src/domain/catalog.ts';
import type { Account } from '../../src/domain/person.ts';
import { plain } from '../../src/domain/text.ts';
import type { ChatPlatform, Inbox, Incoming, MessageHandle, Outgoing } from '../../src/ports/chat.ts';
import { PortFailure } from '../../src/ports/failure.ts';

/** A message as people see it: every version it has had. */
export interface Shown {
  readonly handle: MessageHandle;
  readonly key: string;
  readonly under?: string;
  readonly broadcast: boolean;
  readonly versions: Outgoing[];
}

export interface FakeChat extends ChatPlatform {
  readonly shown: Shown[];
  readonly whispers: { readonly to: Account; readonly message: Outgoing }[];
  /** Thrown by the next calls of a kind; `accepted` first does what was asked. */
  readonly faults: {
    readonly call: 'post' | 'update';
    readonly failure: PortFailure;
    readonly accepted?: boolean;
    readonly place?: string;
  }[];
  readonly groups: Map<string, readonly Account[] | 'unreadable'>;
  roots(channel: string): Shown[];
  replies(channel: string): Shown[];
  /** Somebody types a command; the inbox has been told when this returns. */
  say(actor: Account, place: Place, words: string): void;
  /** Somebody presses the button of a verb that a message shows now. */
  press(actor: Account, message: MessageHandle, verb: string): void;
  /** The last delivery comes once more. */
  again(): void;
  /** Somebody takes a message away. */
  remove(message: MessageHandle): void;
}

export function fakeChat(id = 'slack', tenant = 'T1'): FakeChat {
  const shown: Shown[] = [];
  const whispers: FakeChat['whispers'] = [];
  const faults: FakeChat['faults'] = [];
  const groups: FakeChat['groups'] = new Map();
  let count = 0;

  function fault(call: 'post' | 'update', place: Place): FakeChat['faults'][number] | undefined {
    const index = faults.findIndex(
      (one) => one.call === call && (one.place === undefined || one.place === place.channel),
    );
    return index === -1 ? undefined : faults.splice(index, 1)[0];
  }

  function put(place: Place, message: Outgoing): MessageHandle {
    count += 1;
    const root = message.under?.thread ?? message.under?.id;
    const handle = { place, id: String(count), ...(root === undefined ? {} : { thread: root }) };
    const under = message.under === undefined ? {} : { under: message.under.id };
    shown.push({ handle, key: message.key, ...under, broadcast: message.broadcast ?? false, versions: [message] });
    return handle;
  }

  const deliveries: Incoming[] = [];
  const busy = new Set<Promise<void>>();
  let inbox: Inbox | undefined;

  /** Brings what somebody did to the inbox, and the answer to whoever did it. */
  function bring(incoming: Incoming): void {
    deliveries.push(incoming);
    const work = (async () => {
      const reply = await inbox?.receive(incoming);
      if (reply?.kind !== 'say') return;
      const message: Outgoing = { key: '', revision: 0, announcement: reply.announcement };
      if (reply.visibility === 'public') put(incoming.place, message);
      else whispers.push({ to: incoming.actor, message });
    })();
    busy.add(work);
    void work.finally(() => busy.delete(work));
  }

  const inChannel = (channel: string) => shown.filter(({ handle }) => handle.place.channel === channel);
  return {
    id,
    shown,
    whispers,
    faults,
    groups,
    roots: (channel) => inChannel(channel).filter(({ under }) => under === undefined),
    replies: (channel) => inChannel(channel).filter(({ under }) => under !== undefined),
    async start(given) {
      inbox = given;
    },
    async stop() {
      inbox = undefined;
      await Promise.all(busy);
    },
    say: (actor, place, words) =>
      bring({
        key: `${id}-${deliveries.length}`,
        place,
        actor,
        external: false,
        input: { kind: 'text', text: words },
      }),
    press: (actor, message, verb) => {
      const versions = shown.find(({ handle }) => handle.id === message.id)?.versions;
      const button = versions?.at(-1)?.announcement.buttons.find((one) => one.verb === verb);
      if (button === undefined) throw new Error(`that message shows no "${verb}"`);
      const { place } = message;
      const input = { kind: 'button' as const, verb, value: button.value };
      bring({ key: `${id}-${deliveries.length}`, place, at: message, actor, external: false, input });
    },
    again: () => {
      const last = deliveries.at(-1);
      if (last !== undefined) bring(last);
    },
    remove: ({ id: gone }) => {
      const index = shown.findIndex(({ handle }) => handle.id === gone);
      if (index !== -1) shown.splice(index, 1);
    },
    async post(place, message, fence) {
      fence?.();
      const bad = fault('post', place);
      if (bad?.accepted === true) put(place, message);
      if (bad !== undefined) throw bad.failure;
      return put(place, message);
    },
    async update(handle, message, fence) {
      fence?.();
      const bad = fault('update', handle.place);
      if (bad !== undefined) throw bad.failure;
      const found = shown.find((one) => one.handle.id === handle.id);
      if (found === undefined)
        throw new PortFailure('That message is gone.', {
          port: id,
          kind: 'gone',
          retryable: false,
          code: 'message_not_found',
        });
      found.versions.push(message);
    },
    async find(place, key) {
      return shown.find((one) => one.key === key && placeKey(one.handle.place) === placeKey(place))?.handle ?? 'none';
    },
    async whisper(to, message, _where, fence) {
      fence?.();
      whispers.push({ to, message });
    },
    async members(group) {
      const accounts = groups.get(group);
      if (accounts === undefined || accounts === 'unreadable')
        throw new PortFailure('The group cannot be read.', { port: 'chat', kind: 'unreachable', retryable: true });
      return accounts;
    },
    async profile(account) {
      return { name: account.name ?? `${tenant}:${account.id}`, external: false };
    },
  };
}

/** First line of the newest version. */
export function headline(one: Shown | undefined): string {
  return plain(one?.versions.at(-1)?.announcement.title ?? []);
}

/** Everything of the newest version in one text. */
export function wording(one: Shown | undefined): string {
  const said = one?.versions.at(-1)?.announcement;
  if (said === undefined) return '';
  const facts = said.facts.map(({ label, value }) => `${label}: ${plain(value)}`);
  const sections = said.sections.map(({ title, items }) => `${title}: ${items.map(plain).join('; ')}`);
  return [
    plain(said.title),
    ...said.lines.map(plain),
    ...facts,
    ...sections,
    said.progress?.words ?? '',
    said.summary,
  ].join('\n');
}
