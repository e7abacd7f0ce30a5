import { type Head, seal } from '../domain/audit.ts';
import type { Entry, NewEntry, Stream } from '../domain/event.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Change, Committed } from '../ports/store.ts';
import type { EffectTable } from './effect-table.ts';
import { fold, type Row, rowOf } from './fold.ts';
import type { KeyTable } from './key-table.ts';
import type { LogTable } from './log-table.ts';
import type { RowTables } from './row-tables.ts';
import type { WakeupTable } from './wakeup-table.ts';
import { wellFormed } from './well-formed.ts';

export interface Tables {
  readonly log: LogTable;
  readonly rows: RowTables;
  readonly effects: EffectTable;
  readonly wakeups: WakeupTable;
  readonly keys: KeyTable;
}

/** Writes a change; the caller holds a transaction, and takes everything back when this throws. */
export function writeChange(tables: Tables, change: Change, now: number): Committed {
  const { log, effects, wakeups, keys } = tables;
  if (change.key !== undefined && keys.has(change.key)) return { kind: 'duplicate' };
  if (change.expect.some(({ stream, version }) => log.version(stream) !== version)) return { kind: 'conflict' };
  const settles = change.settles ?? [];
  if (!settles.every((settled) => effects.holds(settled))) return { kind: 'conflict' };

  if (change.key !== undefined) keys.add(change.key, now);
  const entries = append(tables, change.entries);
  // Before the new effects: one that is settled and wanted again in the same breath is owed again.
  for (const settled of settles) effects.settle(settled);
  for (const effect of change.effects) effects.put(effect);
  for (const wakeup of change.wakeups) wakeups.put(wakeup);
  return { kind: 'committed', entries };
}

/** A stream while a change is being written: how long it is, and its row before and after. */
interface Growing {
  version: number;
  row: Row | undefined;
  readonly before: Row | undefined;
}

function append(tables: Tables, fresh: readonly NewEntry[]): readonly Entry[] {
  const growing = new Map<Stream, Growing>();
  const entries: Entry[] = [];
  let head: Head = tables.log.head();
  for (const one of fresh.map(wellFormed)) {
    const stream = growing.get(one.stream) ?? begin(tables, one.stream);
    growing.set(one.stream, stream);
    stream.version += 1;
    const { entry, text } = seal(head, one, stream.version);
    tables.log.append(entry, text);
    stream.row = fold(stream.row, one);
    entries.push(entry);
    head = entry;
  }
  for (const { row, before } of growing.values()) {
    if (row !== undefined) tables.rows.write(row, before);
  }
  return entries;
}

function begin({ log, rows }: Tables, stream: Stream): Growing {
  const version = log.version(stream);
  const named = rowOf(stream);
  if (named === undefined) return { version, row: undefined, before: undefined };
  const row = rows.read(named.kind, named.key);
  if ((row?.value.version ?? 0) !== version) throw rowsDiffer(stream);
  return { version, row, before: row };
}

function rowsDiffer(stream: Stream): PortFailure {
  return new PortFailure(
    `What is kept of "${stream}" is not what its log says, so nothing can be added. Verify the log.`,
    { port: 'store', kind: 'misbehaved', retryable: false },
  );
}
