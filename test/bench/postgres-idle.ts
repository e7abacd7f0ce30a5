import type { OwnDatabase } from '../support/postgres.ts';
import { idling } from './idle.ts';
import { makeHome } from './installation.ts';
import type { Case, Row } from './measure.ts';
import { emptyDatabase, NEEDS_SERVER } from './server.ts';

const INSTANCES = [1, 3] as const;
/** Connections that have fallen idle publish what they did before only after ten seconds (PGSTAT_IDLE_INTERVAL of PostgreSQL). */
const SETTLE_MS = 13_000;
const MOST = 6;

interface Found {
  /** Of each instance, in per cent of one processor. */
  readonly cpu: readonly number[];
  /** Of all together on the server. */
  readonly transactionsPerSecond: number;
}

/** What several instances cost that have nothing to do. */
export const postgresIdle: Case = {
  name: 'postgres-idle',
  about: '1 and 3 idle instances on PostgreSQL, against one on SQLite',
  ...NEEDS_SERVER,
  async run() {
    const home = makeHome();
    try {
      const bare = await idling(home);
      const rows: Row[] = [];
      for (const instances of INSTANCES) rows.push(...rowsOf(instances, await measured(instances), bare.cpu));
      return rows;
    } finally {
      home.remove();
    }
  },
};

async function measured(instances: number): Promise<Found> {
  const database = await emptyDatabase();
  const homes = Array.from({ length: instances }, () => makeHome());
  try {
    let counted = Promise.resolve(0);
    const all = await Promise.all(
      homes.map(({ folder }, index) =>
        idling({
          folder,
          more: `database: '${database.url}'\n`,
          settleMs: SETTLE_MS,
          watching: (watchMs) => {
            if (index === 0) counted = transactions(database, watchMs);
          },
        }),
      ),
    );
    return { cpu: all.map(({ cpu }) => cpu), transactionsPerSecond: await counted };
  } finally {
    await database.drop();
    for (const home of homes) home.remove();
  }
}

/** @returns transactions a second within the next so many milliseconds; single statements count as such */
async function transactions(database: OwnDatabase, watchMs: number): Promise<number> {
  const count = async () => {
    const [row] = await database.query(
      'select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()',
    );
    return { n: Number(row?.['n']), at: performance.now() };
  };
  const before = await count();
  await new Promise((resolve) => setTimeout(resolve, watchMs));
  const after = await count();
  return ((after.n - before.n) / (after.at - before.at)) * 1000;
}

function rowsOf(instances: number, { cpu, transactionsPerSecond }: Found, sqlite: number): readonly Row[] {
  const single = (value: number) => ({ p50: value, p99: value, count: 1 });
  const most = Math.max(...cpu);
  const name = `PostgreSQL, ${instances} idle instance${instances === 1 ? '' : 's'}`;
  return [
    {
      name: `${name}: processor time of each`,
      unit: '%',
      ours: {
        p50: cpu.toSorted((one, other) => one - other)[Math.floor(cpu.length / 2)] ?? 0,
        p99: most,
        count: cpu.length,
      },
      baseline: single(sqlite),
      aim: '<= 1 point more',
      met: most - sqlite <= 1,
    },
    {
      name: `${name}: transactions of all`,
      unit: '/s',
      ours: single(transactionsPerSecond),
      aim: `<= ${MOST * instances} /s`,
      met: transactionsPerSecond <= MOST * instances,
      note: 'as the server counts them; a statement of its own counts as one',
    },
  ];
}
