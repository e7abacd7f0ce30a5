import type { TargetSettings } from '../domain/catalog.ts';
import type { Findings } from '../domain/deployment.ts';
import type { Person } from '../domain/person.ts';
import type { Kind } from '../domain/plan.ts';
import type { Target } from '../domain/target.ts';
import type { Verdict } from '../domain/verdict.ts';

/**
 * Named moments at which gates are asked. `renewal`: the facts of a request that waits were gathered anew, because something else
 * arrived on its target; a lock holds such a request, but does not end it.
 */
export type Moment = 'request' | 'plan' | 'renewal' | 'dispatch';

/** What a gate may look at. Findings are there from `plan` on. */
export interface GateFacts {
  readonly kind: Kind;
  readonly deployment?: string;
  readonly requester: Person;
  readonly external: boolean;
  readonly reason?: string;
  readonly settings: TargetSettings;
  readonly target: Target;
  readonly findings?: Findings;
}

/** One question of "may it go?". Pure: all it needs stands in the facts. */
export interface Gate {
  readonly id: string;
  readonly moments: readonly Moment[];
  check(facts: GateFacts): Verdict;
}

export const ALLOW: Verdict = { kind: 'allow' };

export function warn(sentence: string): Verdict {
  return { kind: 'warn', sentence };
}
