import type { Place } from '../../../src/domain/catalog.ts';
import type { Chat, Inbox, MessageHandle, Outgoing } from '../../../src/ports/chat.ts';
import { type Clock, isoNow } from '../../../src/ports/clock.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Message, Messages } from './messages.ts';

export const CONSOLE = 'console';
export const TENANT = 'local';

/** The ear of the console: whoever presses or types goes through it while the programme listens. */
export interface Ear {
  /** Nothing while the programme is starting or stopping. */
  inbox(): Inbox | undefined;
  /** Keeps `stop` waiting until this is done. */
  during<T>(work: Promise<T>): Promise<T>;
}

export interface ConsoleChat {
  readonly chat: Chat;
  readonly ear: Ear;
}

/** The console as a chat platform: its messages stand in a book of its own, and its people look at them in a browser. */
export function makeChat(messages: Messages, clock: Clock, onStop: () => void): ConsoleChat {
  let inbox: Inbox | undefined;
  const busy = new Set<Promise<unknown>>();

  const chat: Chat = {
    id: CONSOLE,
    start: async (given) => {
      inbox = given;
    },
    stop: async () => {
      inbox = undefined;
      onStop();
      await Promise.allSettled(busy);
      await messages.close();
    },
    post: async (place, message, fence) => {
      fence?.();
      return handleOf(await kept(messages.post(fresh(place.channel, message, isoNow(clock)))));
    },
    update: async (handle, { revision, announcement }, fence) => {
      fence?.();
      const found = await kept(messages.update(handle.id, { revision, announcement, at: isoNow(clock) }));
      if (!found) throw gone();
    },
    // Not narrowed by time: a key is made for one message only, and a clock that was set back must not double a card.
    find: async (place, key) => {
      // Another instance may have posted it and died.
      await kept(messages.current());
      const message = messages.byKey(place.channel, key);
      return message === undefined ? 'none' : handleOf(message);
    },
    whisper: async (to, message, where, fence) => {
      const channel = where?.chat === CONSOLE ? where.channel : privateChannel(to.id);
      fence?.();
      await kept(messages.post({ ...fresh(channel, message, isoNow(clock)), to: to.id }));
    },
  };
  const ear: Ear = {
    inbox: () => inbox,
    during: async (work) => {
      busy.add(work);
      try {
        return await work;
      } finally {
        busy.delete(work);
      }
    },
  };
  return { chat, ear };
}

/** Where somebody reads what was told to nobody else. */
export function privateChannel(account: string): string {
  return `@${account}`;
}

export function placeOf(channel: string): Place {
  return { chat: CONSOLE, tenant: TENANT, channel };
}

export function handleOf(message: Message): MessageHandle {
  const { id, channel, thread } = message;
  return { place: placeOf(channel), id, ...(thread === undefined ? {} : { thread }) };
}

function fresh(channel: string, message: Outgoing, at: string): Omit<Message, 'id' | 'changedAt'> {
  const { key, announcement, revision, under, broadcast } = message;
  // Threads are one level deep: under a reply means under its root.
  const thread = under === undefined ? {} : { thread: under.thread ?? under.id };
  return { key, channel, announcement, revision, at, ...thread, ...(broadcast === true ? { broadcast } : {}) };
}

/** The book's failures are the console's own: nobody outside knows of books. */
async function kept<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    throw new PortFailure(error.message, { ...error.details, port: CONSOLE, cause: error });
  }
}

function gone(): PortFailure {
  return new PortFailure('The message is no longer in the console.', { port: CONSOLE, kind: 'gone', retryable: false });
}
