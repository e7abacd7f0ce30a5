import { type Deployment, isOpen } from '../domain/deployment.ts';
import { deploymentStream, type Entry, reviewStream, type Stream } from '../domain/event.ts';
import { evidenceOf } from '../domain/evidence.ts';
import { lastAt } from '../domain/evidence-log.ts';
import { isMilestone, type PeriodRow, rowOf, sortRows } from '../domain/evidence-period.ts';
import type { EvidenceRecord } from '../domain/evidence-record.ts';
import type { Ledger, Rows } from '../ports/store.ts';

/** What is read for evidence; nothing of it can write. */
export type EvidenceReading = Pick<Rows, 'deployment' | 'review'> & Pick<Ledger, 'entries'>;

/** Entries read at once. */
const PAGE = 500;

/** The record of one deployment; nothing when there is none of that id. */
export async function loadEvidence(
  reading: EvidenceReading,
  id: string,
  baseUrl?: string,
): Promise<EvidenceRecord | undefined> {
  const deployment = await reading.deployment(id);
  if (deployment === undefined) return undefined;
  const [own, review, reviewed] = await Promise.all([
    all(reading, deploymentStream(id)),
    reading.review(id),
    all(reading, reviewStream(id)),
  ]);
  const entries = [...own, ...reviewed].sort((one, other) => one.seq - other.seq);
  const known = review === undefined ? {} : { review };
  return evidenceOf({ deployment, entries, ...known, ...(baseUrl === undefined ? {} : { baseUrl }) });
}

async function all(reading: Pick<Ledger, 'entries'>, stream: Stream): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let after = 0; ; ) {
    const page = await reading.entries({ stream, after, limit: PAGE });
    entries.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return entries;
    after = last.seq;
  }
}

/** A span of time, ISO 8601 in UTC (inclusive, exclusive), and what is looked at in it. */
export interface Period {
  readonly from: string;
  readonly to: string;
  readonly service?: string;
  readonly environment?: string;
}

/** All deployments that began or ended in a period, exceptions first; the records are read one by one, so that thousands can be written. */
export interface PeriodEvidence {
  readonly period: Period;
  readonly rows: readonly PeriodRow[];
  /** When the newest entry of them all was written, ISO 8601 in UTC; the end of the period when there is none. */
  readonly asOf: string;
  records(): AsyncIterable<EvidenceRecord>;
}

/** Walks the log of the period. In memory it keeps a short row for each deployment. */
export async function loadPeriod(reading: EvidenceReading, period: Period, baseUrl?: string): Promise<PeriodEvidence> {
  const rows: PeriodRow[] = [];
  let newest = '';
  for (const id of await idsIn(reading, period)) {
    const deployment = await reading.deployment(id);
    if (deployment === undefined || !fits(deployment, period)) continue;
    const record = await loadEvidence(reading, id, baseUrl);
    if (record === undefined) continue;
    rows.push(rowOf(record, isOpen(deployment)));
    if (lastAt(record) > newest) newest = lastAt(record);
  }
  const sorted = sortRows(rows);
  return {
    period,
    rows: sorted,
    asOf: newest === '' ? period.to : newest,
    async *records() {
      for (const { deployment } of sorted) {
        const record = await loadEvidence(reading, deployment, baseUrl);
        if (record !== undefined) yield record;
      }
    },
  };
}

async function idsIn(reading: Pick<Ledger, 'entries'>, { from, to }: Period): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let after = 0; ; ) {
    const page = await reading.entries({ from, to, after, limit: PAGE });
    for (const { stream, event } of page) {
      if (stream.startsWith('deployment:') && isMilestone(event.type)) found.add(stream.slice('deployment:'.length));
    }
    const last = page.at(-1);
    if (last === undefined) return found;
    after = last.seq;
  }
}

function fits({ service, environment }: Deployment, period: Period): boolean {
  return (period.service ?? service) === service && (period.environment ?? environment) === environment;
}
