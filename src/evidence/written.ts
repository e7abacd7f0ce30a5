import { canonicalJson } from '../domain/canonical.ts';
import type { Block } from '../domain/evidence-block.ts';
import { evidenceBlocks } from '../domain/evidence-document.ts';
import { evidenceMarkdown } from '../domain/evidence-markdown.ts';
import { periodBlocks } from '../domain/evidence-period.ts';
import type { EvidenceRecord } from '../domain/evidence-record.ts';
import type { PeriodEvidence } from './load.ts';
import { evidencePdf } from './pdf.ts';

/** Forms of a written record, with what the web calls them. */
export const EVIDENCE_FORMATS = {
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  pdf: 'application/pdf',
} as const;
export type EvidenceFormat = keyof typeof EVIDENCE_FORMATS;

export function isEvidenceFormat(text: string): text is EvidenceFormat {
  return Object.hasOwn(EVIDENCE_FORMATS, text);
}

/** One record in pieces of bytes. */
export async function* writtenRecord(
  record: EvidenceRecord,
  format: EvidenceFormat,
  madeAt: Date,
): AsyncGenerator<Uint8Array> {
  if (format === 'json') yield bytes(`${canonicalJson(record)}\n`);
  if (format === 'md') yield bytes(evidenceMarkdown(evidenceBlocks(record)));
  if (format === 'pdf') yield* evidencePdf(`Evidence of ${record.deployment}`, [evidenceBlocks(record)], madeAt);
}

/** The report of a period in pieces of bytes, made while it is read. */
export async function* writtenPeriod(
  evidence: PeriodEvidence,
  format: EvidenceFormat,
  madeAt: Date,
): AsyncGenerator<Uint8Array> {
  const { period, rows } = evidence;
  if (format === 'pdf') {
    yield* evidencePdf(`Evidence from ${period.from} to ${period.to}`, groups(evidence), madeAt);
    return;
  }
  if (format === 'md') {
    for await (const blocks of groups(evidence)) yield bytes(evidenceMarkdown(blocks));
    return;
  }
  const head = canonicalJson({ schema: 'countersign-evidence-period-1', period, summary: rows });
  yield bytes(`${head.slice(0, -1)},"records":[`);
  let first = true;
  for await (const record of evidence.records()) {
    yield bytes(`${first ? '' : ','}\n${canonicalJson(record)}`);
    first = false;
  }
  yield bytes('\n]}\n');
}

async function* groups(evidence: PeriodEvidence): AsyncGenerator<readonly Block[]> {
  yield periodBlocks(evidence.period, evidence.rows);
  for await (const record of evidence.records()) yield evidenceBlocks(record);
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
