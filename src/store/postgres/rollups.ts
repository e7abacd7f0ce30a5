import { sql } from 'drizzle-orm';
import type { Stream } from '../../domain/event.ts';
import { type Delta, type Rollup, type RollupQuery, summed, type Tally } from '../../domain/rollup.ts';
import { fold, type Row } from '../fold.ts';
import { entryOf } from '../sealed.ts';
import { ALL, COUNT_LIST, COUNTED, counted, recount, SPAN_LIST } from '../tally.ts';
import { CHAIN_LOCK } from './chain-lock.ts';
import { rollups } from './schema.ts';
import { rowsOf, type Server, type Session } from './session.ts';

/** Rows of one INSERT at most: a statement may hold 65,535 parameters. */
const MOST_ROWS = 1000;
/** Entries read at once. */
const PAGE = 500;

/** Adds to the sums. Whoever writes holds the lock of the chain, so nobody waits for another's row. */
export async function addRollups(session: Session, deltas: readonly Delta[]): Promise<void> {
  const wanted = summed(deltas);
  for (let at = 0; at < wanted.length; at += MOST_ROWS) {
    const { measure, day, service, environment, bucket } = rollups;
    await session
      .insert(rollups)
      .values([...wanted.slice(at, at + MOST_ROWS)])
      .onConflictDoUpdate({
        target: [measure, service, environment, day, bucket],
        set: { count: sql`${rollups.count} + excluded.count` },
      });
  }
}

/** Every row, also the one that is no count. */
export async function allRollups(session: Session): Promise<readonly Rollup[]> {
  return (await session.select().from(rollups)) as readonly Rollup[];
}

/** The number of the last entry. */
export async function lastEntry(session: Session): Promise<number> {
  const [row] = await rowsOf<{ seq: string }>(session, sql`select coalesce(max(seq), 0) as seq from events`);
  return Number(row?.seq ?? 0);
}

/** Counts come day by day, spans of time over all days together. */
export async function tallies(session: Session, query: RollupQuery): Promise<readonly Tally[]> {
  const { from, until, services, environment } = query;
  const during = sql`
    service in (select json_array_elements_text(${JSON.stringify(services ?? [ALL])}::json))
    and environment = ${environment ?? ALL} and day >= ${from} and day < ${until}`;
  const rows = await rowsOf<Omit<Tally, 'count'> & { count: string }>(
    session,
    sql`
      select day, measure, 0 as bucket, sum(count) as count from rollups
      where measure in (${sql.raw(COUNT_LIST)}) and ${during} group by measure, day
      union all
      select '' as day, measure, bucket, sum(count) as count from rollups
      where measure in (${sql.raw(SPAN_LIST)}) and ${during} group by measure, bucket
      order by measure, day, bucket`,
  );
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** As in SQLite (sqlite/rollup-table.ts). Others that start meanwhile wait, and so does every commit. */
export async function countLog(server: Server): Promise<void> {
  if (await isCounted(server.session)) return;
  const begin = `set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
    select pg_advisory_xact_lock(${CHAIN_LOCK})`;
  await server.transaction(
    async (session) => {
      if (await isCounted(session)) return;
      await session.delete(rollups);
      await addRollups(session, await wholeLog(session));
      await session.insert(rollups).values(COUNTED);
    },
    { begin },
  );
}

async function isCounted(session: Session): Promise<boolean> {
  const found = await rowsOf(session, sql`select 1 as one from rollups where measure = ${COUNTED.measure}`);
  return found.length > 0;
}

async function wholeLog(session: Session): Promise<readonly Delta[]> {
  const counts = recount();
  let here: { readonly stream: Stream | ''; readonly version: number } = { stream: '', version: 0 };
  let row: Row | undefined;
  let readable = true;
  for (;;) {
    const page = await rowsOf<{ stream: Stream; version: number; text: string }>(
      session,
      sql`select stream, version, text from events
        where (stream, version) > (${here.stream}, ${here.version}) order by stream, version limit ${PAGE}`,
    );
    if (page.length === 0) return counts.sums();
    for (const { stream, version, text } of page) {
      if (stream !== here.stream) [row, readable] = [undefined, true];
      here = { stream, version };
      if (!readable || !stream.startsWith('deployment:')) continue;
      try {
        const next = fold(row, entryOf(text, ''));
        counts.add(counted(row, next));
        row = next;
      } catch {
        // What cannot be folded cannot be counted; the verification of the log names it.
        readable = false;
      }
    }
  }
}
