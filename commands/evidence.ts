import { EVIDENCE_EXCEPTIONS } from '../src/domain/evidence-exceptions.ts';
import type { EvidenceRecord } from '../src/domain/evidence-record.ts';
import type { Text } from '../src/domain/text.ts';
import { loadEvidence } from '../src/evidence/load.ts';
import { pageOf, tellPrivately } from './shared/answers.ts';
import { withDeployment } from './shared/rows.ts';
import { command, DEPLOYMENT } from './shared/spec.ts';

/** Says in short what an auditor asks about a deployment, and where the whole of it is. */
export const evidence = command({
  name: 'evidence',
  summary: 'Says who asked for a deployment, who countersigned and how it ended, with the hash of its whole record.',
  topic: 'looking',
  examples: ['evidence D-1042'],
  forms: [[DEPLOYMENT]],
  acts: false,
  async run(context, { deployment }) {
    return withDeployment(context, deployment, async ({ id }) => {
      // Without an address of ours in it, the record has the same hash here, on the page and on the command line.
      const record = await loadEvidence(context.reading, id);
      if (record === undefined) throw new Error(`${id} was there a moment ago.`);
      const { exceptions, outcome, service, environment } = record;
      const title: Text = [{ kind: 'strong', text: `Evidence of ${id}` }, `: ${service} → ${environment}`];
      return tellPrivately(exceptions.length === 0 ? 'neutral' : 'waiting', title, [[outcome], exceptionLine(record)], {
        facts: factsOf(record),
        links: (['', '.json', '.pdf'] as const).flatMap((end) => {
          const { url } = pageOf(context.catalog, `/deployments/${encodeURIComponent(id)}/evidence${end}`);
          return url === undefined ? [] : [{ label: LABELS[end], url }];
        }),
        context: ['SHA-256 ', { kind: 'code', text: record.hash }],
      });
    });
  },
});

const LABELS = { '': 'Evidence', '.json': 'JSON', '.pdf': 'PDF' } as const;

function exceptionLine({ exceptions }: EvidenceRecord): Text {
  if (exceptions.length === 0) return ['No exceptions.'];
  return [`Look at this first: ${exceptions.map((code) => EVIDENCE_EXCEPTIONS[code]).join('; ')}.`];
}

function factsOf({ asked, approvals, rules, ended, review }: EvidenceRecord) {
  const standing = approvals.filter(({ setAside }) => setAside === undefined);
  const nobody = rules.length === 0 ? 'nobody; no rule asked for it' : 'nobody';
  const names = standing.map(({ by, onBehalfOf }) =>
    onBehalfOf === undefined ? by.name : `${by.name} on behalf of ${onBehalfOf.name}`,
  );
  return [
    { label: 'Asked by', value: [`${asked.by.name}, `, time(asked.at)] },
    { label: 'Countersigned by', value: [names.length === 0 ? nobody : names.join(', ')] },
    { label: 'Ended', value: ended === undefined ? ['not yet'] : [time(ended.at)] },
    ...(review === undefined
      ? []
      : [{ label: 'Reviewed by', value: [review.closed === undefined ? 'nobody yet' : review.closed.by.name] }]),
  ];
}

function time(at: string): Text[number] {
  return { kind: 'time', at, style: 'date' };
}
