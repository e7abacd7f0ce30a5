import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/system/clock.ts';
import { changeMaker, commitAll } from './changes.ts';
import type { Round, Span } from './committer-process.ts';
import { makeHome } from './installation.ts';
import { type Case, pause, type Row, spread } from './measure.ts';
import { emptyDatabase, NEEDS_SERVER } from './server.ts';

const ROUNDS = 5;
/** Of each process in a round. */
const CHANGES = 210;
const MOST_PROCESSES = 3;
const WRITERS = [1, 16] as const;
/** Between two looks at who waits, in milliseconds. */
const LOOK_MS = 4;
const LEAST = 100;

/** Rates of state changes on PostgreSQL, and what the lock of the chain costs. */
export const postgresCommits: Case = {
  name: 'postgres-commits',
  about: 'state changes a second on PostgreSQL by 1, 2 and 3 processes, against SQLite by one',
  ...NEEDS_SERVER,
  async run() {
    const home = makeHome();
    const database = await emptyDatabase();
    const sqlite = await openStore({ database: join(home.folder, 'sqlite.db'), clock: systemClock(), works: true });
    const committers: ChildProcess[] = [];
    const watcher = await watch(database.url);
    try {
      // One after another: the first makes the tables.
      for (let one = 0; one < MOST_PROCESSES; one += 1) committers.push(await committer(database.url, one * 1_000_000));
      const changes = changeMaker();
      const bare = (writers: number) => commitAll(sqlite.store, changes(CHANGES), writers);
      return await measured(committers, bare, watcher);
    } finally {
      for (const one of committers) await ended(one);
      await watcher.close();
      await sqlite.store.close();
      await database.drop();
      home.remove();
    }
  },
};

interface Found {
  readonly rates: number[];
  /** How long a change waited for the lock of the chain, in milliseconds, by rounds. */
  readonly waits: number[];
}

async function measured(
  committers: readonly ChildProcess[],
  bare: (writers: number) => Promise<number>,
  watcher: Watcher,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const writers of WRITERS) {
    const sqlite: number[] = [];
    const found = committers.map((): Found => ({ rates: [], waits: [] }));
    await bare(writers);
    await together(committers, { count: CHANGES, writers });
    for (let round = 0; round < ROUNDS; round += 1) {
      sqlite.push(await bare(writers));
      for (const [index, { rates, waits }] of found.entries()) {
        watcher.begin();
        const rate = await together(committers.slice(0, index + 1), { count: CHANGES, writers });
        const waiting = watcher.end();
        rates.push(rate);
        // Little's law: so many wait at a time, and so many pass in a millisecond.
        waits.push((waiting / rate) * 1000);
      }
    }
    rows.push(...found.map((one, index) => rowOf(index + 1, writers, one, sqlite)));
  }
  return rows;
}

function rowOf(processes: number, writers: number, { rates, waits }: Found, sqlite: readonly number[]): Row {
  const [ours, baseline] = [spread(rates), spread(sqlite)];
  const how = writers === 1 ? 'one after another' : `${writers} in flight each`;
  return {
    name: `PostgreSQL, ${processes} process${processes === 1 ? '' : 'es'}, ${how}`,
    unit: '/s',
    ours,
    baseline,
    ratio: ours.p50 / baseline.p50,
    aim: `>= ${LEAST} /s`,
    met: ours.p50 >= LEAST,
    note: `changes a second in all, the higher the better; a change waits ${spread(waits).p50.toFixed(2)} ms for the lock of the chain`,
  };
}

/** @returns changes a second, of all together */
async function together(committers: readonly ChildProcess[], round: Round): Promise<number> {
  const spans = await Promise.all(
    committers.map(async (one) => {
      const answer = once(one, 'message');
      one.send(round);
      return (await answer)[0] as Span;
    }),
  );
  const took = Math.max(...spans.map(({ to }) => to)) - Math.min(...spans.map(({ from }) => from));
  return ((round.count * committers.length) / took) * 1000;
}

async function committer(database: string, begun: number): Promise<ChildProcess> {
  const child = fork(new URL('./committer-process.ts', import.meta.url), [database, String(begun)]);
  const early = once(child, 'exit').then(([code]) => {
    throw new Error(`a committing process ended with ${String(code)}`);
  });
  await Promise.race([once(child, 'message'), early]);
  early.catch(() => undefined);
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.send('end');
  await exit;
}

/** Counts how many wait for the lock of the chain. */
interface Watcher {
  begin(): void;
  /** @returns how many waited at a time, in the mean since `begin` */
  end(): number;
  close(): Promise<void>;
}

async function watch(url: string): Promise<Watcher> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  let looks: number[] = [];
  let watching = true;
  const looking = (async () => {
    while (watching) {
      const { rows } = await client.query<{ n: number }>(
        "select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
      );
      looks.push(rows[0]?.n ?? 0);
      await pause(LOOK_MS);
    }
  })();
  return {
    begin: () => {
      looks = [];
    },
    end: () => looks.reduce((sum, one) => sum + one, 0) / Math.max(1, looks.length),
    async close() {
      watching = false;
      await looking;
      await client.end();
    },
  };
}
