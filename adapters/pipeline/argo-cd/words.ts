import type { RunState, StepState } from '../../../src/domain/run.ts';
import type { OperationState, ResourceResult } from './schema.ts';

/** Phases of an operation: `OperationPhase` of argoproj/gitops-engine, pkg/sync/common/types.go. */
const PHASES: Readonly<Record<string, RunState>> = {
  Running: 'running',
  Terminating: 'running',
  Succeeded: 'succeeded',
  Failed: 'failed',
  Error: 'failed',
};

/** An operation that somebody ended is `Failed` with these words: `Terminate` of gitops-engine, pkg/sync/sync_context.go. */
const TERMINATED = /^operation (?:\w+ )?terminated/i;

export function phaseState({ phase, message }: OperationState): RunState {
  const state = wordIn(PHASES, phase) ?? 'unknown';
  return state === 'failed' && TERMINATED.test(message ?? '') ? 'cancelled' : state;
}

export type HealthWord = 'healthy' | 'progressing' | 'suspended' | 'bad' | 'unknown';

/** Health of an application or resource: https://argo-cd.readthedocs.io/en/stable/operator-manual/health/ */
const HEALTH: Readonly<Record<string, HealthWord>> = {
  Healthy: 'healthy',
  Progressing: 'progressing',
  Suspended: 'suspended',
  Degraded: 'bad',
  Missing: 'bad',
};

export function healthWord(word: string | null | undefined): HealthWord {
  return wordIn(HEALTH, word ?? '') ?? 'unknown';
}

const HOOK_STATES: Readonly<Record<string, StepState>> = {
  Running: 'running',
  Terminating: 'running',
  Succeeded: 'succeeded',
  Failed: 'failed',
  Error: 'failed',
};

/** `ResultCode` of gitops-engine, pkg/sync/common/types.go. */
const RESULTS: Readonly<Record<string, StepState>> = {
  Synced: 'succeeded',
  Pruned: 'succeeded',
  PruneSkipped: 'skipped',
  SyncFailed: 'failed',
};

/** A hook tells by its phase. */
export function hookState({ hookPhase }: ResourceResult, ended: boolean): StepState {
  const state = (hookPhase ?? '') === '' ? 'waiting' : (wordIn(HOOK_STATES, hookPhase ?? '') ?? 'failed');
  return ended && state === 'running' ? 'failed' : state;
}

/** Anything else tells by its result; its phase keeps the word `Running` after the end and counts only before it. */
export function resultState({ status, hookPhase }: ResourceResult, ended: boolean): StepState {
  const phase = wordIn(HOOK_STATES, hookPhase ?? '');
  if (phase === 'failed') return 'failed';
  const state = (status ?? '') === '' ? 'waiting' : (wordIn(RESULTS, status ?? '') ?? 'failed');
  return !ended && state === 'succeeded' && phase === 'running' ? 'running' : state;
}

function wordIn<Value>(words: Readonly<Record<string, Value>>, word: string): Value | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined;
}
