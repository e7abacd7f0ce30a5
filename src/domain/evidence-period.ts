import { shortSha } from './change-set.ts';
import type { Block } from './evidence-block.ts';
import { EVIDENCE_EXCEPTIONS, type EvidenceException } from './evidence-exceptions.ts';
import type { EvidenceRecord } from './evidence-record.ts';
import { when } from './evidence-words.ts';
import { counted } from './text.ts';

/** One line of the table of a period. */
export interface PeriodRow {
  readonly deployment: string;
  readonly service: string;
  readonly environment: string;
  readonly kind: string;
  readonly state: string;
  readonly open: boolean;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly commit?: string;
  readonly endedAt?: string;
  readonly approvedBy: readonly string[];
  readonly exceptions: readonly EvidenceException[];
  /** Hash of the record. */
  readonly hash: string;
}

const BEGUN_OR_ENDED: ReadonlySet<string> = new Set([
  'requested',
  'dispatched',
  'refused',
  'rejected',
  'expired',
  'cancelled',
  'succeeded',
  'failed',
  'rollback-ended',
]);

/** Does an event of that type put its deployment into the period it happened in? */
export function isMilestone(type: string): boolean {
  return BEGUN_OR_ENDED.has(type);
}

export function rowOf(record: EvidenceRecord, open: boolean): PeriodRow {
  const { deployment, service, environment, kind, state, asked, commit, ended, approvals, exceptions, hash } = record;
  return {
    deployment,
    service,
    environment,
    kind,
    state,
    open,
    askedBy: asked.by.name,
    askedAt: asked.at,
    ...(commit === undefined ? {} : { commit }),
    ...(ended === undefined ? {} : { endedAt: ended.at }),
    approvedBy: approvals.filter(({ setAside }) => setAside === undefined).map(({ by }) => by.name),
    exceptions,
    hash,
  };
}

/** Exceptions first, then by the time they were asked for. */
export function sortRows(rows: readonly PeriodRow[]): readonly PeriodRow[] {
  const rank = ({ exceptions }: PeriodRow) => (exceptions.length === 0 ? 1 : 0);
  return [...rows].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      one.askedAt.localeCompare(other.askedAt) ||
      one.deployment.localeCompare(other.deployment, 'en', { numeric: true }),
  );
}

/** The head of the report and its table; the records follow. */
export function periodBlocks(
  {
    from,
    to,
    service,
    environment,
  }: { readonly from: string; readonly to: string; readonly service?: string; readonly environment?: string },
  rows: readonly PeriodRow[],
): readonly Block[] {
  const unusual = rows.filter(({ exceptions }) => exceptions.length > 0);
  const codes = Object.keys(EVIDENCE_EXCEPTIONS) as readonly EvidenceException[];
  const sums = codes.flatMap((code) => {
    const count = rows.filter(({ exceptions }) => exceptions.includes(code)).length;
    return count === 0 ? [] : [[EVIDENCE_EXCEPTIONS[code], String(count)] as const];
  });
  return [
    { kind: 'heading', level: 1, text: 'Evidence of deployments' },
    {
      kind: 'facts',
      facts: [
        ['From', when(from)],
        ['To (left out)', when(to)],
        ['Service', service ?? 'every one'],
        ['Environment', environment ?? 'every one'],
        ['Began or ended in it', counted(rows.length, 'deployment')],
        ['With exceptions', String(unusual.length)],
        ...sums,
      ],
    },
    { kind: 'heading', level: 2, text: 'All deployments, exceptions first' },
    {
      kind: 'table',
      head: [
        'Deployment',
        'Target',
        'Commit',
        'Kind',
        'State',
        'Asked by',
        'Asked at',
        'Ended at',
        'Countersigned by',
        'Exceptions',
        'Hash',
      ],
      rows: rows.map((row) => [
        row.deployment,
        `${row.service} to ${row.environment}`,
        row.commit === undefined ? '' : shortSha(row.commit),
        row.kind,
        row.open ? `${row.state} (not ended)` : row.state,
        row.askedBy,
        when(row.askedAt),
        when(row.endedAt),
        row.approvedBy.join(', '),
        row.exceptions.map((code) => EVIDENCE_EXCEPTIONS[code]).join('; '),
        row.hash.slice(0, 16),
      ]),
    },
  ];
}
