import type { Stream } from '../../domain/event.ts';
import { type Comparison, comparison } from '../comparison.ts';
import { type Difference, namedRow, ORPHAN, refold } from '../difference.ts';
import { ROW_KINDS, type RowKind, streamOf } from '../fold.ts';
import type { Tables } from './commit.ts';
import { breathe } from './log-table.ts';

/** Streams or rows looked at before others have their turn. */
const PAGE = 100;

/**
 * Folds every stream again and compares with the rows, then looks for rows that no stream speaks of. Only one stream is in
 * memory at a time. `whole` runs its work in one reading transaction, so that log and row are of the same moment.
 */
export async function* findDifferences(
  tables: Pick<Tables, 'log' | 'rows' | 'rollups'>,
  whole: <T>(work: () => T) => T,
): AsyncGenerator<Difference> {
  const counts = whole(() => comparison(tables.rollups.all(), tables.log.head().seq));
  let after = '';
  for (let names = tables.log.streams(after, PAGE); names.length > 0; names = tables.log.streams(after, PAGE)) {
    for (const stream of names) {
      const what = whole(() => differenceOf(tables, stream, counts));
      if (what !== undefined) yield { stream, what };
      after = stream;
    }
    await breathe();
  }
  yield* counts.differences();
  for (const kind of ROW_KINDS) yield* rowsWithoutLog(tables, kind, whole);
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
      if (orphan) yield { stream, what: ORPHAN };
      after = key;
    }
    await breathe();
  }
}

function differenceOf(
  { log, rows }: Pick<Tables, 'log' | 'rows'>,
  stream: Stream,
  counts: Comparison,
): string | undefined {
  const folding = refold(stream, counts);
  let after = 0;
  for (let page = log.texts(stream, after); page.length > 0; page = log.texts(stream, after)) {
    for (const { version, text } of page) {
      folding.add(text);
      after = version;
    }
  }
  const named = namedRow(stream);
  return folding.differs(named === undefined ? undefined : rows.columns(named.kind, named.key));
}
