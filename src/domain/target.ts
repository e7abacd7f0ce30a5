import type { Audience, Place } from './catalog.ts';
import type { Person } from './person.ts';
import { needsAfter } from './vocabulary.ts';

/** Why nothing may be deployed to a target, and by whose word. */
export interface Lock {
  readonly by: Person;
  readonly reason: string;
  readonly at: string;
  /** The rollback that locked it, if one did. */
  readonly cause?: string;
}

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
  | { readonly type: 'locked'; readonly reason: string; readonly cause?: string }
  | { readonly type: 'unlocked'; readonly reason?: string };

/** What people of a channel asked for with `/deploy subscribe`, and whether the place can still be reached. */
export interface PlaceBook {
  readonly place: Place;
  readonly version: number;
  /** The highest vocabulary of its events; absent while that is the first. */
  readonly needs?: number;
  readonly subscriptions: readonly {
    readonly service: string;
    readonly environment: string;
    readonly audience: Audience;
  }[];
  /** Why nothing can be delivered there any more, e.g. `is_archived`. */
  readonly broken?: { readonly code: string; readonly at: string };
}

export type PlaceEvent =
  | { readonly type: 'subscribed'; readonly service: string; readonly environment: string; readonly audience: Audience }
  | { readonly type: 'unsubscribed'; readonly service: string; readonly environment: string }
  | { readonly type: 'broken'; readonly code: string }
  | { readonly type: 'mended' };

/** What the programme itself did. */
export type InstallationEvent =
  | { readonly type: 'program-started'; readonly version: string }
  /** Brought back from a backup: what happened after this entry is lost to the log, though not to the world. */
  | { readonly type: 'restored'; readonly entry: number; readonly hash: string }
  /** `text` is the whole configuration, so that every instance can take it; it holds references to secrets, never their values. */
  | { readonly type: 'configured'; readonly catalog: string; readonly text?: string };

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
    case 'locked': {
      const { reason, cause } = event;
      return { ...base, lock: { by, reason, at, ...(cause === undefined ? {} : { cause }) } };
    }
    case 'unlocked': {
      const { lock: _gone, ...open } = base;
      return open;
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
      const { service, environment, audience } = event;
      return { ...base, subscriptions: [...others, { service, environment, audience }] };
    }
    case 'broken':
      return { ...base, broken: { code: event.code, at } };
    case 'mended': {
      const { broken: _gone, ...whole } = base;
      return whole;
    }
  }
}
