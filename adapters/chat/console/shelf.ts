import type { Message, Picture } from './messages.ts';
import type { Written } from './schema.ts';

/** The messages in memory: a fold of the records of the book. Every instance folds the same records to the same messages. */
export interface Shelf {
  apply(number: number, written: Written): void;
  byId(id: string): Message | undefined;
  byKey(channel: string, key: string): Message | undefined;
  /** Oldest first. */
  inChannel(channel: string): readonly Message[];
  channels(): readonly string[];
  /** Numbers of records without which the others come to the same. */
  spent(): readonly number[];
  /** These lie in the book no more. */
  forgotten(numbers: readonly number[]): void;
}

/** `#deploys` and `deploys` are the same channel. */
export function sameChannel(channel: string): string {
  return channel.replace(/^#/, '');
}

/** Removals that stay in the book, for an instance that was cut off while they came. */
const REMOVALS_KEPT = 1000;
/** Numbers remembered for the next record that is written here: others see to the same numbers, and this instance may never write. */
const MOST_SPENT = 50_000;

interface Standing {
  readonly message: Message;
  /** The records it is made of: its post, then posts of the same key that came too late. */
  readonly posts: readonly number[];
  /** The record of its present picture, when that was changed. */
  readonly picture?: number;
}

/**
 * An empty shelf.
 * @param kept messages kept in each channel, the newest
 */
export function makeShelf(kept: number): Shelf {
  const standing = new Map<string, Standing>();
  const keys = new Map<string, string>();
  const rooms = makeRooms();
  const spent = makeSpent();
  const removals: number[] = [];

  function forget(id: string): void {
    const one = standing.get(id);
    if (one === undefined) return;
    const { message, posts, picture } = one;
    standing.delete(id);
    keys.delete(keyOf(message.channel, message.key));
    rooms.leave(message);
    spent.add(...posts, ...(picture === undefined ? [] : [picture]));
  }

  function post(number: number, message: Message): void {
    const key = keyOf(message.channel, message.key);
    const first = standing.get(keys.get(key) ?? '') ?? standing.get(message.id);
    if (first !== undefined) {
      // Goes when the first one goes, not before: alone it would be a message.
      standing.set(first.message.id, { ...first, posts: [...first.posts, number] });
      return;
    }
    standing.set(message.id, { message, posts: [number] });
    keys.set(key, message.id);
    const oldest = rooms.enter(message);
    if (rooms.ids(message.channel).length > kept) forget(oldest);
  }

  function change(number: number, { id, revision, announcement, at }: { id: string } & Picture): void {
    const one = standing.get(id);
    if (one === undefined || revision < one.message.revision) {
      spent.add(number);
      return;
    }
    if (one.picture !== undefined) spent.add(one.picture);
    const message = { ...one.message, revision, announcement, changedAt: at };
    standing.set(id, { ...one, message, picture: number });
  }

  function remove(number: number, id: string): void {
    forget(id);
    removals.push(number);
    spent.add(...removals.splice(0, removals.length - REMOVALS_KEPT));
  }

  return {
    apply(number, written) {
      if (written.do === 'post') post(number, written.message);
      else if (written.do === 'update') change(number, written);
      else if (written.do === 'remove') remove(number, written.id);
      else spent.add(number);
    },
    spent: spent.all,
    forgotten: spent.forgotten,
    byId: (id) => standing.get(id)?.message,
    byKey: (channel, key) => standing.get(keys.get(keyOf(channel, key)) ?? '')?.message,
    inChannel: (channel) => rooms.ids(channel).flatMap((id) => standing.get(id)?.message ?? []),
    channels: () => [...new Set([...standing.values()].map(({ message }) => message.channel))],
  };
}

/** The ids of the messages in each channel, oldest first. */
function makeRooms() {
  const rooms = new Map<string, string[]>();
  const ids = (channel: string): readonly string[] => rooms.get(sameChannel(channel)) ?? [];
  return {
    ids,
    /** The oldest of the channel, which may be the message itself. */
    enter: ({ channel, id }: Message): string => {
      const room = rooms.get(sameChannel(channel)) ?? [];
      rooms.set(sameChannel(channel), room);
      room.push(id);
      return room[0] ?? id;
    },
    leave: ({ channel, id }: Message): void => {
      const left = ids(channel).filter((other) => other !== id);
      rooms.set(sameChannel(channel), left);
    },
  };
}

/** Numbers to be forgotten with the next record, oldest first. */
function makeSpent() {
  const numbers = new Set<number>();
  return {
    add: (...more: readonly number[]): void => {
      for (const number of more) numbers.add(number);
      for (const oldest of numbers) {
        if (numbers.size <= MOST_SPENT) break;
        numbers.delete(oldest);
      }
    },
    all: (): readonly number[] => [...numbers],
    forgotten: (gone: readonly number[]): void => {
      for (const number of gone) numbers.delete(number);
    },
  };
}

function keyOf(channel: string, key: string): string {
  return `${sameChannel(channel)}\n${key}`;
}
