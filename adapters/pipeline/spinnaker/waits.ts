import type { Wait } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { RunWaits } from '../../../src/ports/pipeline.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Context, pageOf, wanted } from './context.ts';
import { lookAt } from './look-at.ts';
import { unevaluated } from './plain.ts';
import type { Settings } from './schema.ts';
import type { Execution, Stage } from './shapes.ts';
import { iso } from './times.ts';

/** The longest name that still reads as a question, and the longest comment. */
const LONGEST_NAME = 140;
const LONGEST_WORDS = 500;

/**
 * Manual judgments that nobody has answered. Source: `ManualJudgmentStage` of Orca: it runs until `judgmentStatus` says `continue` or
 * `stop`, and empties it again when whoever answered has none of the roles that it asks for.
 */
export function waitsOf(context: Context, { id, stages }: Execution, settings: Settings): readonly Wait[] {
  return stages.filter(isOpen).map((stage) => {
    const since = iso(stage.startTime);
    const url = pageOf(context, settings.application, id, stage.id);
    return {
      id: stage.id,
      name: questionOf(stage),
      answerable: choicesOf(stage).length === 0 || chosen(stage, settings) !== undefined,
      ...(since === undefined ? {} : { since }),
      ...(url === undefined ? {} : { url }),
    };
  });
}

/** Continues or stops. Spinnaker knows our login as who judged; who really did stands in the comments of the stage. */
export const answer = async (
  context: Context,
  ...[run, request, wait, verdict, words, fence]: Parameters<RunWaits['answer']>
): Promise<void> => {
  const { settings } = wanted(request);
  const { stages } = await lookAt(context, run, request);
  const stage = stages.find(({ id }) => id === wait.id);
  if (stage === undefined || !isOpen(stage)) return;
  const choice = verdict === 'approve' ? chosen(stage, settings) : undefined;
  if (verdict === 'approve' && choice === undefined && choicesOf(stage).length > 0) throw undecided(context, wait);
  const comments = [stage.context.comments ?? '', unevaluated(clip(words, LONGEST_WORDS))];
  const order = {
    method: 'PATCH',
    what: `"${wait.name}" of run ${run.id}`,
    path: `pipelines/${pathOf(run.id)}/stages/${pathOf(stage.id)}`,
    json: {
      judgmentStatus: verdict === 'approve' ? 'continue' : 'stop',
      comments: comments.filter((text) => text !== '').join('\n'),
      ...(choice === undefined ? {} : { judgmentInput: choice }),
    },
  } as const;
  await context.gate.send(order, fence);
};

/** To go on without a choice might lead anywhere. */
function undecided({ id }: Context, { name }: Wait): PortFailure {
  const message = `"${name}" offers choices, and judgmentInput names none of them. Answer it in Spinnaker.`;
  return new PortFailure(message, { port: id, kind: 'refused', retryable: false, code: 'choice' });
}

function isOpen({ type, status, context }: Stage): boolean {
  return type === 'manualJudgment' && status === 'RUNNING' && !/^(continue|stop)$/i.test(context.judgmentStatus ?? '');
}

function questionOf({ name, context }: Stage): string {
  // Instructions are written for a page, with tags.
  const instructions = (context.instructions ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const title = name ?? 'Manual judgment';
  return clip(redact(instructions === '' ? title : `${title}: ${instructions}`), LONGEST_NAME);
}

/** Where a judgment offers choices, the rest of the pipeline may go by what was chosen: only one that the settings name is made. */
function chosen(stage: Stage, { judgmentInput }: Settings): string | undefined {
  return choicesOf(stage).find((choice) => choice === judgmentInput);
}

function choicesOf({ context }: Stage): readonly string[] {
  return (context.judgmentInputs ?? []).map(({ value }) => String(value));
}
