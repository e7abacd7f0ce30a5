/*
 * The order in lanes, in plain SQL because both queries join the table with itself and must hit the partial indexes.
 * An owed `once` holds up everything behind it in its lane, also while it waits for another attempt. A `latest` never does.
 */

const HELD_UP = `exists (
  select 1 from effects earlier
  where earlier.state = 'pending' and earlier.lane = one.lane and earlier.sequence < one.sequence and earlier.mode = 'once'
)`;

/** Sequences of what may be taken at `:now`: the first of each lane, the longest due lanes first. */
export const TAKEABLE = `
  select one.sequence from effects one
  where one.state = 'pending' and one.due <= :now and (one.lease_until is null or one.lease_until <= :now)
    and not exists (
      select 1 from effects earlier
      where earlier.state = 'pending' and earlier.lane = one.lane and earlier.sequence < one.sequence
        and (
          earlier.mode = 'once'
          or (earlier.due <= :now and (earlier.lease_until is null or earlier.lease_until <= :now))
        )
    )
  order by one.due, one.sequence
  limit :limit`;

/** When the first effect that nothing holds up may be taken. */
export const NEXT_EFFECT_DUE = `
  select min(due) from (
    select * from (
      select one.due from effects one
      where one.state = 'pending' and one.lease_until is null and not ${HELD_UP}
      order by one.due limit 1
    )
    union all
    select min(max(one.due, one.lease_until)) from effects one
    where one.state = 'pending' and one.lease_until is not null and not ${HELD_UP}
  )`;
