import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Wakeup } from '../../ports/store.ts';
import { columnsOf, deploymentColumns } from '../columns.ts';
import { DOCUMENT_KINDS, keyOf, type Row } from '../fold.ts';
import type { Bell } from './bell.ts';
import type { Draft } from './draft.ts';
import { putEffects, settleEffect } from './effects.ts';
import { addRollups } from './rollups.ts';
import { DOCUMENTS, deployments, events, keys } from './schema.ts';
import type { Session } from './session.ts';
import { putWakeups } from './wakeups.ts';

/** Entries of one INSERT at most: a statement may hold 65,535 parameters. */
const MOST_ROWS = 1000;

/** Writes everything that was drafted. The caller holds the lock of the chain, and takes everything back when this throws. */
export async function write(session: Session, draft: Draft, now: number, bell: Bell | undefined): Promise<void> {
  const lines = draft.sealed.map(({ entry: { seq, at, stream, version, event, hash }, text }) => {
    return { seq, at, stream, version, type: event.type, text, hash };
  });
  for (const some of inPortions(lines)) await session.insert(events).values([...some]);
  if (draft.keys.length > 0) await session.insert(keys).values(draft.keys.map((key) => ({ key, at: now })));
  await writeRows(session, [...draft.rows.values()]);
  await addRollups(session, draft.deltas);
  for (const { settles, owed } of draft.effects) {
    for (const settled of settles) await settleEffect(session, settled);
    await putEffects(session, owed);
  }
  await setWakeups(session, [...draft.wakeups.values()], bell);
}

/** Sets wake-ups, and has the engine ring when they are due. */
export async function setWakeups(session: Session, wakeups: readonly Wakeup[], bell: Bell | undefined): Promise<void> {
  if (wakeups.length === 0) return;
  await putWakeups(session, wakeups);
  await bell?.set(session, wakeups);
}

async function writeRows(session: Session, rows: readonly Row[]): Promise<void> {
  const wanted = rows.flatMap((row) => (row.kind === 'deployment' ? [deploymentColumns(row.value)] : []));
  for (const some of inPortions(wanted)) {
    const set = newValues(deployments, ['number']);
    await session
      .insert(deployments)
      .values([...some])
      .onConflictDoUpdate({ target: deployments.number, set });
  }
  for (const kind of DOCUMENT_KINDS) {
    const table = DOCUMENTS[kind];
    const documents = rows.filter((row) => row.kind === kind).map((row) => columnsOf(row, keyOf(row)));
    if (documents.length === 0) continue;
    const values = documents as unknown as (typeof table.$inferInsert)[];
    await session
      .insert(table)
      .values(values)
      .onConflictDoUpdate({ target: table.key, set: newValues(table, ['key']) });
  }
}

/** Every column but some, as the row that could not be inserted has them. */
function newValues(table: PgTable, but: readonly string[]): Record<string, SQL> {
  const columns: [string, PgColumn][] = Object.entries(getTableColumns(table));
  const others = columns.filter(([name]) => !but.includes(name));
  return Object.fromEntries(others.map(([name, column]) => [name, sql`excluded.${sql.identifier(column.name)}`]));
}

function inPortions<T>(list: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(list.length / MOST_ROWS);
  return Array.from({ length: count }, (_, index) => list.slice(index * MOST_ROWS, (index + 1) * MOST_ROWS));
}
