import type { Artifact } from './artifact.ts';

/** A provider's states, mapped once by each adapter to these words. An unknown word of a provider is `unknown`, never success. */
export const RUN_STATES = [
  'queued',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
  'timed-out',
  'unknown',
] as const;
export type RunState = (typeof RUN_STATES)[number];

const ENDED_RUN_STATES = ['succeeded', 'failed', 'cancelled', 'timed-out'] as const satisfies readonly RunState[];

export function runEnded(state: RunState): boolean {
  return (ENDED_RUN_STATES as readonly RunState[]).includes(state);
}

export type StepState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'skipped';

/** One named step of a run, as the provider shows it. Times are ISO 8601 in UTC. */
export interface Step {
  readonly name: string;
  readonly state: StepState;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly url?: string;
}

/** A provider's run. `id` is the provider's own; `provider` the key of the configuration. */
export interface Run {
  readonly provider: string;
  readonly id: string;
  readonly url?: string;
}

/** A question that the provider itself puts to a person before its run goes on, e.g. a manual job or a protected environment. */
export interface Wait {
  /** The provider's own, unique within the run. */
  readonly id: string;
  /** What is waited for, in the provider's words. */
  readonly name: string;
  readonly since?: string;
  readonly url?: string;
  /** The provider's interface takes an answer; otherwise a person must give it there. */
  readonly answerable: boolean;
}

/** What a provider says of a run at one moment. */
export interface Snapshot {
  readonly state: RunState;
  /** The commit the run really has; absent while the provider does not say. */
  readonly sha?: string;
  /** What the run says that it built or deployed so far; absent while it does not say. Sorted by name. */
  readonly artifacts?: readonly Artifact[];
  readonly steps: readonly Step[];
  /** What the provider waits for a person for; absent or empty: nothing. */
  readonly waits?: readonly Wait[];
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly url?: string;
  /** First line of what went wrong, redacted, at most 300 characters. */
  readonly error?: string;
  /** Something an operator should read, e.g. a state word nobody knows. */
  readonly warning?: string;
}
