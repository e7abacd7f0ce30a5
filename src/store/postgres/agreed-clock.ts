import type { Pool } from 'pg';
import type { Clock } from '../../ports/clock.ts';
import { patiently } from './patience.ts';

/** How often the clocks are compared, in milliseconds: a quartz drifts by some milliseconds meanwhile. */
const COMPARE_MS = 60_000;
const SAMPLES = 3;

/** A clock that goes as the server's does, so that all instances agree on leases, due times and the times in the log. */
export interface AgreedClock extends Clock {
  stop(): void;
}

/** @throws PortFailure when the server cannot be asked at first; later the last comparison holds on */
export async function agreedClock(pool: Pool, own: Clock): Promise<AgreedClock> {
  let ahead = await patiently(() => compare(pool, own));
  let callOff = own.at(own.now() + COMPARE_MS, again);

  function again(): void {
    compare(pool, own)
      .then((found) => {
        ahead = found;
      })
      .catch(() => undefined);
    callOff = own.at(own.now() + COMPARE_MS, again);
  }

  return {
    now: () => own.now() + ahead,
    at: (time, wake) => own.at(time - ahead, wake),
    stop: () => callOff(),
  };
}

/** By how many milliseconds the server's clock is ahead of ours; the quickest of some answers says it best. */
async function compare(pool: Pool, own: Clock): Promise<number> {
  const samples: { readonly took: number; readonly ahead: number }[] = [];
  for (let asked = 0; asked < SAMPLES; asked += 1) {
    const before = own.now();
    const { rows } = await pool.query<{ now: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
    );
    const after = own.now();
    samples.push({ took: after - before, ahead: Math.round((rows[0]?.now ?? before) - (before + after) / 2) });
  }
  return samples.sort((one, other) => one.took - other.took)[0]?.ahead ?? 0;
}
