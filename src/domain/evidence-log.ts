import type { Entry } from './event.ts';
import { sentenceOf } from './tell/entries.ts';
import { isNewer, newerEvent } from './vocabulary.ts';

/** An entry of the log in one sentence; `hash` ties it to the chain. */
export interface EvidenceLogLine {
  readonly seq: number;
  readonly at: string;
  readonly stream: string;
  readonly by: string;
  readonly says: string;
  readonly hash: string;
}

export interface EvidenceLog {
  readonly first: { readonly seq: number; readonly hash: string };
  readonly last: { readonly seq: number; readonly hash: string };
  readonly entries: readonly EvidenceLogLine[];
}

/** The entries as lines. Throws a TypeError when there are none: a deployment without a history is no deployment. */
export function logOf(entries: readonly Entry[], id: string): EvidenceLog {
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) throw new TypeError(`The log holds nothing about ${id}.`);
  return {
    first: { seq: first.seq, hash: first.hash },
    last: { seq: last.seq, hash: last.hash },
    entries: entries.map(({ seq, at, stream, by, event, format, hash }) => ({
      seq,
      at,
      stream,
      by: by.name,
      says: isNewer(format) ? newerEvent(event.type) : sentenceOf(event),
      hash,
    })),
  };
}

/** When the newest entry of a record was written, ISO 8601 in UTC: the moment that the record speaks of. */
export function lastAt({ log }: { readonly log: EvidenceLog }): string {
  return log.entries.reduce((latest, { at }) => (at > latest ? at : latest), '');
}
