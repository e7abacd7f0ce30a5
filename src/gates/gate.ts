import type { Artifact } from '../domain/artifact.ts';
import type { Closure } from '../domain/calendar.ts';
import type { TargetSettings } from '../domain/catalog.ts';
import type { Findings } from '../domain/deployment.ts';
import type { Inputs } from '../domain/inputs.ts';
import type { HeldLock } from '../domain/lock.ts';
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
  /** Locks of wider scopes that the target lies in, the widest first. */
  readonly locks?: readonly HeldLock[];
  /** The calendar keeps it closed at the moment that counts: now, or when it is scheduled for. */
  readonly closure?: Closure;
  /** Why it may go although a rule speaks against it. */
  readonly override?: string;
  readonly incident?: string;
  /** What was handed in, by name. */
  readonly inputs?: Inputs;
  /** ISO 8601 in UTC; absent: at once. */
  readonly scheduledFor?: string;
  /** Since when it is cleared and waits for its turn, ISO 8601 in UTC; absent: it is not cleared. */
  readonly clearedAt?: string;
  /** Moment of the question, ISO 8601 in UTC. */
  readonly now?: string;
  /** Each environment that the commit must have passed, and since when it has run there, if it does; in order. */
  readonly passed?: readonly Passed[];
  /** Commits of the request that were taken back on this target, with nothing in the range that could have mended them. */
  readonly takenBack?: readonly TakenBack[];
}

/** How far a commit is on its road. */
export interface Passed {
  readonly environment: string;
  /** How long it must have run there, in milliseconds. */
  readonly bakeMs: number;
  readonly artifact?: 'required';
  /** The deployment that brought this very commit; absent: none did. */
  readonly arrived?: Arrived;
}

export interface Arrived {
  readonly deployment: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** What its run named; absent: nothing. */
  readonly artifacts?: readonly Artifact[];
}

/** A deployment of a commit that was undone, by a rollback or by a commit that reverts it. */
export interface TakenBack {
  readonly sha: string;
  readonly by: string;
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
