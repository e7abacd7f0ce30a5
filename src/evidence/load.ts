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

/** The record of one deployment; nothing when there is none of that id. Throws when the log contradicts itself. */
export async function loadEvidence(
  reading: EvidenceReading,
  id: string,
  baseUrl?: string,
): Promise<EvidenceRecord | undefined> {
  const deployment = await reading.deployment(id);
  return deployment === undefined ? undefined : recordOf(reading, deployment, baseUrl);
}

async function recordOf(reading: EvidenceReading, deployment: Deployment, baseUrl?: string): Promise<EvidenceRecord> {
  const { id } = deployment;
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
  for await (const page of pages(reading, { stream })) entries.push(...page);
  return entries;
}

/**
 * Entries, a page at a time; others have their turn in between. Every page begins with the entry that the one before it ended with: an
 * entry whose text tells a number that is not its own would else skip some without a word, or never come to an end.
 */
async function* pages(
  reading: Pick<Ledger, 'entries'>,
  query: Omit<Parameters<Ledger['entries']>[0], 'after' | 'limit'>,
): AsyncGenerator<readonly Entry[]> {
  for (let last: Entry | undefined; ; ) {
    const page = await reading.entries({ ...query, after: last === undefined ? 0 : last.seq - 1, limit: PAGE });
    if (last !== undefined && page[0]?.hash !== last.hash) throw contradiction(last);
    const wrong = page.find(({ seq }, index) => !(seq > (page[index - 1]?.seq ?? 0)));
    if (wrong !== undefined) throw contradiction(wrong);
    yield last === undefined ? page : page.slice(1);
    if (page.length < PAGE) return;
    last = page.at(-1);
    await breathe();
  }
}

function contradiction({ seq, stream }: Entry): Error {
  return new Error(
    `The log contradicts itself: an entry of ${stream} says it is number ${seq}, but does not stand there. Nothing is proved from such a log; \`audit verify\` shows what is wrong.`,
  );
}

async function breathe(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
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

/** Walks the log of the period. In memory it keeps a short row for each deployment. Throws when the log contradicts itself. */
export async function loadPeriod(reading: EvidenceReading, period: Period, baseUrl?: string): Promise<PeriodEvidence> {
  const rows: PeriodRow[] = [];
  let newest = '';
  for (const id of await idsIn(reading, period)) {
    const deployment = await reading.deployment(id);
    if (deployment === undefined || !fits(deployment, period)) continue;
    const record = await recordOf(reading, deployment, baseUrl);
    await breathe();
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
        await breathe();
        if (record !== undefined) yield record;
      }
    },
  };
}

async function idsIn(reading: Pick<Ledger, 'entries'>, { from, to }: Period): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const page of pages(reading, { from, to })) {
    for (const { stream, event } of page) {
      if (stream.startsWith('deployment:') && isMilestone(event.type)) found.add(stream.slice('deployment:'.length));
    }
  }
  return found;
}

function fits({ service, environment }: Deployment, period: Period): boolean {
  return (period.service ?? service) === service && (period.environment ?? environment) === environment;
}
