import { type SQL, sql } from 'drizzle-orm';
import type { Desk, Lease, Wakeup, WakeupNote } from '../../ports/store.ts';
import { wakeups } from './schema.ts';
import { rowsOf, type Session } from './session.ts';

/** Sets wake-ups; one that is held stays with its holder, so that nobody else looks at the same thing meanwhile. */
export async function putWakeups(session: Session, list: readonly Wakeup[]): Promise<void> {
  // The last word on a key counts; in one order, so that two who set the same ones never wait for each other in a ring.
  const last = [...new Map(list.map((one) => [one.key, { ...one, due: Math.ceil(one.due) }])).values()].sort((a, b) =>
    a.key < b.key ? -1 : 1,
  );
  if (last.length === 0) return;
  await session
    .insert(wakeups)
    .values(last.map(({ key, due, note }) => ({ key, due, note: note ?? null, moved: false })))
    .onConflictDoUpdate({
      target: wakeups.key,
      set: {
        due: sql`excluded.due`,
        note: sql`excluded.note`,
        moved: sql`wakeups.lease_token is not null`,
      },
    });
}

/** Takes what is due, the longest due first. What another instance is just taking is passed over. */
export async function takeWakeups(
  session: Session,
  now: number,
  leaseMs: number,
  limit: number,
): Promise<Awaited<ReturnType<Desk['takeWakeups']>>> {
  const rows = await rowsOf<{ key: string; due: string; note: WakeupNote | null; token: string }>(
    session,
    sql`
      with due as (
        select key from wakeups
        where due <= ${now}::bigint and (lease_until is null or lease_until <= ${now}::bigint)
        order by due limit ${limit}
        for update skip locked
      )
      update wakeups set lease_until = ${now + leaseMs}::bigint, lease_token = gen_random_uuid()::text, moved = false
      from due where wakeups.key = due.key
      returning wakeups.key, wakeups.due, wakeups.note, lease_token as token`,
  );
  const taken = rows.map(({ key, due, note, token }) => {
    return { key, due: Number(due), ...(note === null ? {} : { note }), lease: { key, token } };
  });
  return taken.sort((one, other) => one.due - other.due);
}

/**
 * Puts a wake-up back for later, or away; one that was moved meanwhile stays as moved.
 * @returns the wake-up as it is now, if it is still there and the lease stood
 */
export async function finishWakeup(
  session: Session,
  { key, token }: Lease,
  next: Omit<Wakeup, 'key'> | undefined,
): Promise<Wakeup | undefined> {
  const held = sql`key = ${key} and lease_token = ${token}`;
  if (next === undefined) await session.execute(sql`delete from wakeups where ${held} and not moved`);
  const [row] = await rowsOf<{ due: string }>(
    session,
    sql`
      update wakeups set
        due = case when moved then due else ${Math.ceil(next?.due ?? 0)}::bigint end,
        note = case when moved then note else ${noteText(next)}::json end,
        moved = false, lease_until = null, lease_token = null
      where ${held} returning due`,
  );
  return row === undefined ? undefined : { key, due: Number(row.due) };
}

function noteText(next: Omit<Wakeup, 'key'> | undefined): string | null {
  return next?.note === undefined ? null : JSON.stringify(next.note);
}

/** Makes a lease longer; false when it was lost. */
export async function renewWakeup(session: Session, { key, token }: Lease, until: number): Promise<boolean> {
  const rows = await rowsOf(
    session,
    sql`update wakeups set lease_until = ${until}::bigint where key = ${key} and lease_token = ${token} returning 1 as one`,
  );
  return rows.length > 0;
}

/** When the first wake-up may be taken; those that nobody holds so many milliseconds late. */
export function nextWakeup(lateMs: number): SQL {
  return sql`
    select min(case when lease_until is null then due + ${lateMs}::bigint else greatest(due, lease_until) end) as due
    from wakeups`;
}

/** Open deployments without a wake-up. */
export async function unwatched(session: Session, limit: number): Promise<readonly string[]> {
  const rows = await rowsOf<{ id: string }>(
    session,
    sql`
      select id from deployments
      where open and not exists (select 1 from wakeups where wakeups.key = deployments.id)
      order by number limit ${limit}`,
  );
  return rows.map(({ id }) => id);
}

/** Those of the keys that have no wake-up. */
export async function unset(session: Session, keys: readonly string[]): Promise<readonly string[]> {
  const rows = await rowsOf<{ key: string }>(
    session,
    sql`
      select wanted.key from json_array_elements_text(${JSON.stringify(keys)}::json) wanted(key)
      where not exists (select 1 from wakeups where wakeups.key = wanted.key)`,
  );
  return rows.map(({ key }) => key);
}
