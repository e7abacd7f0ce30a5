import { canonicalJson } from '../domain/canonical.ts';
import type { Block } from '../domain/evidence-block.ts';
import { evidenceBlocks } from '../domain/evidence-document.ts';
import { lastAt } from '../domain/evidence-log.ts';
import { evidenceMarkdown } from '../domain/evidence-markdown.ts';
import { periodBlocks } from '../domain/evidence-period.ts';
import type { EvidenceRecord } from '../domain/evidence-record.ts';
import { when } from '../domain/evidence-words.ts';
import type { PdfFont } from '../ports/print.ts';
import type { PeriodEvidence } from './load.ts';
import { evidencePdf, type PdfCover } from './pdf/index.ts';

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

/** What a printed form says beside the evidence. */
export interface Print {
  /** Name of the installation. */
  readonly installation: string;
  readonly font?: PdfFont;
}

/** One record in pieces of bytes. The same record gives the same bytes. */
export async function* writtenRecord(
  record: EvidenceRecord,
  format: EvidenceFormat,
  print: Print,
): AsyncGenerator<Uint8Array> {
  if (format === 'json') yield bytes(`${canonicalJson(record)}\n`);
  if (format === 'md') yield bytes(evidenceMarkdown(evidenceBlocks(record)));
  if (format !== 'pdf') return;
  const { installation, font } = print;
  const { deployment, service, environment } = record;
  const cover = {
    title: `Evidence of ${deployment}: ${service} to ${environment}`,
    author: installation,
    footer: `${installation} · Evidence of ${deployment} · as of ${when(lastAt(record))}`,
    at: new Date(lastAt(record)),
  };
  yield* evidencePdf(cover, [evidenceBlocks(record)], font);
}

/** The report of a period in pieces of bytes, made while it is read. */
export async function* writtenPeriod(
  evidence: PeriodEvidence,
  format: EvidenceFormat,
  print: Print,
): AsyncGenerator<Uint8Array> {
  if (format === 'pdf') {
    yield* evidencePdf(periodCover(evidence, print), groups(evidence), print.font);
    return;
  }
  if (format === 'md') {
    for await (const blocks of groups(evidence)) yield bytes(evidenceMarkdown(blocks));
    return;
  }
  const { period, rows } = evidence;
  const head = canonicalJson({ schema: 'countersign-evidence-period-1', period, summary: rows });
  yield bytes(`${head.slice(0, -1)},"records":[`);
  let first = true;
  for await (const record of evidence.records()) {
    yield bytes(`${first ? '' : ','}\n${canonicalJson(record)}`);
    first = false;
  }
  yield bytes('\n]}\n');
}

function periodCover({ period, asOf }: PeriodEvidence, { installation }: Print): PdfCover {
  const span = `${when(period.from)} to ${when(period.to)}`;
  return {
    title: `Evidence of deployments, ${span}`,
    author: installation,
    footer: `${installation} · Evidence from ${span} · as of ${when(asOf)}`,
    at: new Date(asOf),
  };
}

async function* groups(evidence: PeriodEvidence): AsyncGenerator<readonly Block[]> {
  yield periodBlocks(evidence.period, evidence.rows);
  for await (const record of evidence.records()) yield evidenceBlocks(record);
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
