import type { Clock } from '../../../src/ports/clock.ts';
import { createPauses } from '../../shared/chat/pauses.ts';
import { createProgress } from '../../shared/chat/progress.ts';
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

export function createPace(clock: Clock): Pace {
  const progress = createProgress(clock, {
    cardMs: PACE.updateFloorMs,
    shareMs: PACE.updatePerCardMs,
    spacingMs: 0,
    liveMs: PACE.liveMs,
  });
  const buckets = new Map<string, { tokens: number; at: number }>();
  const pauses = createPauses(clock);

  function checkHold(channel: string): void {
    const left = pauses.left(channel);
    if (left > 0) throw limited(left);
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
    // All cards of the workspace share one allowance.
    const picture = { group: '', card, revision, live };
    const wait = progress.wait(picture);
    if (wait > 0) throw heldBack(wait);
    return () => progress.shown(picture);
  }

  return { post, update, hold: pauses.hold };
}

/** The key of a card in the books of a Pace. */
export function cardKey(channel: string, id: string): string {
  return `${channel}:${id}`;
}
