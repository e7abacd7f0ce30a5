import type { Effect } from '../domain/effect.ts';
import { isUrgent } from '../domain/urgent.ts';
import type { Clock } from '../ports/clock.ts';

/** One chat takes no more of the courier's hands than this. */
const MOST = 24;
/** And no more than this while it is slow, so that a chat that does not answer delays neither runs nor other chats. */
const MOST_WHILE_SLOW = 12;
/** And so many more of its own where something is urgent, so that a slow place does not keep the news of a rollback from all others. */
const MORE_FOR_URGENT = 6;
/** A chat is slow when something has been on its way for so long, in milliseconds. */
const SLOW_MS = 1000;

/** How many of the courier's hands each chat keeps busy. */
export interface Crowd {
  /** Is there room for one more piece of work at its chat? Always, for what is no matter of a chat. */
  admits(effect: Effect): boolean;
  /** Notes that it is in hand; the function returned notes that it is not any more. */
  enter(effect: Effect): () => void;
}

interface InHand {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly urgent: boolean;
}

export function createCrowd(clock: Clock): Crowd {
  const inHand = new Map<string, Set<InHand>>();
  const isSlow = (held: ReadonlySet<InHand>): boolean => [...held].some(({ since }) => clock.now() - since > SLOW_MS);

  return {
    admits(effect) {
      const chat = chatOf(effect);
      const held = chat === undefined ? undefined : inHand.get(chat);
      if (held === undefined || held.size < MOST_WHILE_SLOW) return true;
      if (isUrgent(effect) && [...held].filter(({ urgent }) => urgent).length < MORE_FOR_URGENT) return true;
      return held.size < MOST && !isSlow(held);
    },
    enter(effect) {
      const chat = chatOf(effect);
      if (chat === undefined) return () => undefined;
      const held = inHand.get(chat) ?? new Set();
      inHand.set(chat, held);
      const one = { since: clock.now(), urgent: isUrgent(effect) };
      held.add(one);
      return () => void held.delete(one);
    },
  };
}

/** The chat that an effect is performed at. Whispers go to the chat of the person's account; the first is near enough. */
function chatOf(effect: Effect): string | undefined {
  if ('place' in effect) return effect.place.chat;
  if (effect.kind === 'linked') return effect.to.system;
  return effect.kind === 'whisper' ? effect.to.accounts[0]?.system : undefined;
}
