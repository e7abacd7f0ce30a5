import type { Audience, Place, SubscriptionTerms } from './catalog.ts';
import { evolveLock, type Lock, type LockEvent } from './lock.ts';
import type { OutsideEvent } from './outside.ts';
import type { Person } from './person.ts';
import { needsAfter } from './vocabulary.ts';

/** Service + environment: what runs there, and whether it is locked. A fold of its events. */
export interface Target {
  readonly service: string;
  readonly environment: string;
  readonly version: number;
  /** The highest vocabulary of its events (see vocabulary.ts); absent while that is the first. */
  readonly needs?: number;
  /** The last deployment that succeeded there; for a rollback also the good one it brought back. */
  readonly current?: {
    readonly deployment: string;
    readonly sha: string;
    readonly since: string;
    readonly restores?: string;
  };
  readonly lock?: Lock;
}

export type TargetEvent =
  | { readonly type: 'deployed'; readonly deployment: string; readonly sha: string; readonly restores?: string }
  | LockEvent
  /** Somebody ran what the target uses, past us. It may have changed what runs there: nobody here knows. */
  | OutsideEvent;

/** One thing that people of a channel asked to hear of. */
export interface SubscriptionWish extends SubscriptionTerms {
  readonly service: string;
  readonly environment: string;
  readonly audience: Audience;
}

/** What people of a channel asked for with `/deploy subscribe`, and whether the place can still be reached. */
export interface PlaceBook {
  readonly place: Place;
  readonly version: number;
  /** The highest vocabulary of its events; absent while that is the first. */
  readonly needs?: number;
  readonly subscriptions: readonly SubscriptionWish[];
  /** Why nothing can be delivered there any more, e.g. `is_archived`. */
  readonly broken?: { readonly code: string; readonly at: string };
}

export type PlaceEvent =
  | ({ readonly type: 'subscribed' } & SubscriptionWish)
  | { readonly type: 'unsubscribed'; readonly service: string; readonly environment: string }
  | { readonly type: 'broken'; readonly code: string }
  | { readonly type: 'mended' };

/** What the programme itself did. */
export type InstallationEvent =
  | { readonly type: 'program-started'; readonly version: string }
  /** Brought back from a backup: what happened after this entry is lost to the log, though not to the world. */
  | { readonly type: 'restored'; readonly entry: number; readonly hash: string }
  /** `text` is the whole configuration, so that every instance can take it; it holds references to secrets, never their values. */
  | { readonly type: 'configured'; readonly catalog: string; readonly text?: string }
  /** The chain up to entry `seq` was signed with the key of that fingerprint. */
  | {
      readonly type: 'checkpointed';
      readonly seq: number;
      readonly hash: string;
      readonly key: string;
      readonly signature: string;
    };

export function emptyTarget(service: string, environment: string): Target {
  return { service, environment, version: 0 };
}

/** What a target is after an event; pure, total. */
export function evolveTarget(target: Target, event: TargetEvent, at: string, by: Person): Target {
  const base: Target = { ...target, ...needsAfter(target, event), version: target.version + 1 };
  switch (event.type) {
    case 'deployed': {
      const { deployment, sha, restores } = event;
      return { ...base, current: { deployment, sha, since: at, ...(restores === undefined ? {} : { restores }) } };
    }
    case 'outside-run':
      return base;
    default: {
      const { lock: before, ...open } = base;
      const lock = evolveLock(before, event, at, by);
      return lock === undefined ? open : { ...open, lock };
    }
  }
}

export function emptyPlaceBook(place: Place): PlaceBook {
  return { place, version: 0, subscriptions: [] };
}

/** What a place's book is after an event; pure, total. A second subscription to the same thing replaces the first. */
export function evolvePlaceBook(book: PlaceBook, event: PlaceEvent, at: string): PlaceBook {
  const base: PlaceBook = { ...book, ...needsAfter(book, event), version: book.version + 1 };
  switch (event.type) {
    case 'subscribed':
    case 'unsubscribed': {
      const others = book.subscriptions.filter(
        (one) => one.service !== event.service || one.environment !== event.environment,
      );
      if (event.type === 'unsubscribed') return { ...base, subscriptions: others };
      const { type: _type, ...wish } = event;
      return { ...base, subscriptions: [...others, wish] };
    }
    case 'broken':
      return { ...base, broken: { code: event.code, at } };
    case 'mended': {
      const { broken: _gone, ...whole } = base;
      return whole;
    }
  }
}
