import type { Clock } from '../../../src/ports/clock.ts';
import { heldBack, limited } from './failures.ts';
import { PACE } from './limits.ts';

/**
 * Keeps us below Slack's rates. Members throw a `rate-limited` PortFailure that says when to come again; nothing was sent then. Each
 * instance keeps its own books, so several may together be too fast for Slack: its 429 then slows the one down that hears it. In
 * which order a card's pictures come is not decided here but by the courier's lanes and fences.
 */
export interface Pace {
  /** Before a new message in a channel. */
  post(channel: string): void;
  /**
   * Before an edit. A new revision, the first edit we know of and a card that stopped moving jump the queue; mere progress
   * waits for its turn among the live cards. The function returned notes that the edit was made.
   */
  update(card: string, revision: number, live: boolean): () => void;
  /** Slack asked for a pause there. */
  hold(channel: string, ms: number): void;
}

interface Card {
  readonly revision: number;
  readonly at: number;
  readonly live: boolean;
}

export function createPace(clock: Clock): Pace {
  const cards = new Map<string, Card>();
  const buckets = new Map<string, { tokens: number; at: number }>();
  const held = new Map<string, number>();

  function checkHold(channel: string): void {
    const until = held.get(channel);
    if (until === undefined) return;
    if (until > clock.now()) throw limited(until - clock.now());
    held.delete(channel);
  }

  function post(channel: string): void {
    checkHold(channel);
    const now = clock.now();
    const bucket = buckets.get(channel) ?? { tokens: PACE.postBurst, at: now };
    const tokens = Math.min(PACE.postBurst, bucket.tokens + Math.max(0, now - bucket.at) / PACE.postEveryMs);
    if (tokens < 1) throw limited(Math.ceil((1 - tokens) * PACE.postEveryMs));
    for (const [key, { at }] of buckets) if (now - at > PACE.liveMs) buckets.delete(key);
    buckets.set(channel, { tokens: tokens - 1, at: now });
  }

  function update(card: string, revision: number, live: boolean): () => void {
    checkHold(card.slice(0, card.indexOf(':')));
    const now = clock.now();
    for (const [key, { at }] of cards) if (now - at > PACE.liveMs) cards.delete(key);
    const known = cards.get(card);
    if (known !== undefined && live && known.live && known.revision === revision) {
      const count = [...cards.values()].filter((one) => one.live).length;
      const due = known.at + Math.max(PACE.updateFloorMs, PACE.updatePerCardMs * count);
      if (due > now) throw heldBack(due - now);
    }
    return () => void cards.set(card, { revision, at: clock.now(), live });
  }

  return { post, update, hold: (channel, ms) => void held.set(channel, clock.now() + ms) };
}

/** The key of a card in the books of a Pace. */
export function cardKey(channel: string, id: string): string {
  return `${channel}:${id}`;
}
