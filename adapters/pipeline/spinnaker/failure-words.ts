import { clip } from '../../../src/domain/text.ts';
import { redact } from '../../shared/http/redact.ts';
import type { Execution, Stage } from './shapes.ts';
import { isFailure } from './words.ts';

/** First line of what went wrong. */
export function errorOf(execution: Execution): string {
  const told = failing(execution).find((stage) => complaintsOf(stage).length > 0);
  const [stage] = failing(execution);
  const words =
    told !== undefined
      ? `${nameOf(told)}: ${complaintsOf(told)[0]}`
      : stage !== undefined
        ? wordsWithoutComplaint(stage)
        : (execution.cancellationReason ?? `The run ended with "${execution.status}".`);
  return clip(redact(words).replace(/\s+/g, ' ').trim(), 300);
}

/** What the stages that failed did and said, oldest first; there is no other log at Gate. */
export function logOf(execution: Execution): string {
  const lines = failing(execution)
    .toReversed()
    .flatMap((stage) => [`== ${nameOf(stage)}: ${stage.status}`, ...historyOf(stage), ...complaintsOf(stage)]);
  const why = execution.cancellationReason;
  return redact([...lines, ...(typeof why === 'string' ? [why] : [])].join('\n')).trim();
}

/** Stages that failed; those that Orca put around and into others come first, because they know the cause. */
function failing({ stages }: Execution): readonly Stage[] {
  const failed = stages.filter(({ status }) => isFailure(status));
  const inner = ({ parentStageId }: Stage) => typeof parentStageId === 'string';
  const [own, others] = [failed.filter(inner), failed.filter((stage) => !inner(stage))];
  return [...own, ...others].toSorted((one, other) => rank(one) - rank(other));
}

/** A failure that the pipeline may ignore is told last. */
function rank({ status }: Stage): number {
  return status === 'FAILED_CONTINUE' ? 1 : 0;
}

/** In the order in which Orca itself tells them (`MonitorPipelineTask`). */
function complaintsOf({ context }: Stage): readonly string[] {
  const { errors, error } = context.exception?.details ?? {};
  const tasks = (context['kato.tasks'] ?? []).filter(({ status }) => status?.failed === true);
  const said = [...(errors ?? []), error, ...tasks.map(({ exception }) => exception?.message), context.failureMessage];
  return said.filter((word): word is string => typeof word === 'string' && word.trim() !== '');
}

function historyOf({ context }: Stage): readonly string[] {
  return (context['kato.tasks'] ?? []).flatMap(({ history }) =>
    (history ?? []).map(({ phase, status }) => `${phase ?? ''}: ${status ?? ''}`),
  );
}

function wordsWithoutComplaint(stage: Stage): string {
  const stopped = stage.type === 'manualJudgment' && stage.context.judgmentStatus?.toLowerCase() === 'stop';
  return stopped ? `Somebody answered "${nameOf(stage)}" with stop.` : `Stage "${nameOf(stage)}" failed.`;
}

function nameOf({ name, type, id }: Stage): string {
  return name ?? type ?? id;
}
