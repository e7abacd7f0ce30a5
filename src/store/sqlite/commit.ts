import type { Entry, NewEntry } from '../../domain/event.ts';
import type { Change, Committed } from '../../ports/store.ts';
import { rowOf } from '../fold.ts';
import { grow } from '../growth.ts';
import type { EffectTable } from './effect-table.ts';
import type { KeyTable } from './key-table.ts';
import type { LogTable } from './log-table.ts';
import type { RollupTable } from './rollup-table.ts';
import type { RowTables } from './row-tables.ts';
import type { WakeupTable } from './wakeup-table.ts';

export interface Tables {
  readonly log: LogTable;
  readonly rows: RowTables;
  readonly effects: EffectTable;
  readonly wakeups: WakeupTable;
  readonly keys: KeyTable;
  readonly rollups: RollupTable;
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

function append({ log, rows, rollups }: Tables, fresh: readonly NewEntry[]): readonly Entry[] {
  const growth = grow(log.head(), fresh, (stream) => {
    const named = rowOf(stream);
    return { version: log.version(stream), row: named === undefined ? undefined : rows.read(named.kind, named.key) };
  });
  for (const { entry, text } of growth.sealed) log.append(entry, text);
  for (const { row, before } of growth.rows) rows.write(row, before);
  rollups.add(growth.deltas);
  return growth.sealed.map(({ entry }) => entry);
}
