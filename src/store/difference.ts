import { canonicalJson } from '../domain/canonical.ts';
import type { Stream } from '../domain/event.ts';
import type { Delta } from '../domain/rollup.ts';
import { isNewer, VOCABULARY } from '../domain/vocabulary.ts';
import { columnsOf } from './columns.ts';
import { fold, isRowless, type Row, rowOf } from './fold.ts';
import { entryOf } from './sealed.ts';
import { counted } from './tally.ts';

export interface Difference {
  readonly stream: string;
  readonly what: string;
}

/** Said of a row that no stream speaks of. */
export const ORPHAN = 'there is a row of it, but no entry in the log';

/** Is told what every entry adds to the rollups. */
export interface Counting {
  /** @param seq of the entry */
  add(seq: number, deltas: readonly Delta[]): void;
  /** A stream cannot be counted, which is told of it anyway. */
  giveUp(): void;
}

const UNCOUNTED: Counting = { add: () => undefined, giveUp: () => undefined };

/** A stream's row, folded anew. */
export interface Refolding {
  add(text: string): void;
  /** Everything has been added: how what is kept differs, if it does. */
  differs(kept: Readonly<Record<string, unknown>> | undefined): string | undefined;
}

/** Folds a stream out of its sealed texts, given in order, to compare it with the row that is kept. */
export function refold(stream: Stream, counts: Counting = UNCOUNTED): Refolding {
  let row: Row | undefined;
  let fault: string | undefined;
  let needs: number | undefined;
  return {
    add(text) {
      if (fault !== undefined) return;
      try {
        const entry = entryOf(text, '');
        if (isNewer(entry.format)) needs = Math.max(needs ?? 0, entry.format);
        if (needs !== undefined) return counts.giveUp();
        const next = fold(row, entry);
        counts.add(entry.seq, counted(row, next));
        row = next;
      } catch (error) {
        counts.giveUp();
        fault = `it cannot be rebuilt: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
    differs(kept) {
      const named = namedRow(stream);
      // Nothing is folded into rows out of these.
      if (fault === undefined && needs !== undefined) return isRowless(stream) ? undefined : newerForms(needs);
      if (fault !== undefined || named === undefined || row === undefined) return fault;
      if (kept === undefined) return 'the log speaks of it, but there is no row';
      const names = changed(columnsOf(row, named.key), kept);
      return names.length === 0 ? undefined : `its row differs from the log in: ${names.join(', ')}`;
    },
  };
}

function newerForms(needs: number): string {
  return `it holds forms of vocabulary ${needs}, and this version of Countersign knows those up to ${VOCABULARY}: let a newer one compare it`;
}

/** The row of a stream; none for a name that no stream has, which cannot be folded either. */
export function namedRow(stream: Stream): ReturnType<typeof rowOf> {
  try {
    return rowOf(stream);
  } catch {
    return undefined;
  }
}

/** Names of what differs; inside the document one level deep, because "doc" alone would tell nobody anything. */
function changed(log: Readonly<Record<string, unknown>>, kept: Readonly<Record<string, unknown>>): readonly string[] {
  const names = Object.keys(log).filter((name) => name !== 'doc' && !same(log[name], kept[name]));
  return [...names, ...changedFields(log['doc'], kept['doc']).map((name) => `doc.${name}`)];
}

function changedFields(log: unknown, kept: unknown): readonly string[] {
  const one = fieldsOf(log);
  const other = fieldsOf(kept);
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => !same(one[name], other[name]));
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function same(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalJson(one) === canonicalJson(other);
}
