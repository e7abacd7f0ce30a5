import { type SQL, sql } from 'drizzle-orm';
import { rowsOf, type Session } from './session.ts';

/** Programmes that are connected to the database besides us. */
export const OTHERS: SQL = sql`
  select 1 as one from pg_stat_activity
  where datname = current_database() and application_name like 'countersign%'
    and pid <> pg_backend_pid() and backend_type = 'client backend'`;

/** Why no programme starts on the database, if none does. */
export async function readHalt(session: Session): Promise<string | undefined> {
  const [{ there } = { there: false }] = await rowsOf<{ there: boolean }>(
    session,
    sql`select to_regclass('public.halted') is not null as there`,
  );
  if (!there) return undefined;
  const [row] = await rowsOf<{ sentence: string }>(session, sql`select sentence from halted`);
  return row?.sentence;
}

/**
 * The reason is kept in a table of its own, and the log refuses every entry with it: an instance that is still at work, or one that does
 * not ask before it starts, can decide nothing any more.
 */
export const HALT: readonly SQL[] = [
  sql`create table halted (sentence text not null)`,
  sql`
    create function events_halted() returns trigger language plpgsql as $$
    begin
      raise exception using message = (select sentence from halted);
    end;
    $$`,
  sql`create trigger events_halted before insert on events for each statement execute function events_halted()`,
];

export const RESUME: readonly SQL[] = [
  sql`drop trigger if exists events_halted on events`,
  sql`drop function if exists events_halted()`,
  sql`drop table if exists halted`,
];

/** The same as in SQLite (sqlite/doubt.ts, which says why). */
export function doubtStatements(now: number): readonly SQL[] {
  const moment = sql`${now}::bigint`;
  return [
    sql`update effects
      set in_doubt_since = ${moment}, attempts = greatest(attempts, 1), lease_until = null, lease_token = null
      where state = 'pending'`,
    sql`update effects
      set state = 'pending', wanted = wanted + 1, due = ${moment}, attempts = 1, in_doubt_since = ${moment}, error = null
      where state <> 'pending' and mode = 'latest' and body->>'kind' = 'card'
        and body->>'deployment' in (select id from deployments where open)`,
    sql`update wakeups set due = least(due, ${moment}), lease_until = null, lease_token = null, moved = false`,
  ];
}
