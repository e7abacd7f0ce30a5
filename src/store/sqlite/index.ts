import { isNotNull } from 'drizzle-orm';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Change, Desk, Ledger, Store } from '../../ports/store.ts';
import { createListeners } from '../listeners.ts';
import { type Tables, writeChange } from './commit.ts';
import { commitQueue } from './commit-queue.ts';
import { type Connection, connect } from './connection.ts';
import { findDifferences } from './differences.ts';
import { effectTable } from './effect-table.ts';
import { guarded, guardedWalk } from './fault.ts';
import { keyTable } from './key-table.ts';
import { logTable } from './log-table.ts';
import { countLog, rollupTable } from './rollup-table.ts';
import { rowTables } from './row-tables.ts';
import { openRows } from './rows.ts';
import { effects, wakeups } from './schema.ts';
import { holdAlone } from './sole.ts';
import { wakeupTable } from './wakeup-table.ts';

export interface SqliteOptions {
  /** A file, made with its folder when it is missing; or `:memory:`. */
  readonly path: string;
  readonly clock: Clock;
  /** How long a call waits for another process that writes, in milliseconds; this process stands still meanwhile. */
  readonly busyTimeoutMs?: number;
  /**
   * This process is the only one from now on: what a former life was killed over is free at once, as work in doubt, instead of
   * when its lease ends. Whoever only looks must not say so. A second one is refused for as long as the first is at work.
   */
  readonly takesOver?: boolean;
  /** Told of listeners that throw. */
  readonly log?: Log;
}

/**
 * The store of a single instance: one SQLite file. Commits of one turn of the event loop are written together at its end; all else
 * is done when the call returns. It tells listeners of its own commits only: nobody else writes to the file.
 * @throws PortFailure when the file cannot be opened, is damaged, or was written by a newer version
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  return await guarded(() => {
    const connection = connect(options.path, options.busyTimeoutMs ?? 2000);
    const tables = prepareTables(connection);
    const letGo = options.takesOver === true ? takeOver(connection, options.path) : () => undefined;
    const { flush, ...written } = ledger(connection, tables, options);
    return {
      ...written,
      ...openRows(connection),
      ...desk(connection, tables),
      close: () =>
        guarded(() => {
          flush();
          connection.client.close();
          letGo();
        }),
    };
  });
}

function takeOver(connection: Connection, path: string): () => void {
  try {
    const letGo = holdAlone(path);
    releaseLeases(connection);
    countLog(connection);
    return letGo;
  } catch (error) {
    connection.client.close();
    throw error;
  }
}

function releaseLeases({ db }: Connection): void {
  const free = { leaseUntil: null, leaseToken: null };
  db.update(effects).set(free).where(isNotNull(effects.leaseUntil)).run();
  db.update(wakeups).set(free).where(isNotNull(wakeups.leaseUntil)).run();
}

function prepareTables(connection: Connection): Tables {
  return {
    log: logTable(connection),
    rows: rowTables(connection),
    effects: effectTable(connection),
    wakeups: wakeupTable(connection),
    keys: keyTable(connection),
    rollups: rollupTable(connection),
  };
}

function ledger(connection: Connection, tables: Tables, { clock, log }: SqliteOptions): Ledger & { flush(): void } {
  const { client } = connection;
  const listeners = createListeners(log);
  const read = client.transaction((work: () => unknown) => work());
  const write = (change: Change) => writeChange(tables, change, clock.now());
  const queue = commitQueue(connection, write, ({ entries }) =>
    listeners.tell([...new Set(entries.map(({ stream }) => stream))]),
  );

  return {
    commit: (change) => queue.add(change),
    flush: queue.flush,
    entries: (query) => guarded(() => tables.log.entries(query)),
    head: () => guarded(() => tables.log.head()),
    newest: (stream, type) => guarded(() => tables.log.newest(stream, type)),
    found: () => guardedWalk(tables.log.found()),
    differences: () => guardedWalk(findDifferences(tables, <T>(work: () => T) => read.deferred(work) as T)),
    listen: listeners.add,
  };
}

function desk({ client }: Connection, { effects, wakeups }: Tables): Desk {
  const transaction = client.transaction((work: () => unknown) => work());
  function written<T>(work: () => T): Promise<T> {
    return guarded(() => transaction.immediate(work) as T);
  }
  return {
    takeEffects: (now, leaseMs, limit) => written(() => effects.take(now, leaseMs, limit)),
    settle: (settled) => written(() => effects.settle(settled)),
    takeWakeups: (now, leaseMs, limit) => written(() => wakeups.take(now, leaseMs, limit)),
    finishWakeup: (lease, next) => written(() => wakeups.finish(lease, next)),
    setWakeups: (list) =>
      written(() => {
        for (const wakeup of list) wakeups.put(wakeup);
      }),
    renew: (lease, until) => written(() => effects.renew(lease, until) || wakeups.renew(lease, until)),
    nextDue: () => guarded(() => earliest(effects.nextDue(), wakeups.nextDue())),
    // Every instance of this store sets a timer for all that is due.
    onRing: () => () => undefined,
    unwatched: (limit) => guarded(() => wakeups.unwatched(limit)),
    unset: (keys) => guarded(() => wakeups.unset(keys)),
    handle: (key) => guarded(() => effects.handle(key)),
  };
}

function earliest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
