import { canonicalJson, sha256 } from './canonical.ts';
import type { Entry, NewEntry } from './event.ts';
import { isNewer, vocabularyOf } from './vocabulary.ts';

/** What the first entry of a chain follows. */
export const GENESIS = '0'.repeat(64);

/** The end of a chain: the number and hash of its newest entry. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

export const EMPTY: Head = { seq: 0, hash: GENESIS };

/** The text that the hash covers: the entry without its hash, in RFC 8785 form. `previous` stands in it, so the chain is closed. */
export function sealedText(entry: Omit<Entry, 'hash'>): string {
  const { seq, version, format, previous, stream, at, by, event } = entry;
  return canonicalJson({ seq, version, format, previous, stream, at, by, event });
}

/** An entry with the text that its hash covers, so that nobody has to make that text again. */
export interface Sealed {
  readonly entry: Entry;
  readonly text: string;
}

/** Puts an event behind the head of the chain. `version` is the event's number within its stream. */
export function seal(head: Head, fresh: NewEntry, version: number): Sealed {
  const body = { ...fresh, seq: head.seq + 1, version, format: vocabularyOf(fresh.event), previous: head.hash };
  const text = sealedText(body);
  return { entry: { ...body, hash: sha256(text) } as Entry, text };
}

/** A line of the log as it was found; `text` is the sealed text, kept byte for byte. */
export interface FoundEntry {
  readonly seq: number;
  readonly stream: string;
  readonly version: number;
  readonly text: string;
  readonly hash: string;
}

/** Entries in forms that only a newer version knows. The chain holds whatever they say; the folds cannot be compared. */
export interface Newer {
  /** The vocabulary that a version must know to understand all of them. */
  readonly needs: number;
  readonly streams: ReadonlySet<string>;
}

export type Verdict =
  | {
      readonly kind: 'whole';
      readonly entries: number;
      readonly head: Head;
      /** Absent when this version knows every form in the log. */
      readonly newer?: Newer;
    }
  | { readonly kind: 'broken'; readonly seq: number; readonly stream: string; readonly what: string };

/**
 * Walks a chain from its beginning and names the first entry that is not what was written.
 * @param expected a head noted earlier, to catch a log whose end was cut off
 */
export async function verify(
  found: AsyncIterable<FoundEntry> | Iterable<FoundEntry>,
  expected?: Head,
): Promise<Verdict> {
  let head = EMPTY;
  let seen = expected === undefined || expected.seq === 0;
  let needs = 1;
  const streams = new Set<string>();
  for await (const entry of found) {
    const content = readSealed(entry.text);
    const fault = faultOf(entry, content, head);
    if (fault !== undefined) return { kind: 'broken', seq: entry.seq, stream: entry.stream, what: fault };
    if (typeof content?.format === 'number' && isNewer(content.format)) {
      needs = Math.max(needs, content.format);
      streams.add(entry.stream);
    }
    head = { seq: entry.seq, hash: entry.hash };
    if (expected?.seq === head.seq) {
      if (expected.hash !== head.hash) {
        return {
          kind: 'broken',
          seq: head.seq,
          stream: entry.stream,
          what: 'its hash is not the one that was noted earlier',
        };
      }
      seen = true;
    }
  }
  if (!seen)
    return {
      kind: 'broken',
      seq: head.seq + 1,
      stream: '',
      what: 'the log ends before the entry that was noted earlier',
    };
  return { kind: 'whole', entries: head.seq, head, ...(streams.size === 0 ? {} : { newer: { needs, streams } }) };
}

function faultOf(entry: FoundEntry, content: Content | undefined, head: Head): string | undefined {
  if (entry.seq !== head.seq + 1) return `it should be entry ${head.seq + 1}: one is missing or out of order`;
  if (sha256(entry.text) !== entry.hash) return 'its content was changed after it was written';
  if (content === undefined) return 'its content is not readable';
  if (content.previous !== head.hash) return 'it does not follow the entry before it';
  if (content.seq !== entry.seq || content.stream !== entry.stream || content.version !== entry.version) {
    return 'its columns say something else than its content';
  }
  return undefined;
}

type Content = Readonly<Record<'previous' | 'seq' | 'stream' | 'version' | 'format', unknown>>;

function readSealed(text: string): Content | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { previous, seq, stream, version, format } = value as Record<string, unknown>;
    return { previous, seq, stream, version, format };
  } catch {
    return undefined;
  }
}
