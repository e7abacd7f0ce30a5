import type { Clock } from '../../../src/ports/clock.ts';

/** How often cards are edited for mere progress; all in milliseconds. */
export interface ProgressPace {
  /** One card no more often than this. */
  readonly cardMs: number;
  /** What each live card of a group takes of the group's time: the more there are, the longer each waits. */
  readonly shareMs: number;
  /** Between any edit and the next mere progress in the same group. */
  readonly spacingMs: number;
  /** A card without edits for this long no longer takes part in the sharing. */
  readonly liveMs: number;
}

/** A picture of a card that wants to be shown. */
export interface Picture {
  /** Cards that share one allowance, e.g. those of a conversation. */
  readonly group: string;
  /** Unique among all groups. */
  readonly card: string;
  readonly revision: number;
  /** It is still moving: more progress will come. */
  readonly live: boolean;
}

/** Makes mere progress wait for its turn, so that news find room. Forgets cards that have not moved for a while. */
export interface Progress {
  /** A new revision, the first edit we know of, or a card that stopped moving: nobody should wait for these. */
  isNews(picture: Picture): boolean;
  /** Milliseconds that a picture has to wait; 0 for news. */
  wait(picture: Picture): number;
  /** Notes that the picture was shown. */
  shown(picture: Picture): void;
}

interface Shown {
  readonly group: string;
  readonly revision: number;
  readonly at: number;
  readonly live: boolean;
}

export function createProgress(clock: Clock, pace: ProgressPace): Progress {
  const cards = new Map<string, Shown>();

  function former({ card, revision, live }: Picture): Shown | undefined {
    for (const [key, { at }] of cards) if (clock.now() - at > pace.liveMs) cards.delete(key);
    const known = cards.get(card);
    return known !== undefined && live && known.live && known.revision === revision ? known : undefined;
  }

  function wait(picture: Picture): number {
    const known = former(picture);
    if (known === undefined) return 0;
    const now = clock.now();
    const { group } = picture;
    const mates = [...cards.values()].filter((one) => one.group === group);
    const share = pace.shareMs * mates.filter((one) => one.live).length;
    const turn = known.at + Math.max(pace.cardMs, share);
    const gap = Math.max(...mates.map((one) => one.at)) + pace.spacingMs;
    return Math.max(0, turn - now, gap - now);
  }

  return {
    isNews: (picture) => former(picture) === undefined,
    wait,
    shown: ({ group, card, revision, live }) => void cards.set(card, { group, revision, live, at: clock.now() }),
  };
}
