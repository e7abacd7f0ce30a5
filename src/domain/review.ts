import type { Person } from './person.ts';
import type { Kind } from './plan.ts';

/** Why somebody must look at it afterwards: it went faster, or with fewer people, than the rules ask of others. */
export const REVIEW_CAUSES = ['hotfix', 'break-glass', 'override'] as const;
export type ReviewCause = (typeof REVIEW_CAUSES)[number];

/** A task that a deployment leaves: somebody who had no part in it looks at it, and says so. A fold of its events. */
export interface Review {
  /** `D-1042`: the deployment that is looked at. */
  readonly deployment: string;
  readonly version: number;
  /** The highest vocabulary of its events (see vocabulary.ts); absent while that is the first. */
  readonly needs?: number;
  readonly causes: readonly ReviewCause[];
  readonly service: string;
  readonly environment: string;
  readonly kind: Kind;
  /** ISO 8601 in UTC. */
  readonly openedAt: string;
  /** ISO 8601 in UTC. */
  readonly dueAt: string;
  /** They asked for it, approved it or broke the glass: none of them may close it. */
  readonly barred: readonly Person[];
  readonly chasedAt?: string;
  /** How often somebody was asked to do it. */
  readonly chases: number;
  readonly closed?: { readonly by: Person; readonly note: string; readonly at: string };
}

export type ReviewEvent =
  | ({ readonly type: 'review-opened' } & Pick<
      Review,
      'causes' | 'service' | 'environment' | 'kind' | 'dueAt' | 'barred'
    >)
  | { readonly type: 'review-chased' }
  | { readonly type: 'review-closed'; readonly note: string };
