import { artifactLines } from './artifact.ts';
import type { EvidenceRecord } from './evidence-record.ts';

/** Commit and artifacts: what was approved to run, and what the provider says it ran. */
export function ranFacts(
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
