import { join } from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import type { MessageHandle } from '../../ports/chat.ts';
import type { Log } from '../../ports/log.ts';
import type { Desk, Ledger, Store } from '../../ports/store.ts';
import type { Bell } from './bell.ts';
import { openCommits } from './commits.ts';
import { findDifferences } from './differences.ts';
import { NEXT_EFFECT, renewEffect, settleEffect, takeEffects } from './effects.ts';
import { openLog } from './log.ts';
import { type Notices, openNotices } from './notices.ts';
import { patiently } from './patience.ts';
import { openRows } from './rows.ts';
import { rowsOf, type Server } from './session.ts';
import { finishWakeup, nextWakeup, renewWakeup, takeWakeups, unset, unwatched } from './wakeups.ts';
import { setWakeups } from './write.ts';

/** Where the migrations lie. */
export const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** A wake-up that nobody was told of in time is looked for so many milliseconds after it was due. */
const LOST_RING_MS = 3000;

export interface PostgresOptions {
  readonly server: Server;
  /** The time for rows that need one, milliseconds since 1970. */
  readonly now: () => number;
  /** Carries wake-ups; without one every instance sets its own timers. */
  readonly bell?: Bell;
  /** Takes part in the work, and so hears of what others commit. False for whoever only looks. */
  readonly works: boolean;
  /** Told of listeners that throw. */
  readonly log?: Log;
}

/**
 * The store of several instances, over tables that are up to date. Closing it closes the server's connections.
 * @throws PortFailure when the server cannot be reached
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const { server, bell, works, log } = options;
  const notices = await openNotices(server, works, log);
  const commits = openCommits(server, bell, notices, options.now);
  const ledger: Ledger = {
    commit: commits.add,
    ...openLog(server),
    differences: () => findDifferences(server),
    listen: notices.listen,
  };
  return {
    ...ledger,
    ...openRows(server),
    ...desk(server, bell, notices),
    async close() {
      await commits.settle();
      await bell?.stop();
      await notices.close();
      await server.close();
    },
  };
}

function desk(server: Server, bell: Bell | undefined, notices: Notices): Desk {
  const { session } = server;
  return {
    takeEffects: (now, leaseMs, limit) => server.transaction((tx) => takeEffects(tx, now, leaseMs, limit)),
    settle: (settled) =>
      server.transaction(async (tx) => {
        // Left alone by this instance, it is for another to do.
        if (settled.outcome.kind === 'later' && settled.outcome.untouched === true) await notices.tell(tx, []);
        return await settleEffect(tx, settled);
      }),
    takeWakeups: (now, leaseMs, limit) => server.transaction((tx) => takeWakeups(tx, now, leaseMs, limit)),
    finishWakeup: (lease, next) =>
      server.transaction(async (tx) => {
        const left = await finishWakeup(tx, lease, next);
        if (left !== undefined) await bell?.set(tx, [left]);
      }),
    setWakeups: (list) => server.transaction((tx) => setWakeups(tx, list, bell)),
    renew: (lease, until) =>
      server.transaction(async (tx) => (await renewEffect(tx, lease, until)) || (await renewWakeup(tx, lease, until))),
    nextDue: () => patiently(() => earliest(server, [NEXT_EFFECT, nextWakeup(bell === undefined ? 0 : LOST_RING_MS)])),
    onRing: (ring) => bell?.onRing(ring) ?? (() => undefined),
    unwatched: (limit) => patiently(() => unwatched(session, limit)),
    unset: (keys) => patiently(() => unset(session, keys)),
    async handle(key) {
      const statement = sql`select handle from messages where key = ${key}`;
      const [row] = await patiently(() => rowsOf<{ handle: MessageHandle }>(session, statement));
      return row?.handle;
    },
  };
}

async function earliest({ session }: Server, questions: readonly SQL[]): Promise<number | undefined> {
  const all = sql.join([...questions], sql` union all `);
  const [row] = await rowsOf<{ due: string | null }>(session, sql`select min(due) as due from (${all}) due`);
  return row === undefined || row.due === null ? undefined : Number(row.due);
}
