import { type SQL, sql } from 'drizzle-orm';
import type { NewEffect } from '../../domain/effect.ts';
import type { Lease, Settled, Work } from '../../ports/store.ts';
import { effects, messages } from './schema.ts';
import { rowsOf, type Session } from './session.ts';

/** Owes effects. A second `once` of a key is the same effect; a `latest` replaces its picture. */
export async function putEffects(session: Session, owed: readonly NewEffect[]): Promise<void> {
  for (const some of withoutDoubles(owed)) {
    await session
      .insert(effects)
      .values(
        some.map(({ key, lane, mode, effect, due }) => {
          return {
            key,
            lane,
            mode,
            body: effect,
            due: Math.ceil(due),
            state: 'pending' as const,
            wanted: 1,
            taken: 0,
            attempts: 0,
          };
        }),
      )
      .onConflictDoUpdate({ target: effects.key, set: NEWER_PICTURE, setWhere: sql`effects.mode = 'latest'` });
  }
}

const NEWER_PICTURE = {
  body: sql`excluded.body`,
  // A newer picture does not shorten the pause that the other side asked for.
  due: sql`case effects.state when 'pending' then greatest(effects.due, excluded.due) else excluded.due end`,
  wanted: sql`effects.wanted + 1`,
  // A picture that was delivered or given up begins anew; one that is still owed keeps count of its attempts.
  attempts: sql`case effects.state when 'pending' then effects.attempts else 0 end`,
  // Held back by nobody but us: news go at once.
  leaseUntil: sql`case when effects.lease_token is null then null else effects.lease_until end`,
  state: sql`'pending'`,
  error: sql`null`,
};

/** PostgreSQL does not touch a row twice in one statement. */
function withoutDoubles(owed: readonly NewEffect[]): readonly NewEffect[][] {
  const statements: NewEffect[][] = [];
  for (const effect of owed) {
    const free = statements.at(-1);
    if (free === undefined || free.some(({ key }) => key === effect.key)) statements.push([effect]);
    else free.push(effect);
  }
  return statements;
}

/**
 * What becomes of an effect: whatever happened to the old picture, a newer one that was wanted meanwhile is still owed.
 * @returns false when the lease was lost; nothing is written then
 */
export async function settleEffect(session: Session, settled: Settled): Promise<boolean> {
  const { key, token, outcome, handle } = settled;
  const later = outcome.kind === 'later';
  const courtesy = later && outcome.courtesy === true;
  const due = later ? Math.ceil(outcome.due) : 0;
  const untouched = later && outcome.untouched === true ? 1 : 0;
  const again = sql`wanted <> taken`;
  const rows = await rowsOf(
    session,
    sql`
      update effects set
        state = case when ${later} or ${again} then 'pending' else ${outcome.kind} end,
        due = case
          when not ${later && !courtesy} then due
          when ${again} then greatest(due, ${due}::bigint)
          else ${due}::bigint
        end,
        error = ${outcome.kind === 'done' ? null : printable(outcome.error)}::text,
        attempts = case when not ${later} and ${again} then 0 else attempts - ${untouched}::integer end,
        in_doubt_since = case when ${later && outcome.inDoubt === true} then in_doubt_since end,
        -- A lease that nobody holds keeps it back until then, and its own due time stays as it was.
        lease_until = case when ${courtesy} and not ${again} then ${due}::bigint end,
        lease_token = null
      where key = ${key} and lease_token = ${token}
      returning 1 as one`,
  );
  if (rows.length === 0) return false;
  if (handle !== undefined) {
    const set = { handle: sql`excluded.handle` };
    await session.insert(messages).values({ key, handle }).onConflictDoUpdate({ target: messages.key, set });
  }
  return true;
}

/** PostgreSQL has no text with U+0000 in it. */
function printable(error: string): string {
  return error.replaceAll('\u0000', '\ufffd');
}

const FREE = (now: number, alias: SQL) => sql`(${alias}.lease_until is null or ${alias}.lease_until <= ${now}::bigint)`;

/** An owed `once` holds up everything behind it in its lane, also while it waits for another attempt. A `latest` never does. */
const HELD_UP = sql`exists (
  select 1 from effects earlier
  where earlier.state = 'pending' and earlier.lane = one.lane and earlier.sequence < one.sequence and earlier.mode = 'once'
)`;

type Taken = Pick<Work, 'key' | 'lane' | 'mode' | 'effect' | 'handle'> & {
  readonly sequence: string;
  readonly due: string;
  readonly attempts: number;
  readonly token: string;
  readonly in_doubt: string | null;
};

/** Takes what is due: the first of each lane, the longest due first. What another instance is just taking is passed over. */
export async function takeEffects(
  session: Session,
  now: number,
  leaseMs: number,
  limit: number,
): Promise<readonly Work[]> {
  const rows = await rowsOf<Taken>(
    session,
    sql`
      with head as (
        select one.sequence, one.attempts, one.in_doubt_since from effects one
        where one.state = 'pending' and one.due <= ${now}::bigint and ${FREE(now, sql`one`)}
          and not exists (
            select 1 from effects earlier
            where earlier.state = 'pending' and earlier.lane = one.lane and earlier.sequence < one.sequence
              and (earlier.mode = 'once' or (earlier.due <= ${now}::bigint and ${FREE(now, sql`earlier`)}))
          )
        order by one.due, one.sequence
        limit ${limit}
        for update of one skip locked
      )
      update effects set
        lease_until = ${now + leaseMs}::bigint,
        lease_token = gen_random_uuid()::text,
        in_doubt_since = coalesce(effects.in_doubt_since, ${now}::bigint),
        attempts = effects.attempts + 1,
        taken = wanted
      from head where effects.sequence = head.sequence
      returning effects.sequence, effects.key, lane, mode, body as effect, due, head.attempts, lease_token as token,
        head.in_doubt_since as in_doubt, (select handle from messages where messages.key = effects.key) as handle`,
  );
  const works = rows.map((row) => ({ sequence: Number(row.sequence), work: workOf(row, now + leaseMs) }));
  works.sort((one, other) => one.work.due - other.work.due || one.sequence - other.sequence);
  return works.map(({ work }) => work);
}

function workOf(row: Taken, leasedUntil: number): Work {
  const { key, lane, mode, effect, attempts, token, handle } = row;
  return {
    ...{ key, lane, mode, effect, attempts, due: Number(row.due), lease: { key, token }, leasedUntil },
    ...(row.in_doubt === null ? {} : { inDoubtSince: Number(row.in_doubt) }),
    ...(handle === null || handle === undefined ? {} : { handle }),
  };
}

/** Makes a lease longer; false when it was lost. */
export async function renewEffect(session: Session, { key, token }: Lease, until: number): Promise<boolean> {
  const rows = await rowsOf(
    session,
    sql`update effects set lease_until = ${until}::bigint where key = ${key} and lease_token = ${token} returning 1 as one`,
  );
  return rows.length > 0;
}

/** When the first effect that nothing holds up may be taken. */
export const NEXT_EFFECT = sql`
  select min(greatest(one.due, coalesce(one.lease_until, 0))) as due from effects one
  where one.state = 'pending' and not ${HELD_UP}`;
