import { type Head, type Sealed, seal } from '../domain/audit.ts';
import type { NewEntry, Stream } from '../domain/event.ts';
import { type Delta, summed } from '../domain/rollup.ts';
import { isForeign, isNewer } from '../domain/vocabulary.ts';
import { PortFailure } from '../ports/failure.ts';
import { fold, type Row, rowOf } from './fold.ts';
import { counted } from './tally.ts';
import { wellFormed } from './well-formed.ts';

/** A stream before a change: how long it is in the log, and the row that is kept of it. */
export interface SoFar {
  readonly version: number;
  readonly row: Row | undefined;
}

/** What a change adds to the chain, and what becomes of the rows. */
export interface Growth {
  readonly sealed: readonly Sealed[];
  readonly rows: readonly { readonly row: Row; readonly before: Row | undefined }[];
  /** What is added to the rollups, one for each. */
  readonly deltas: readonly Delta[];
}

/**
 * Seals new entries behind the head of the chain and folds them into their rows; pure, so that every database writes the same.
 * @param soFar what lies there; asked once for each stream
 * @throws PortFailure when a row is not what its log says, or when a newer version has put more into it than this one understands
 */
export function grow(head: Head, fresh: readonly NewEntry[], soFar: (stream: Stream) => SoFar): Growth {
  const growing = new Map<Stream, { version: number; row: Row | undefined; readonly before: Row | undefined }>();
  const sealed: Sealed[] = [];
  const deltas: Delta[] = [];
  for (const one of fresh.map(wellFormed)) {
    const stream = growing.get(one.stream) ?? begin(one.stream, soFar(one.stream));
    growing.set(one.stream, stream);
    stream.version += 1;
    sealed.push(seal(sealed.at(-1)?.entry ?? head, one, stream.version));
    const next = fold(stream.row, one);
    deltas.push(...counted(stream.row, next));
    stream.row = next;
  }
  const rows = [...growing.values()].flatMap(({ row, before }) => (row === undefined ? [] : [{ row, before }]));
  return { sealed, rows, deltas: summed(deltas) };
}

function begin(stream: Stream, { version, row }: SoFar) {
  if (rowOf(stream) === undefined) return { version, row: undefined, before: undefined };
  if ((row?.value.version ?? 0) !== version) throw rowsDiffer(stream);
  if (row !== undefined && isForeignRow(row)) throw tooNew(stream);
  return { version, row, before: row };
}

function isForeignRow(row: Row): boolean {
  return row.kind === 'deployment' ? isForeign(row.value) : isNewer(row.value.needs);
}

function tooNew(stream: Stream): PortFailure {
  return new PortFailure(
    `The history of "${stream}" holds entries that only a newer version of Countersign knows, so this one adds nothing to it.`,
    { port: 'store', kind: 'refused', retryable: true, code: 'newer-version' },
  );
}

function rowsDiffer(stream: Stream): PortFailure {
  return new PortFailure(
    `What is kept of "${stream}" is not what its log says, so nothing can be added. Verify the log.`,
    { port: 'store', kind: 'misbehaved', retryable: false },
  );
}
