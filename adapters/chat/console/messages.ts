import { randomBytes } from 'node:crypto';
import type { Announcement } from '../../../src/domain/announcement.ts';
import type { Recorded, Records } from '../../../src/ports/records.ts';
import { Written } from './schema.ts';
import { makeShelf } from './shelf.ts';

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

export type Picture = Pick<Message, 'revision' | 'announcement'> & { readonly at: string };

/**
 * Every message, in memory, and in a book that all instances share and that outlives a restart. What others wrote a moment ago may
 * not be seen yet by whoever reads; writing goes by the book. Whatever waits throws a PortFailure when the book cannot be read or written.
 */
export interface Messages {
  /** A key that is there already gives the message it made before, on whichever instance. */
  post(fresh: Omit<Message, 'id' | 'changedAt'>): Promise<Message>;
  /** False when the message is no more. A picture older than the one that is there changes nothing. */
  update(id: string, picture: Picture): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Returns when what any instance had written before is seen here. */
  current(): Promise<void>;
  byId(id: string): Message | undefined;
  byKey(channel: string, key: string): Message | undefined;
  /** Oldest first. */
  inChannel(channel: string): readonly Message[];
  channels(): readonly string[];
  /** Records that could not be read. */
  readonly unreadable: number;
  close(): Promise<void>;
}

const BOOK = 'console/messages';
/** What is kept: more would only make the start slower. */
const KEPT_PER_CHANNEL = 2000;

/**
 * Opens the book of messages.
 * @param told called after each change, made here or by another instance
 * @param kept messages kept in each channel, the newest
 */
export async function openMessages(records: Records, told: () => void, kept = KEPT_PER_CHANNEL): Promise<Messages> {
  const shelf = makeShelf(kept);
  const state = { unreadable: 0, open: false };
  const book = await records.open(BOOK, (news: readonly Recorded[]) => {
    for (const { number, record } of news) {
      const written = Written.safeParse(record);
      if (written.success) shelf.apply(number, written.data);
      else state.unreadable += 1;
    }
    if (state.open) told();
  });
  state.open = true;

  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const write = async (written: Written): Promise<void> => {
    const spent = shelf.spent();
    await book.append(written, spent);
    shelf.forgotten(spent);
  };
  const seen = async (id: string): Promise<boolean> => {
    // Posted by another instance just now, perhaps.
    if (shelf.byId(id) === undefined) await book.current();
    return shelf.byId(id) !== undefined;
  };

  return {
    unreadable: book.unreadable + state.unreadable,
    current: book.current,
    byId: shelf.byId,
    byKey: shelf.byKey,
    inChannel: shelf.inChannel,
    channels: shelf.channels,
    post: (fresh) =>
      inOrder(async () => {
        const known = shelf.byKey(fresh.channel, fresh.key);
        if (known !== undefined) return known;
        const message = { ...fresh, id: `m${randomBytes(9).toString('hex')}` };
        await write({ do: 'post', message });
        // Another instance may have been faster: the first in the book is the message.
        return shelf.byKey(fresh.channel, fresh.key) ?? message;
      }),
    update: (id, picture) =>
      inOrder(async () => {
        if (!(await seen(id))) return false;
        await write({ do: 'update', id, ...picture });
        return shelf.byId(id) !== undefined;
      }),
    remove: (id) => inOrder(async () => ((await seen(id)) ? write({ do: 'remove', id }) : undefined)),
    close: () => inOrder(() => book.close()),
  };
}
