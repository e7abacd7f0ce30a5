import type { RunState, Step, StepState } from '../../../src/domain/run.ts';
import { clip, counted } from '../../../src/domain/text.ts';
import { redact } from '../../shared/http/redact.ts';
import type { OperationState, ResourceResult } from './schema.ts';
import { hookState, phaseState, resultState } from './words.ts';

/** With the step before and the one after these, no more than twenty. */
const MOST_HOOKS = 10;
const MOST_KINDS = 8;

/** Hooks before the sync, and those beside and after it: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ */
const BEFORE = ['PreSync'];

interface Times {
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
}

/**
 * Hooks by name, everything else by kind, in the order of the sync, and at the end the health of the application. Argo CD tells no
 * times of single resources: a step begins no earlier than the operation, and ends no later than it.
 */
export function stepsOf(operation: OperationState, health: RunState, endedAt: string | undefined): readonly Step[] {
  const results = operation.syncResult?.resources ?? [];
  const times = { startedAt: iso(operation.startedAt), endedAt: iso(operation.finishedAt) };
  const ended = phaseState(operation) !== 'running';
  const hooks = results.filter(isHook);
  const before = hooks.filter(({ syncPhase, hookType }) => BEFORE.includes((syncPhase ?? '') || (hookType ?? '')));
  const after = hooks.filter((hook) => !before.includes(hook));
  const others = results.filter((result) => !isHook(result));
  return [
    ...hookSteps(before, ended, times, MOST_HOOKS / 2),
    ...kindSteps(others, ended, times),
    ...hookSteps(after, ended, times, MOST_HOOKS / 2),
    healthStep(operation, health, times, endedAt),
  ];
}

export function isHook({ hookType }: ResourceResult): boolean {
  return (hookType ?? '') !== '';
}

/** `db-migrate-1a2b3c4-presync-1767268800`, as gitops-engine names what asks for a generated name, reads "Db migrate". */
function hookName(name: string): string {
  const words = name
    .replace(/-?[0-9a-f]{7}-(?:presync|sync|postsync|syncfail)-\d+$/i, '')
    .replaceAll(/[-_.]+/g, ' ')
    .trim();
  const shown = words === '' ? name : words;
  return clip(redact(`${shown.charAt(0).toUpperCase()}${shown.slice(1)}`), 80);
}

function hookSteps(hooks: readonly ResourceResult[], ended: boolean, times: Times, most: number): readonly Step[] {
  const steps = hooks.map((hook) => stepOf(hookName(hook.name), hookState(hook, ended), times));
  if (steps.length <= most) return steps;
  const rest = steps.slice(most - 1);
  return [...steps.slice(0, most - 1), stepOf(counted(rest.length, 'more hook'), together(rest), times)];
}

function kindSteps(results: readonly ResourceResult[], ended: boolean, times: Times): readonly Step[] {
  const kinds = [...Map.groupBy(results, ({ kind }) => kind)];
  const steps = kinds.map(([kind, all]) => {
    const states = all.map((one) => ({ state: resultState(one, ended) }));
    return { count: all.length, step: stepOf(clip(redact(kind), 60), together(states), times) };
  });
  if (steps.length <= MOST_KINDS) return steps.map(({ step }) => step);
  const rest = steps.slice(MOST_KINDS - 1).map(({ step }) => step);
  return [...steps.slice(0, MOST_KINDS - 1).map(({ step }) => step), stepOf('Other kinds', together(rest), times)];
}

/** One state of several. */
function together(parts: readonly { readonly state: StepState }[]): StepState {
  const states = new Set(parts.map(({ state }) => state));
  if (states.has('failed')) return 'failed';
  if (states.has('running') || (states.has('waiting') && states.size > 1)) return 'running';
  if (states.has('waiting')) return 'waiting';
  return states.has('succeeded') ? 'succeeded' : 'skipped';
}

function healthStep(operation: OperationState, health: RunState, times: Times, endedAt: string | undefined): Step {
  const name = 'Health';
  if (phaseState(operation) === 'running') return { name, state: 'waiting' };
  if (phaseState(operation) !== 'succeeded') return { name, state: 'skipped' };
  const state: StepState = health === 'succeeded' ? 'succeeded' : health === 'failed' ? 'failed' : 'running';
  return stepOf(name, state, { startedAt: times.endedAt, endedAt: state === 'running' ? undefined : endedAt });
}

export function stepOf(name: string, state: StepState, { startedAt, endedAt }: Times): Step {
  const began = state !== 'waiting' && state !== 'skipped' && startedAt !== undefined;
  const over = (state === 'succeeded' || state === 'failed') && endedAt !== undefined;
  return { name, state, ...(began ? { startedAt } : {}), ...(over ? { endedAt } : {}) };
}

export function iso(time: string | null | undefined): string | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
