import { type Artifact, artifactFrom } from '../../../src/domain/artifact.ts';
import type { RunState, Step } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { redact } from '../../shared/http/redact.ts';
import type { StepEvent } from './schema.ts';

const LONGEST_NAME = 80;
const LONGEST_ERROR = 300;
/** More steps than anybody reads. */
export const MOST_STEPS = 100;

/** What a line of the command's output tells us, beside being a line of the log. */
export type Marker =
  /** `::step::Build`: this step begins, and the one before it is done. */
  | { readonly kind: 'step'; readonly name: string }
  /** `::steps::Build|Test|Start`: the steps that there will be. */
  | { readonly kind: 'plan'; readonly names: readonly string[] }
  /** `::artifact::web@sha256:…`: what this run has built or deploys. Absent: the line names nothing that can be compared. */
  | { readonly kind: 'artifact'; readonly artifact?: Artifact }
  /** `::error::The tests failed.`: the sentence that people should read. */
  | { readonly kind: 'error'; readonly text: string };

export function markerOf(line: string): Marker | undefined {
  const [, word, rest = ''] = /^::(step|steps|error|artifact)::(.*)$/s.exec(line.trimEnd()) ?? [];
  if (word === 'step') return nameOf(rest) === '' ? undefined : { kind: 'step', name: nameOf(rest) };
  if (word === 'steps')
    return {
      kind: 'plan',
      names: rest
        .split('|')
        .map(nameOf)
        .filter((name) => name !== '')
        .slice(0, MOST_STEPS),
    };
  if (word === 'artifact') {
    const artifact = artifactFrom(redact(readable(rest).trim()));
    return { kind: 'artifact', ...(artifact === undefined ? {} : { artifact }) };
  }
  return word === 'error' ? { kind: 'error', text: rest.trim() } : undefined;
}

function nameOf(text: string): string {
  return clip(redact(readable(text).trim()), LONGEST_NAME);
}

/** One line for people: no colours or other control characters, no secrets, at most 300 characters. */
export function errorLine(text: string): string {
  return clip(redact(readable(text).trim()), LONGEST_ERROR);
}

/** Without terminal colours (ECMA-48 control sequences) and other control characters. */
export function readable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
  return text.replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}

/** The steps as they stand. A run that has ended decides how its last step did; what never began was skipped. */
export function stepsOf(
  events: readonly StepEvent[],
  end?: { readonly state: RunState; readonly at?: string },
): readonly Step[] {
  const steps: Step[] = [];
  for (const event of events) {
    if ('plan' in event) steps.push(...event.plan.map((name): Step => ({ name, state: 'waiting' })));
    else begin(steps, event.step, event.at);
  }
  return end === undefined ? steps : steps.map((step) => ended(step, end));
}

function begin(steps: Step[], name: string, at: string): void {
  const running = steps.findIndex((step) => step.state === 'running');
  const before = steps[running];
  if (before !== undefined) steps[running] = { ...before, state: 'succeeded', endedAt: at };
  const planned = steps.findIndex((step) => step.state === 'waiting' && step.name === name);
  const begun: Step = { name, state: 'running', startedAt: at };
  if (planned >= 0) steps[planned] = begun;
  else steps.push(begun);
}

function ended(step: Step, end: { readonly state: RunState; readonly at?: string }): Step {
  if (step.state === 'waiting') return { ...step, state: 'skipped' };
  if (step.state !== 'running') return step;
  return {
    ...step,
    state: end.state === 'succeeded' ? 'succeeded' : 'failed',
    ...(end.at === undefined ? {} : { endedAt: end.at }),
  };
}
