import type { FoundEntry, Head } from '../domain/audit.ts';
import type { Deployment, State } from '../domain/deployment.ts';
import type { NewEffect } from '../domain/effect.ts';
import type { AnyEvent, Entry, NewEntry, Stream } from '../domain/event.ts';
import type { ScopeBook } from '../domain/lock.ts';
import type { PersonBook } from '../domain/person-book.ts';
import type { Review } from '../domain/review.ts';
import type { RollupQuery, Tally } from '../domain/rollup.ts';
import type { PlaceBook, Target } from '../domain/target.ts';
import type { MessageHandle } from './chat.ts';

/** "Look at this" at a time. May come late or twice without harm. */
export interface Wakeup {
  /** Unique; setting it again moves it. e.g. `D-1042`. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly due: number;
  /** What whoever looked last leaves for whoever looks next, on this instance or another. Setting a wake-up anew forgets it. */
  readonly note?: WakeupNote;
}

/** What is remembered of a deployment between two looks; losing it costs one early look. */
export interface WakeupNote {
  readonly looks: number;
  /** Since when the provider cannot be asked, ISO 8601 in UTC. */
  readonly failingSince?: string;
  /** When the cards were last drawn anew only because time passed, milliseconds since 1970. */
  readonly drawnAt: number;
  /** In how long its cards say that its turn comes, milliseconds. */
  readonly toldTurnMs?: number;
}

/** Everything one decision changes, committed whole or not at all. */
export interface Change {
  /** Key of the delivery that caused it; a second change of the same key is `duplicate`. */
  readonly key?: string;
  /** Compare-and-set: the streams' versions that the decision was made on (0: it does not exist yet). */
  readonly expect: readonly { readonly stream: Stream; readonly version: number }[];
  readonly entries: readonly NewEntry[];
  readonly effects: readonly NewEffect[];
  readonly wakeups: readonly Wakeup[];
  /** Effects whose result this change records; a lost lease makes the whole change a `conflict`. */
  readonly settles?: readonly Settled[];
}

export type Committed =
  | { readonly kind: 'committed'; readonly entries: readonly Entry[] }
  /** Somebody was faster: read again and decide again. */
  | { readonly kind: 'conflict' }
  /** A rule of the database refused, e.g. a second running deployment on a target. */
  | { readonly kind: 'occupied' }
  | { readonly kind: 'duplicate' };

/** A lease that was taken; `token` fences: what a former holder writes is refused. */
export interface Lease {
  readonly key: string;
  readonly token: string;
}

export type Settled = Lease & {
  /** Posted message to remember under the effect's key. */
  readonly handle?: MessageHandle;
  readonly outcome:
    | { readonly kind: 'done' }
    /** `inDoubt`: the attempt may have taken effect although it failed, or nobody could say whether an earlier one had. */
    | {
        readonly kind: 'later';
        readonly due: number;
        readonly error: string;
        readonly inDoubt?: boolean;
        /** Wanted again, it need not wait any longer; else even a newer picture waits. */
        readonly courtesy?: boolean;
        /** It was not attempted at all: the taking does not count as an attempt. */
        readonly untouched?: boolean;
      }
    | { readonly kind: 'given-up'; readonly error: string };
};

/** An effect in the hands of the courier. */
export type Work = NewEffect & {
  readonly lease: Lease;
  /** When the lease ends unless it is renewed, milliseconds since 1970. */
  readonly leasedUntil: number;
  /** Attempts begun before this one. */
  readonly attempts: number;
  /** When the first of the attempts began that left no sure result: the call may have taken effect. Milliseconds since 1970. */
  readonly inDoubtSince?: number;
  /** The message this effect posted earlier. */
  readonly handle?: MessageHandle;
};

/** The log and its folds. The one way to write. Throws a PortFailure when the disk or the server cannot be written. */
export interface Ledger {
  /** Appends to the chain, folds into the rows, writes effects and wake-ups, remembers the key: one transaction. */
  commit(change: Change): Promise<Committed>;
  /** Entries in order; `stream` narrows, `after` is exclusive, times are ISO 8601 (from inclusive, to exclusive). */
  entries(query: {
    stream?: Stream;
    after?: number;
    from?: string;
    to?: string;
    limit: number;
  }): Promise<readonly Entry[]>;
  /** Number and hash of the newest entry; 0 and zeros while there is none. */
  head(): Promise<Head>;
  /** The newest entry of a type in a stream. */
  newest(stream: Stream, type: AnyEvent['type']): Promise<Entry | undefined>;
  /** The whole chain as it lies there, for verification. */
  found(): AsyncIterable<FoundEntry>;
  /** Rebuilds every row from the log and names those that differ. */
  differences(): AsyncIterable<{ readonly stream: string; readonly what: string }>;
  /** Told after each commit of this or another instance; the function returned ends it. */
  listen(told: (streams: readonly Stream[]) => void): () => void;
}

/**
 * Newest first unless said otherwise. `before` is a deployment number, exclusive. Without `states` those in states that only a newer
 * version knows are among the answers.
 */
export interface DeploymentQuery {
  readonly service?: string;
  readonly environment?: string;
  readonly states?: readonly State[];
  /** Only those that have not ended, whatever their state is called. */
  readonly open?: true;
  readonly before?: number;
  readonly limit: number;
}

export interface Rows {
  deployment(id: string): Promise<Deployment | undefined>;
  deploymentByToken(token: string): Promise<Deployment | undefined>;
  /** Which deployment a provider's run belongs to. */
  deploymentByRun(provider: string, run: string): Promise<Deployment | undefined>;
  deployments(query: DeploymentQuery): Promise<readonly Deployment[]>;
  nextNumber(): Promise<number>;
  /** A target nobody has touched yet is an empty one. */
  target(service: string, environment: string): Promise<Target>;
  targets(): Promise<readonly Target[]>;
  placeBooks(): Promise<readonly PlaceBook[]>;
  /** Every scope wider than a target that was ever locked; there are few. */
  scopes(): Promise<readonly ScopeBook[]>;
  /** Somebody who never said anything has an empty book. */
  personBook(person: string): Promise<PersonBook>;
  personBooks(): Promise<readonly PersonBook[]>;
  /** The review that a deployment left, if it did. */
  review(deployment: string): Promise<Review | undefined>;
  /** Reviews that nobody has closed yet, the one that is due first at first. */
  openReviews(): Promise<readonly Review[]>;
  /** What was counted in a span of days, summed up over the targets asked for. Nothing where nothing was counted. */
  rollups(query: RollupQuery): Promise<readonly Tally[]>;
}

/** Effects and wake-ups: what is due, taken under a lease. */
export interface Desk {
  /** Due effects, at most one per lane, in order; each leased for `leaseMs`. An attempt is recorded with the taking. */
  takeEffects(now: number, leaseMs: number, limit: number): Promise<readonly Work[]>;
  /** Records the outcome of work that changes no state. False when the lease was lost. */
  settle(settled: Settled): Promise<boolean>;
  takeWakeups(now: number, leaseMs: number, limit: number): Promise<readonly (Wakeup & { readonly lease: Lease })[]>;
  /** Puts a wake-up back for later, or away when `next` is absent. A wake-up that was moved meanwhile stays as moved. */
  finishWakeup(lease: Lease, next?: Omit<Wakeup, 'key'>): Promise<void>;
  setWakeups(wakeups: readonly Wakeup[]): Promise<void>;
  /** Makes a lease longer; false when it was lost. */
  renew(lease: Lease, until: number): Promise<boolean>;
  /**
   * When this instance must look again by itself, if anything is owed: leased work counts when its lease ends. A store whose engine
   * rings (`onRing`) names a wake-up's time somewhat late: only a ring that got lost is made up for.
   */
  nextDue(): Promise<number | undefined>;
  /** Told when something has come due that no timer of this instance was set for; the function returned ends it. */
  onRing(ring: () => void): () => void;
  /** Open deployments without a wake-up: what a crash or bug lost. */
  unwatched(limit: number): Promise<readonly string[]>;
  /** Those of the keys that have no wake-up. */
  unset(keys: readonly string[]): Promise<readonly string[]>;
  /** The handle that an effect of this key left. */
  handle(key: string): Promise<MessageHandle | undefined>;
}

export type Store = Ledger &
  Rows &
  Desk & {
    close(): Promise<void>;
  };
