import type { Clock } from '../../ports/clock.ts';
import { PortFailure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Records } from '../../ports/records.ts';
import type { Store } from '../../ports/store.ts';
import { type AgreedClock, agreedClock } from './agreed-clock.ts';
import type { Bell } from './bell.ts';
import { graphileBell } from './graphile-bell.ts';
import { MIGRATIONS, openPostgresStore } from './index.ts';
import { bringUpToDate } from './migrate.ts';
import { openPool, poolServer } from './pool.ts';
import { postgresRecords } from './records.ts';
import { countLog } from './rollups.ts';
import { readHalt } from './transfer-sql.ts';

export interface ServerOptions {
  /** `postgres://user@host/name` */
  readonly address: string;
  readonly clock: Clock;
  readonly log?: Log;
  /** Takes part in the work. False for whoever only looks. */
  readonly works: boolean;
}

export interface OpenedServer {
  readonly store: Store;
  /** Goes as the server's does. */
  readonly clock: Clock;
  /** What adapters keep; closed before the store. */
  readonly records: Records;
}

/**
 * Opens the database of a server, with everything that belongs to an instance: connections, the job engine, the clock.
 * @throws PortFailure when the server cannot be reached or used
 */
export async function openServer(options: ServerOptions): Promise<OpenedServer> {
  const { address, works, log } = options;
  const pool = openPool(address);
  const server = poolServer(pool, options);
  const logged = log === undefined ? {} : { log };
  let clock: AgreedClock | undefined;
  let bell: Bell | undefined;
  try {
    clock = await agreedClock(pool, options.clock);
    const { now, stop } = clock;
    await bringUpToDate(server, MIGRATIONS);
    const halted = works ? await readHalt(server.session) : undefined;
    if (halted !== undefined) throw new PortFailure(halted, { port: 'store', kind: 'refused', retryable: false });
    if (works) await countLog(server);
    bell = works ? await graphileBell(pool, clock, log) : undefined;
    const store = await openPostgresStore({ server, now, works, ...(bell === undefined ? {} : { bell }), ...logged });
    const close = async () => {
      stop();
      await store.close();
    };
    return { store: { ...store, close }, clock, records: postgresRecords(server, log) };
  } catch (error) {
    clock?.stop();
    await bell?.stop();
    await server.close();
    throw error;
  }
}
