import type { Clock } from '../../../src/ports/clock.ts';
import { createPauses } from '../../shared/chat/pauses.ts';
import { createProgress } from '../../shared/chat/progress.ts';
import { heldBack, limited } from './failures.ts';
import { createWindows, type Window } from './windows.ts';

/** New messages, edits and new conversations; or questions who is there. Teams counts them apart. */
export type Traffic = 'send' | 'roster';

/**
 * Keeps us below the rates of Teams. Members throw a `rate-limited` PortFailure that says when to come again; nothing was sent then.
 * Each instance keeps its own books, so several may together be too fast: a 429 then slows the one down that hears it.
 */
export interface Pace {
  /** Before a call; it counts from now on. Urgent ones are only held back by a pause that Teams asked for. */
  pass(traffic: Traffic, conversation: string, urgent?: boolean): void;
  /**
   * Before an edit of a card. News jump the queue; mere progress waits for its turn among the live cards, and leaves room for news.
   * The function returned notes that the edit was made.
   */
  update(conversation: string, card: string, revision: number, live: boolean): () => void;
  /** Teams said 429, and perhaps for how long. Returns the pause to keep there, in milliseconds; without a word it grows. */
  hold(traffic: Traffic, conversation: string, askedMs: number | undefined): number;
}

/**
 * What Teams takes from a bot in one conversation, which is a chat or a whole channel, and from an app in one tenant.
 * Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit. Of the last one there are copies that say 50, and
 * older ones that say 30; ours counts all tenants together.
 */
const WINDOWS: Readonly<Record<Traffic | 'app', readonly Window[]>> = {
  send: [
    { ms: 1000, most: 7 },
    { ms: 2000, most: 8 },
    { ms: 30_000, most: 60 },
    { ms: 3_600_000, most: 1800 },
  ],
  roster: [
    { ms: 1000, most: 14 },
    { ms: 2000, most: 16 },
    { ms: 30_000, most: 120 },
    { ms: 3_600_000, most: 3600 },
  ],
  app: [{ ms: 1000, most: 25 }],
};

/** Our own manners with progress, in milliseconds (R14 of the chat rules). */
const PROGRESS = { cardMs: 5000, shareMs: 2000, spacingMs: 2000, liveMs: 10 * 60_000 };
/** Mere progress leaves this part of every window to news: an edit each two seconds would use the hour up. */
const PROGRESS_PART = 0.8;

/** Pauses after a 429 that names none: they double from the first to the longest, as Microsoft's example does. */
const FIRST_PAUSE_MS = 2000;
const LONGEST_GROWN_MS = 20_000;
/** A pause that follows so soon after another one is longer than that. */
const SOON_MS = 60_000;
/** No pause is believed that is longer. */
const LONGEST_PAUSE_MS = 3_600_000;

export function createPace(clock: Clock): Pace {
  const books = {
    send: createWindows(clock, WINDOWS.send),
    roster: createWindows(clock, WINDOWS.roster),
    app: createWindows(clock, WINDOWS.app),
  };
  const progress = createProgress(clock, PROGRESS);
  const pauses = createPauses(clock);
  const grown = new Map<string, { readonly ms: number; readonly until: number }>();

  function checkPause(traffic: Traffic, conversation: string): void {
    const left = pauses.left(laneOf(traffic, conversation));
    if (left > 0) throw limited(left);
  }

  function growing(lane: string): number {
    const now = clock.now();
    for (const [key, { until }] of grown) if (now - until > SOON_MS) grown.delete(key);
    const former = grown.get(lane);
    const ms = former === undefined ? FIRST_PAUSE_MS : Math.min(former.ms * 2, LONGEST_GROWN_MS);
    grown.set(lane, { ms, until: now + ms });
    return ms;
  }

  return {
    pass(traffic, conversation, urgent = false) {
      checkPause(traffic, conversation);
      const lane = roomOf(conversation);
      const wait = urgent ? 0 : Math.max(books[traffic].wait(lane), books.app.wait(''));
      if (wait > 0) throw limited(wait);
      books[traffic].count(lane);
      books.app.count('');
    },
    update(conversation, card, revision, live) {
      checkPause('send', conversation);
      const group = roomOf(conversation);
      const picture = { group, card: `${group}:${card}`, revision, live };
      const isNews = progress.isNews(picture);
      const wait = isNews ? 0 : Math.max(progress.wait(picture), books.send.wait(group, PROGRESS_PART));
      if (wait > 0) throw heldBack(wait);
      return () => progress.shown(picture);
    },
    hold(traffic, conversation, askedMs) {
      const lane = laneOf(traffic, conversation);
      const ms = Math.min(askedMs ?? growing(lane), LONGEST_PAUSE_MS);
      pauses.hold(lane, ms);
      return ms;
    },
  };
}

/** Teams counts by chat or channel, not by thread. */
export function roomOf(conversation: string): string {
  const [room = ''] = conversation.split(';', 1);
  return room;
}

function laneOf(traffic: Traffic, conversation: string): string {
  return `${traffic} ${roomOf(conversation)}`;
}
