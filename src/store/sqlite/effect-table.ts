import { randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { NewEffect } from '../../domain/effect.ts';
import type { MessageHandle } from '../../ports/chat.ts';
import type { Lease, Settled, Work } from '../../ports/store.ts';
import { newValues, slots } from '../slots.ts';
import type { Connection } from './connection.ts';
import { NEXT_EFFECT_DUE, TAKEABLE } from './effect-queries.ts';
import { effects, messages } from './schema.ts';

/** Effects as they are kept. Whoever calls a writing member holds a transaction. */
export interface EffectTable {
  put(effect: NewEffect): void;
  holds(lease: Lease): boolean;
  /** False, and nothing is written, when the lease was lost. */
  settle(settled: Settled): boolean;
  take(now: number, leaseMs: number, limit: number): readonly Work[];
  renew(lease: Lease, until: number): boolean;
  nextDue(): number | undefined;
  handle(key: string): MessageHandle | undefined;
}

export function effectTable(connection: Connection): EffectTable {
  const held = holder(connection);
  const next = connection.client.prepare<[], number | null>(NEXT_EFFECT_DUE).pluck();
  const extend = connection.db
    .update(effects)
    .set(newValues(effects, 'leaseUntil'))
    .where(and(eq(effects.key, sql.placeholder('key')), eq(effects.leaseToken, sql.placeholder('token'))))
    .prepare();
  const handle = handles(connection);
  return {
    put: putter(connection),
    holds: (lease) => held(lease) !== undefined,
    settle: settler(connection, held, handle.keep),
    take: taker(connection, handle.of),
    renew: ({ key, token }, leaseUntil) => extend.run({ key, token, leaseUntil }).changes > 0,
    nextDue: () => next.get() ?? undefined,
    handle: handle.of,
  };
}

function putter({ db }: Connection): EffectTable['put'] {
  const fresh = slots('key', 'lane', 'mode', 'body', 'due');
  const never = { state: 'pending', wanted: 1, taken: 0, attempts: 0 } as const;
  const once = db
    .insert(effects)
    .values({ ...fresh, ...never })
    .onConflictDoNothing({ target: effects.key })
    .prepare();
  const latest = db
    .insert(effects)
    .values({ ...fresh, ...never })
    .onConflictDoUpdate({
      target: effects.key,
      set: {
        body: sql`excluded.body`,
        // A newer picture does not shorten the pause that the other side asked for.
        due: sql`case state when 'pending' then max(due, excluded.due) else excluded.due end`,
        wanted: sql`wanted + 1`,
        // A picture that was delivered or given up begins anew; one that is still owed keeps count of its attempts.
        attempts: sql`case state when 'pending' then attempts else 0 end`,
        // Held back by nobody but us: news go at once.
        leaseUntil: sql`case when lease_token is null then null else lease_until end`,
        state: sql`'pending'`,
        error: sql`null`,
      },
    })
    .prepare();
  return ({ key, lane, mode, effect, due }) => {
    (mode === 'once' ? once : latest).run({ key, lane, mode, body: effect, due: Math.ceil(due) });
  };
}

interface Held {
  readonly sequence: number;
  readonly due: number;
  /** It was wanted again since it was taken. */
  readonly wantedAgain: boolean;
}

function holder({ db }: Connection): (lease: Lease) => Held | undefined {
  const { sequence, due, wanted, taken, key, leaseToken } = effects;
  const statement = db
    .select({ sequence, due, wanted, taken })
    .from(effects)
    .where(and(eq(key, sql.placeholder('key')), eq(leaseToken, sql.placeholder('token'))))
    .prepare();
  return (lease) => {
    const row = statement.get({ key: lease.key, token: lease.token });
    return row === undefined ? undefined : { ...row, wantedAgain: row.wanted !== row.taken };
  };
}

function settler(
  { db }: Connection,
  held: (lease: Lease) => Held | undefined,
  keep: (key: string, handle: MessageHandle) => void,
): EffectTable['settle'] {
  const release = db
    .update(effects)
    .set({
      ...newValues(effects, 'state', 'due', 'error'),
      attempts: sql`case ${sql.placeholder('anew')} when 1 then 0 else attempts - ${sql.placeholder('untouched')} end`,
      inDoubtSince: sql`case ${sql.placeholder('inDoubt')} when 1 then in_doubt_since end`,
      // A lease that nobody holds keeps it back until then, and its own due time stays as it was.
      leaseUntil: sql`${sql.placeholder('heldBack')}`,
      leaseToken: null,
    })
    .where(eq(effects.sequence, sql.placeholder('sequence')))
    .prepare();
  return (settled) => {
    const row = held(settled);
    if (row === undefined) return false;
    release.run({ sequence: row.sequence, ...settlement(row, settled.outcome) });
    if (settled.handle !== undefined) keep(settled.key, settled.handle);
    return true;
  };
}

/** What becomes of an effect: whatever happened to the old picture, a newer one that was wanted meanwhile is still owed. */
function settlement(row: Held, outcome: Settled['outcome']) {
  if (outcome.kind === 'later') return delay(row, outcome);
  const error = outcome.kind === 'done' ? null : outcome.error;
  const settled = { due: row.due, error, inDoubt: 0, heldBack: null, untouched: 0 };
  if (row.wantedAgain) return { ...settled, state: 'pending', anew: 1 };
  return { ...settled, state: outcome.kind, anew: 0 };
}

function delay(row: Held, { error, ...hints }: Extract<Settled['outcome'], { kind: 'later' }>) {
  const due = Math.ceil(hints.due);
  const [inDoubt, untouched] = [hints.inDoubt === true ? 1 : 0, hints.untouched === true ? 1 : 0];
  const pending = { state: 'pending', error, anew: 0, inDoubt, untouched };
  if (hints.courtesy === true) return { ...pending, due: row.due, heldBack: row.wantedAgain ? null : due };
  return { ...pending, due: row.wantedAgain ? Math.max(row.due, due) : due, heldBack: null };
}

function taker({ db, client }: Connection, handleOf: EffectTable['handle']): EffectTable['take'] {
  const heads = client.prepare<[{ now: number; limit: number }], number>(TAKEABLE).pluck();
  const bySequence = eq(effects.sequence, sql.placeholder('sequence'));
  const read = db.select().from(effects).where(bySequence).prepare();
  const mark = db
    .update(effects)
    .set({
      ...newValues(effects, 'leaseUntil', 'leaseToken'),
      inDoubtSince: sql`coalesce(in_doubt_since, ${sql.placeholder('now')})`,
      attempts: sql`attempts + 1`,
      taken: sql`wanted`,
    })
    .where(bySequence)
    .prepare();
  return (now, leaseMs, limit) =>
    heads.all({ now, limit }).flatMap((sequence) => {
      const row = read.get({ sequence });
      if (row === undefined) return [];
      const token = randomUUID();
      mark.run({ sequence, leaseUntil: now + leaseMs, leaseToken: token, now });
      const lease = { lease: { key: row.key, token }, leasedUntil: now + leaseMs };
      return [workOf(row, lease, handleOf(row.key))];
    });
}

function workOf(
  row: typeof effects.$inferSelect,
  lease: Pick<Work, 'lease' | 'leasedUntil'>,
  handle: MessageHandle | undefined,
): Work {
  const { key, lane, mode, body, due, attempts, inDoubtSince } = row;
  return {
    ...{ key, lane, mode, effect: body, due, attempts, ...lease },
    ...(inDoubtSince === null ? {} : { inDoubtSince }),
    ...(handle === undefined ? {} : { handle }),
  };
}

function handles({ db }: Connection) {
  const select = db
    .select()
    .from(messages)
    .where(eq(messages.key, sql.placeholder('key')))
    .prepare();
  const upsert = db
    .insert(messages)
    .values(slots('key', 'handle'))
    .onConflictDoUpdate({ target: messages.key, set: { handle: sql`excluded.handle` } })
    .prepare();
  return {
    of: (key: string) => select.get({ key })?.handle,
    keep: (key: string, handle: MessageHandle) => {
      upsert.run({ key, handle });
    },
  };
}
