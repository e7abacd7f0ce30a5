import type { Stream } from '../domain/event.ts';
import type { Delta } from '../domain/rollup.ts';
import { fold, type Row } from './fold.ts';
import { entryOf } from './sealed.ts';
import { counted } from './tally.ts';

/** A log by its streams, a page at a time. Every kind of database has it, at once or with a wait. */
export interface Streams {
  /** Names in order, `after` a name. */
  streams(after: string, limit: number): readonly Stream[] | Promise<readonly Stream[]>;
  /** Sealed texts of one stream in order, `after` a version. */
  texts(stream: Stream, after: number): readonly Text[] | Promise<readonly Text[]>;
}
interface Text {
  readonly version: number;
  readonly text: string;
}

const PAGE = 100;

/** Every row that a log folds into, one after the other; only one stream is in memory at a time. */
export async function* foldedRows(log: Streams, count: (deltas: readonly Delta[]) => void): AsyncGenerator<Row> {
  for (let names = await log.streams('', PAGE); names.length > 0; names = await log.streams(names.at(-1) ?? '', PAGE)) {
    for (const stream of names) {
      const row = await folded(log, stream, count);
      if (row !== undefined) yield row;
    }
  }
}

async function folded(
  log: Streams,
  stream: Stream,
  count: (deltas: readonly Delta[]) => void,
): Promise<Row | undefined> {
  let row: Row | undefined;
  let after = 0;
  for (let page = await log.texts(stream, after); page.length > 0; page = await log.texts(stream, after)) {
    for (const { version, text } of page) {
      const next = fold(row, entryOf(text, ''));
      count(counted(row, next));
      row = next;
      after = version;
    }
  }
  return row;
}
