import type { OwnDatabase } from '../support/postgres.ts';
import { type ClickSite, openClickSite } from './click-site.ts';
import { type Case, pause, percentile, type Row, spread } from './measure.ts';
import { emptyDatabase, NEEDS_SERVER } from './server.ts';

const TIMES = 24;
const WARM_UP = 6;
const REST_MS = 150;
const AIM_MS = 100;
const INSTANCES = [1, 2, 3] as const;

/** What a click costs where the state is on a server, and where another instance may be the one that acts. */
export const postgresClick: Case = {
  name: 'postgres-click',
  about:
    'from the click on Approve to the first call of the start on PostgreSQL with 1, 2 and 3 instances, against SQLite',
  ...NEEDS_SERVER,
  async run() {
    const deployments = TIMES + WARM_UP;
    const databases: OwnDatabase[] = [];
    const sites: ClickSite[] = [];
    try {
      sites.push(await openClickSite({ deployments, instances: 1 }));
      for (const instances of INSTANCES) {
        const database = await emptyDatabase();
        databases.push(database);
        sites.push(await openClickSite({ deployments, instances, database: database.url }));
      }
      return rowsOf(await measured(sites));
    } finally {
      for (const site of sites) await site.close();
      for (const database of databases) await database.drop();
    }
  },
};

/** One click at each site in turn. @returns milliseconds to the first call, by site */
async function measured(sites: readonly ClickSite[]): Promise<readonly (readonly number[])[]> {
  const found = sites.map((): number[] => []);
  for (let time = 0; time < TIMES + WARM_UP; time += 1) {
    for (const [index, site] of sites.entries()) {
      await site.ready();
      await pause(REST_MS);
      const { tag } = await site.click();
      if (time >= WARM_UP) found[index]?.push(tag);
    }
  }
  return found;
}

function rowsOf([sqlite = [], ...servers]: readonly (readonly number[])[]): readonly Row[] {
  const baseline = spread(sqlite);
  return servers.map((samples, index) => {
    const ours = spread(samples);
    return {
      name: `PostgreSQL, ${INSTANCES[index]} instance${index === 0 ? '' : 's'}: approve to first call`,
      unit: 'ms',
      ours,
      baseline,
      ratio: ours.p50 / baseline.p50,
      aim: `<= ${AIM_MS} ms`,
      met: ours.p50 <= AIM_MS,
      note: `p95 ${percentile(samples, 0.95).toFixed(1)} ms, on SQLite ${percentile(sqlite, 0.95).toFixed(1)} ms; ${samples.length} clicks, brought to the instances in turn`,
    };
  });
}
