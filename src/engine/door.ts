import type { Catalog, Place } from '../domain/catalog.ts';
import type { ChangeSet, CheckStatus } from '../domain/change-set.ts';
import type { Deployment, Former } from '../domain/deployment.ts';
import type { Scope } from '../domain/lock.ts';
import type { Account, Person } from '../domain/person.ts';
import type { Preferences } from '../domain/person-book.ts';
import type { Eligibility, Exclusion } from '../domain/policy.ts';
import type { PreferenceWish } from '../domain/preferences.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Review } from '../domain/review.ts';
import type { SubscriptionWish } from '../domain/target.ts';
import type { TrainMode } from '../domain/train.ts';
import type { AwayWish, DelegationAnswer } from './delegations.ts';
import type { LockAnswer, LockWish } from './locks.ts';

/** Who acts, through which account, and the delivery that carried it. */
export interface Caller {
  readonly person: Person;
  readonly account: Account;
  /** From another organisation: may look, not act. */
  readonly external: boolean;
  /** Unique per delivery; the second one changes nothing. */
  readonly key: string;
  readonly place?: Place;
}

export interface RequestWish {
  readonly service: string;
  readonly environment: string;
  /** Absent: the service's default. */
  readonly ref?: string;
  readonly reason?: string;
  readonly retryOf?: string;
  /** Absent: `regular`. */
  readonly kind?: 'regular' | 'hotfix';
  /** Address of the incident that a hotfix mends. */
  readonly incident?: string;
  /** Not before, ISO 8601 in UTC. */
  readonly scheduledFor?: string;
  /** Why it may go although a rule speaks against it. */
  readonly override?: string;
  /** What is handed in, by name, as it was typed. */
  readonly inputs?: Readonly<Record<string, string>>;
}

/** Several deployments as one. */
export interface TrainWish extends Pick<RequestWish, 'environment' | 'reason'> {
  readonly mode: TrainMode;
  /** In the order in which they go. */
  readonly services: readonly Pick<RequestWish, 'service' | 'ref' | 'inputs'>[];
}

export interface RollbackWish {
  readonly service: string;
  readonly environment: string;
  /** `D-1042`, a ref or a SHA of a deployment that succeeded there; absent: the last good one before the present. */
  readonly to?: string;
  readonly reason?: string;
  /** The deployment whose card was pressed; what has begun since then forbids it. */
  readonly pressed?: string;
}

/** What somebody wants of a deployment that exists. `revision` comes with buttons; an older one than the row's is refused. */
export type Wish =
  | { readonly verb: 'approve'; readonly revision?: number }
  | { readonly verb: 'reject'; readonly reason: string; readonly revision?: number }
  | { readonly verb: 'cancel'; readonly reason?: string }
  | { readonly verb: 'nudge' }
  /** Goes on without the countersignatures that are still needed. `code`: of the question that this very person was shown before. */
  | { readonly verb: 'break-glass'; readonly reason: string; readonly code?: string };

export type Answer =
  | { readonly kind: 'done'; readonly deployment: Deployment }
  | {
      readonly kind: 'refused';
      readonly refusals: readonly Refusal[];
      readonly deployment?: Deployment;
      /** With `glass-not-confirmed`: what the second step must bring. */
      readonly code?: string;
    }
  /** This very delivery was obeyed before. */
  | { readonly kind: 'duplicate' };

export type ReviewAnswer =
  | { readonly kind: 'done'; readonly review: Review }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'duplicate' };

export type PlaceAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'duplicate' };

/** All preferences of the caller as they are now. */
export type PreferenceAnswer =
  | { readonly kind: 'done'; readonly preferences: Preferences }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'duplicate' };

/** Two accounts that somebody says are one human's. */
export type LinkWish =
  | { readonly kind: 'offer' }
  /** `confirmed`: whoever typed the code was shown what it means, and pressed. */
  | { readonly kind: 'redeem'; readonly code: string; readonly confirmed: boolean };

/** `known` is the account of a person that the configuration speaks of, `fresh` the one that becomes this person's. */
interface Linking {
  readonly person: Person;
  readonly known: Account;
  readonly fresh: Account;
  /** The one of the two that did not type the code. */
  readonly other: Account;
}

export type LinkAnswer =
  | { readonly kind: 'offered'; readonly code: string; readonly expiresAt: string }
  /** Nothing is linked yet: it is shown what would be. */
  | (Linking & { readonly kind: 'confirm'; readonly code: string })
  | (Linking & { readonly kind: 'linked' })
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'duplicate' };

export type UnlinkAnswer =
  | { readonly kind: 'unlinked'; readonly accounts: readonly Account[] }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'duplicate' };

/** What a request would find, without making one (`--dry-run`, `diff`). */
export type Preview =
  | {
      readonly kind: 'seen';
      readonly sha: string;
      readonly changeSet: ChangeSet;
      readonly checks: CheckStatus;
      readonly former?: Former;
      readonly excluded: readonly Exclusion[];
      readonly eligible: readonly Eligibility[];
      readonly warnings: readonly string[];
      /** What a real request would be refused for. */
      readonly refusals: readonly Refusal[];
    }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** The one door for change. Nothing else writes. Service and environment are ids of the catalog by the time they come here. */
export interface Door {
  readonly catalog: () => Catalog;
  request(caller: Caller, wish: RequestWish): Promise<Answer>;
  /** Asks for several deployments as one; the answer holds the first of them. */
  train(caller: Caller, wish: TrainWish): Promise<Answer>;
  rollback(caller: Caller, wish: RollbackWish): Promise<Answer>;
  /** Makes a new request out of a failed (or otherwise ended) deployment, linked to it. */
  retry(caller: Caller, deployment: string): Promise<Answer>;
  /** Closes the review that a deployment left. */
  review(caller: Caller, deployment: string, note: string): Promise<ReviewAnswer>;
  /** `id`: of a deployment, or of a train (`T-7`), which is decided on as one. */
  act(caller: Caller, id: string, wish: Wish): Promise<Answer>;
  lock(caller: Caller, wish: LockWish): Promise<LockAnswer>;
  unlock(caller: Caller, scope: Scope, reason?: string): Promise<LockAnswer>;
  /** Makes somebody else's lock the caller's own; its owner is told. `forMs`: it opens by itself after so many milliseconds. */
  steal(caller: Caller, scope: Scope, reason: string, forMs?: number): Promise<LockAnswer>;
  subscribe(caller: Caller, place: Place, wish: SubscriptionWish): Promise<PlaceAnswer>;
  unsubscribe(caller: Caller, place: Place, wish: { service: string; environment: string }): Promise<PlaceAnswer>;
  /** What the caller wants the bot to heed, in their own book. */
  prefer(caller: Caller, wish: PreferenceWish): Promise<PreferenceAnswer>;
  /** Somebody else decides in the caller's stead for a span of time; a later word takes the place of an earlier one. */
  away(caller: Caller, wish: AwayWish): Promise<DelegationAnswer>;
  back(caller: Caller): Promise<DelegationAnswer>;
  /** Makes one human of two accounts, with a proof on both sides. Throws a PortFailure when a platform cannot be asked who they are. */
  link(caller: Caller, wish: LinkWish): Promise<LinkAnswer>;
  /** Takes back what `link` brought: the caller's accounts in a system, e.g. `teams`. */
  unlink(caller: Caller, system: string): Promise<UnlinkAnswer>;
  /** The bot was added to a place: says once what it will post there. */
  joined(place: Place): Promise<void>;
  preview(caller: Caller, wish: RequestWish): Promise<Preview>;
}
