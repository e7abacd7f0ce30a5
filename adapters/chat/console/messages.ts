import type { Announcement } from '../../../src/domain/announcement.ts';
import { openJournal } from './journal.ts';
import { Written } from './schema.ts';

/** A message of the console. `channel` is `#deploys`, or `@anna` for what only Anna sees outside of channels. */
export interface Message {
  readonly id: string;
  readonly key: string;
  readonly channel: string;
  readonly at: string;
  readonly revision: number;
  readonly announcement: Announcement;
  /** Id of the root message above it. */
  readonly thread?: string | undefined;
  readonly broadcast?: boolean | undefined;
  /** Console account of the only person who sees it. */
  readonly to?: string | undefined;
  /** What was typed, when this is the answer to it. */
  readonly asked?: string | undefined;
  readonly changedAt?: string | undefined;
}

type Picture = Pick<Message, 'revision' | 'announcement'> & { readonly at: string };

/** Every message, in memory and in a file of its own, so that cards survive a restart. Writing rejects with the system's error. */
export interface Messages {
  /** A key that is there already gives the message it made before. */
  post(fresh: Omit<Message, 'id' | 'changedAt'>): Promise<Message>;
  /** False when the message is no more. */
  update(id: string, picture: Picture): Promise<boolean>;
  remove(id: string): Promise<void>;
  byId(id: string): Message | undefined;
  byKey(channel: string, key: string): Message | undefined;
  /** Oldest first. */
  inChannel(channel: string): readonly Message[];
  channels(): readonly string[];
  /** Lines of the file that could not be read. */
  readonly unreadable: number;
  close(): Promise<void>;
}

/** What is kept: more would only make the start slower. */
const KEPT_PER_CHANNEL = 2000;

/** `#deploys` and `deploys` are the same channel. */
export function sameChannel(channel: string): string {
  return channel.replace(/^#/, '');
}

export async function openMessages(file: string, told: () => void, kept = KEPT_PER_CHANNEL): Promise<Messages> {
  const journal = await openJournal(file);
  const shelf = makeShelf(kept);
  let unreadable = journal.unreadable;
  for (const line of journal.found) {
    const written = Written.safeParse(line);
    if (written.success) shelf.apply(written.data);
    else unreadable += 1;
  }
  let lines = journal.found.length;

  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const write = async (written: Written): Promise<void> => {
    await journal.append(written);
    shelf.apply(written);
    lines += 1;
    told();
    if (lines > 4 * shelf.count() + 1000) {
      const whole = shelf.whole();
      await journal.rewrite(whole);
      lines = whole.length;
    }
  };

  return {
    unreadable,
    byId: shelf.byId,
    byKey: shelf.byKey,
    inChannel: shelf.inChannel,
    channels: shelf.channels,
    post: (fresh) =>
      inOrder(async () => {
        const known = shelf.byKey(fresh.channel, fresh.key);
        if (known !== undefined) return known;
        const message = { ...fresh, id: `m${shelf.next()}` };
        await write({ do: 'post', message });
        return message;
      }),
    update: (id, picture) =>
      inOrder(async () => {
        if (shelf.byId(id) === undefined) return false;
        await write({ do: 'update', id, ...picture });
        return true;
      }),
    remove: (id) => inOrder(async () => (shelf.byId(id) === undefined ? undefined : write({ do: 'remove', id }))),
    close: () => inOrder(() => journal.close()),
  };
}

/** The messages in memory: a fold of the lines of the file. */
function makeShelf(kept: number) {
  const messages = new Map<string, Message>();
  const keys = new Map<string, string>();
  const rooms = new Map<string, string[]>();
  let next = 1;

  function forget(id: string): void {
    const message = messages.get(id);
    if (message === undefined) return;
    messages.delete(id);
    keys.delete(keyOf(message.channel, message.key));
    const room = sameChannel(message.channel);
    rooms.set(
      room,
      (rooms.get(room) ?? []).filter((one) => one !== id),
    );
  }

  function add(message: Message): void {
    messages.set(message.id, message);
    keys.set(keyOf(message.channel, message.key), message.id);
    next = Math.max(next, Number(message.id.slice(1)) + 1);
    const room = rooms.get(sameChannel(message.channel)) ?? [];
    rooms.set(sameChannel(message.channel), room);
    room.push(message.id);
    const oldest = room[0];
    if (room.length > kept && oldest !== undefined) forget(oldest);
  }

  function change({ id, revision, announcement, at }: { id: string } & Picture): void {
    const message = messages.get(id);
    if (message !== undefined) messages.set(id, { ...message, revision, announcement, changedAt: at });
  }

  return {
    apply(written: Written): void {
      switch (written.do) {
        case 'begin':
          next = Math.max(next, written.next);
          return;
        case 'post':
          add(written.message);
          return;
        case 'update':
          change(written);
          return;
        case 'remove':
          forget(written.id);
      }
    },
    next: () => next,
    count: () => messages.size,
    whole: (): readonly Written[] => [
      { do: 'begin', next },
      ...[...messages.values()].map((message): Written => ({ do: 'post', message })),
    ],
    byId: (id: string) => messages.get(id),
    byKey: (channel: string, key: string) => messages.get(keys.get(keyOf(channel, key)) ?? ''),
    inChannel: (channel: string) => (rooms.get(sameChannel(channel)) ?? []).flatMap((id) => messages.get(id) ?? []),
    channels: () => [...new Set([...messages.values()].map((message) => message.channel))],
  };
}

function keyOf(channel: string, key: string): string {
  return `${sameChannel(channel)}\n${key}`;
}
