import type { Lock } from './lock.ts';
import type { Person } from './person.ts';
import type { ReviewCause } from './review.ts';

/**
 * What somebody is told beside the cards of deployments. It holds all that its words need, so that it says the same however late it comes.
 * Times are ISO 8601 in UTC; `scope` is a key as `scopeKey` makes it.
 */
export type Notice =
  | LockNotice
  | ReviewNotice
  | { readonly kind: 'review-closed'; readonly deployment: string; readonly by: Person; readonly note: string }
  | {
      readonly kind: 'delegated';
      readonly by: Person;
      readonly from: string;
      readonly until: string;
      readonly reason?: string;
    }
  | { readonly kind: 'delegation-ended'; readonly by: Person };

/** Something happened to a lock that somebody holds. */
export type LockNotice =
  | { readonly kind: 'lock-still-needed'; readonly scope: string; readonly lock: Lock }
  | { readonly kind: 'lock-expired'; readonly scope: string; readonly lock: Lock }
  | {
      readonly kind: 'lock-taken';
      readonly scope: string;
      readonly lock: Lock;
      readonly by: Person;
      readonly reason: string;
    }
  | {
      readonly kind: 'lock-opened';
      readonly scope: string;
      readonly lock: Lock;
      readonly by: Person;
      readonly reason?: string;
    };

/** Somebody is asked to look at what went faster than the rules ask of others. */
interface ReviewNotice {
  readonly kind: 'review-due';
  readonly deployment: string;
  readonly service: string;
  readonly environment: string;
  readonly causes: readonly ReviewCause[];
  readonly dueAt: string;
  readonly overdue: boolean;
}
