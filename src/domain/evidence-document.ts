import type { Block } from './evidence-block.ts';
import { changes } from './evidence-changes.ts';
import { decision } from './evidence-decision.ts';
import { EVIDENCE_EXCEPTIONS } from './evidence-exceptions.ts';
import { afterwards, run } from './evidence-ran.ts';
import type { EvidenceRecord } from './evidence-record.ts';
import { known, sentence, table, when, who } from './evidence-words.ts';
import { trainWords } from './tell/train-words.ts';
import { counted } from './text.ts';

/** The record as people read it: the same blocks for the page, Markdown and PDF, so that all say the same. */
export function evidenceBlocks(record: EvidenceRecord): readonly Block[] {
  const { deployment, service, environment, exceptions, hash } = record;
  return [
    { kind: 'heading', level: 1, text: `${deployment}: ${service} to ${environment}` },
    { kind: 'paragraph', text: record.outcome },
    ...(exceptions.length === 0
      ? []
      : ([
          { kind: 'heading', level: 2, text: 'Look at this first' },
          { kind: 'list', items: exceptions.map((code) => sentence(EVIDENCE_EXCEPTIONS[code])) },
        ] as const)),
    ...request(record),
    ...changes(record),
    ...decision(record),
    ...run(record),
    ...afterwards(record),
    ...log(record),
    { kind: 'heading', level: 2, text: 'Hash of this record' },
    {
      kind: 'paragraph',
      text: `SHA-256 of the record as canonical JSON (RFC 8785), without its field "hash": ${hash}`,
    },
  ];
}

function request({ asked, kind, ref, commit, inputs = {}, override, glass, links }: EvidenceRecord): readonly Block[] {
  const facts = known([
    ['Asked by', who(asked.by)],
    ['At', when(asked.at)],
    ['Kind', kind],
    ['Asked for', ref],
    ['Commit', commit],
    ['Reason', asked.reason],
    ['Incident', asked.incident],
    ['Scheduled for', when(asked.scheduledFor)],
    ['Tries again', asked.retryOf],
    ['Train', asked.train === undefined ? undefined : trainWords(asked.train)],
    ...Object.entries(inputs).map(([name, value]) => [`Input: ${name}`, value] as const),
    ['Override', override],
    [
      'Glass broken by',
      glass === undefined
        ? undefined
        : `${who(glass.by)} at ${when(glass.at)}: ${glass.reason} (plan ${glass.binding.slice(0, 12)})`,
    ],
    ...links.map(({ label, url }) => [`Link: ${label}`, url] as const),
  ]);
  return [
    { kind: 'heading', level: 2, text: 'Request' },
    { kind: 'facts', facts },
  ];
}

function log({ log: { first, last, entries } }: EvidenceRecord): readonly Block[] {
  const rows = entries.map(({ seq, at, by, says, hash }) => [String(seq), when(at), by, says, hash.slice(0, 16)]);
  return [
    { kind: 'heading', level: 2, text: 'Entries of the log' },
    {
      kind: 'paragraph',
      text: `${counted(entries.length, 'entry', 'entries')}, from ${first.seq}:${first.hash} to ${last.seq}:${last.hash}.`,
    },
    table(['Entry', 'At', 'By', 'What', 'Hash'], rows),
  ];
}
