import { randomUUID } from 'node:crypto';
import { and, eq, isNull, lte, notExists, or, sql } from 'drizzle-orm';
import type { Lease, Wakeup } from '../../ports/store.ts';
import { newValues, slots } from '../slots.ts';
import type { Connection } from './connection.ts';
import { deployments, wakeups } from './schema.ts';

/** Wake-ups as they are kept. Whoever calls a writing member holds a transaction. */
export interface WakeupTable {
  put(wakeup: Wakeup): void;
  take(now: number, leaseMs: number, limit: number): readonly (Wakeup & { readonly lease: Lease })[];
  finish(lease: Lease, next: Omit<Wakeup, 'key'> | undefined): void;
  renew(lease: Lease, until: number): boolean;
  nextDue(): number | undefined;
  unwatched(limit: number): readonly string[];
  unset(keys: readonly string[]): readonly string[];
}

const NEXT_WAKEUP_DUE = `
  select min(due) from (
    select * from (select due from wakeups where lease_until is null order by due limit 1)
    union all
    select min(max(due, lease_until)) from wakeups where lease_until is not null
  )`;

const HELD = and(eq(wakeups.key, sql.placeholder('key')), eq(wakeups.leaseToken, sql.placeholder('token')));

export function wakeupTable(connection: Connection): WakeupTable {
  const { db, client } = connection;
  const put = db
    .insert(wakeups)
    .values({ ...slots('key', 'due', 'note'), moved: false })
    // Who holds it keeps holding it, so that nobody else looks at the same thing meanwhile.
    .onConflictDoUpdate({
      target: wakeups.key,
      set: { due: sql`excluded.due`, note: sql`excluded.note`, moved: sql`lease_token is not null` },
    })
    .prepare();
  const extend = db.update(wakeups).set(newValues(wakeups, 'leaseUntil')).where(HELD).prepare();
  const next = client.prepare<[], number | null>(NEXT_WAKEUP_DUE).pluck();
  const unset = client
    .prepare<[string], string>('select value from json_each(?) where value not in (select key from wakeups)')
    .pluck();
  return {
    put: ({ key, due, note = null }) => {
      put.run({ key, due: Math.ceil(due), note });
    },
    take: taker(connection),
    finish: finisher(connection),
    renew: ({ key, token }, leaseUntil) => extend.run({ key, token, leaseUntil }).changes > 0,
    nextDue: () => next.get() ?? undefined,
    unwatched: unwatched(connection),
    unset: (keys) => unset.all(JSON.stringify(keys)),
  };
}

function taker({ db }: Connection): WakeupTable['take'] {
  const now = sql.placeholder('now');
  const due = db
    .select({ key: wakeups.key, due: wakeups.due, note: wakeups.note })
    .from(wakeups)
    .where(and(lte(wakeups.due, now), or(isNull(wakeups.leaseUntil), lte(wakeups.leaseUntil, now))))
    .orderBy(wakeups.due)
    .limit(sql.placeholder('limit'))
    .prepare();
  const mark = db
    .update(wakeups)
    .set({ ...newValues(wakeups, 'leaseUntil', 'leaseToken'), moved: false })
    .where(eq(wakeups.key, sql.placeholder('key')))
    .prepare();
  return (moment, leaseMs, limit) =>
    due.all({ now: moment, limit }).map(({ key, due: at, note }) => {
      const token = randomUUID();
      mark.run({ key, leaseUntil: moment + leaseMs, leaseToken: token });
      return { key, due: at, ...(note === null ? {} : { note }), lease: { key, token } };
    });
}

function finisher({ db }: Connection): WakeupTable['finish'] {
  const held = db
    .select({ due: wakeups.due, note: wakeups.note, moved: wakeups.moved })
    .from(wakeups)
    .where(HELD)
    .prepare();
  const away = db.delete(wakeups).where(HELD).prepare();
  const back = db
    .update(wakeups)
    .set({ ...newValues(wakeups, 'due', 'note'), moved: false, leaseUntil: null, leaseToken: null })
    .where(HELD)
    .prepare();
  return ({ key, token }, next) => {
    const row = held.get({ key, token });
    const then = row?.moved === true ? row : next;
    if (then === undefined) away.run({ key, token });
    else back.run({ key, token, due: Math.ceil(then.due), note: then.note ?? null });
  };
}

function unwatched({ db }: Connection): WakeupTable['unwatched'] {
  const watch = db.select({ one: sql`1` }).from(wakeups).where(eq(wakeups.key, deployments.id));
  const statement = db
    .select({ id: deployments.id })
    .from(deployments)
    .where(and(sql`${deployments.open} = 1`, notExists(watch)))
    // The plus keeps the planner from walking through every deployment in this order until it meets an open one.
    .orderBy(sql`+${deployments.number}`)
    .limit(sql.placeholder('limit'))
    .prepare();
  return (limit) => statement.all({ limit }).map(({ id }) => id);
}
