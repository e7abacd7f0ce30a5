import { artifactLines } from './artifact.ts';
import type { Block } from './evidence-block.ts';
import type { EvidenceRecord } from './evidence-record.ts';
import { codes, known, table, when, who } from './evidence-words.ts';

/** Commit and artifacts: what was approved to run, and what the provider says it ran. */
function ranFacts(
  plan: EvidenceRecord['plan'],
  run: NonNullable<EvidenceRecord['run']>,
): readonly (readonly [label: string, value: string | undefined])[] {
  return [
    ['Commit that ran', run.confirmedCommit ?? 'the provider did not say'],
    ['Is it the approved one', run.confirmed ? 'yes' : 'not confirmed'],
    ['Artifacts that were approved', plan?.artifacts && artifactLines(plan.artifacts, ', ')],
    ['Artifacts that the run named', run.artifacts && artifactLines(run.artifacts, ', ')],
  ];
}

/** What was started where, and how it ended. */
export function run({ run, plan, steps, ended, state }: EvidenceRecord): readonly Block[] {
  const rows = steps.map((step) => [step.name, step.state, when(step.startedAt), when(step.endedAt)]);
  return [
    { kind: 'heading', level: 2, text: 'What ran' },
    ...(run === undefined
      ? [{ kind: 'paragraph', text: 'Nothing ran.' } as const]
      : ([
          {
            kind: 'facts',
            facts: known([
              ['Provider', run.provider],
              ['Repository', plan?.repository],
              ['Run', run.id],
              ['Address', run.url],
              ['Began', when(run.startedAt)],
              ...ranFacts(plan, run),
            ]),
          },
        ] as const)),
    ...(rows.length === 0 ? [] : [table(['Step', 'State', 'Began', 'Ended'], rows)]),
    {
      kind: 'facts',
      facts: known([
        ['State', state],
        ['Ended', when(ended?.at)],
        ['Failure', ended?.failure === undefined ? undefined : codes([ended.failure])],
      ]),
    },
  ];
}

/** What came of it later. */
export function afterwards({ rollback, review }: EvidenceRecord): readonly Block[] {
  const closed = review?.closed;
  const facts = known([
    ['Undoes', rollback?.undoes],
    ['Brings back', rollback?.restores],
    ['Undone by', rollback?.undoneBy],
    ['Review asked because of', review?.causes.join(', ')],
    ['Review opened', when(review?.openedAt)],
    ['Review due', when(review?.dueAt)],
    [
      'Reviewed by',
      closed === undefined
        ? review === undefined
          ? undefined
          : 'nobody yet'
        : `${who(closed.by)} at ${when(closed.at)}: ${closed.note}`,
    ],
  ]);
  if (facts.length === 0) return [];
  return [
    { kind: 'heading', level: 2, text: 'Afterwards' },
    { kind: 'facts', facts },
  ];
}
