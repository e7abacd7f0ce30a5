import { canonicalJson } from '../domain/canonical.ts';
import type { Stream } from '../domain/event.ts';
import { columnsOf } from './columns.ts';
import type { Tables } from './commit.ts';
import { fold, type Row, type RowKind, rowOf, streamOf } from './fold.ts';
import { breathe, entryOf } from './log-table.ts';

/** Streams or rows looked at before others have their turn. */
const PAGE = 100;
const KINDS: readonly RowKind[] = ['deployment', 'target', 'place'];

export interface Difference {
  readonly stream: string;
  readonly what: string;
}

/**
 * Folds every stream again and compares with the rows, then looks for rows that no stream speaks of. Only one stream is in
 * memory at a time. `whole` runs its work in one reading transaction, so that log and row are of the same moment.
 */
export async function* findDifferences(
  tables: Pick<Tables, 'log' | 'rows'>,
  whole: <T>(work: () => T) => T,
): AsyncGenerator<Difference> {
  let after = '';
  for (let names = tables.log.streams(after, PAGE); names.length > 0; names = tables.log.streams(after, PAGE)) {
    for (const stream of names) {
      const what = whole(() => differenceOf(tables, stream));
      if (what !== undefined) yield { stream, what };
      after = stream;
    }
    await breathe();
  }
  for (const kind of KINDS) yield* rowsWithoutLog(tables, kind, whole);
}

async function* rowsWithoutLog(
  { log, rows }: Pick<Tables, 'log' | 'rows'>,
  kind: RowKind,
  whole: <T>(work: () => T) => T,
): AsyncGenerator<Difference> {
  let after = '';
  for (let keys = rows.keys(kind, after, PAGE); keys.length > 0; keys = rows.keys(kind, after, PAGE)) {
    for (const key of keys) {
      const stream = streamOf(kind, key);
      const orphan = whole(() => log.version(stream) === 0 && rows.columns(kind, key) !== undefined);
      if (orphan) yield { stream, what: 'there is a row of it, but no entry in the log' };
      after = key;
    }
    await breathe();
  }
}

function differenceOf({ log, rows }: Pick<Tables, 'log' | 'rows'>, stream: Stream): string | undefined {
  try {
    const named = rowOf(stream);
    const row = refold(log, stream);
    if (named === undefined || row === undefined) return undefined;
    const kept = rows.columns(named.kind, named.key);
    if (kept === undefined) return 'the log speaks of it, but there is no row';
    const names = changed(columnsOf(row, named.key), kept);
    return names.length === 0 ? undefined : `its row differs from the log in: ${names.join(', ')}`;
  } catch (error) {
    return `it cannot be rebuilt: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function refold(log: Tables['log'], stream: Stream): Row | undefined {
  let row: Row | undefined;
  let after = 0;
  for (let page = log.texts(stream, after); page.length > 0; page = log.texts(stream, after)) {
    for (const { version, text } of page) {
      row = fold(row, entryOf(text, ''));
      after = version;
    }
  }
  return row;
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
