import { join } from 'node:path';
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/system/clock.ts';
import { changeMaker, commitAll } from './changes.ts';
import { copyHistory } from './copy-history.ts';
import { localText, makeHome } from './installation.ts';
import { type Case, percentile, type Row, say, spread, timed } from './measure.ts';
import { LARGE, writeHistory } from './million.ts';
import { assembled } from './programme.ts';
import { measuredAll, questionsOf, WAITING } from './queries.ts';
import { emptyDatabase, NEEDS_SERVER } from './server.ts';

const ROUNDS = 5;
/** Of a round. */
const CHANGES = 210;
const WRITERS = 16;
const LEAST = 100;
const AIM_MS = 50;

/** What is asked, and how fast is written, where the state is on a server and the past is long. */
export const postgresQueries: Case = {
  name: 'postgres-queries',
  about: `commands, pages, DORA numbers and state changes with ${LARGE} deployments on PostgreSQL, against SQLite with as many`,
  ...NEEDS_SERVER,
  async run() {
    const home = makeHome();
    const database = await emptyDatabase();
    const path = join(home.folder, 'countersign.db');
    const text = localText();
    try {
      const written = await timed(() => writeHistory(home.folder, { count: LARGE, waiting: WAITING }));
      say(`postgres-queries: ${LARGE} deployments written in ${(written / 1000).toFixed(1)} s`);
      const file = await asked(home.folder, text);
      const copied = await timed(() => copyHistory(path, database.url));
      say(`postgres-queries: copied to the server in ${(copied / 1000).toFixed(1)} s`);
      const server = await asked(home.folder, `${text}\ndatabase: ${database.url}\n`);
      const rates = { file: await ratesOf(path), server: await ratesOf(database.url) };
      return [...[...server].map(([name, samples]) => rowOf(name, samples, file.get(name) ?? [])), rateRow(rates)];
    } finally {
      await database.drop();
      home.remove();
    }
  },
};

async function asked(folder: string, text: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const program = await assembled(folder, text);
  try {
    return await measuredAll(questionsOf(program, LARGE));
  } finally {
    await program.stop();
  }
}

function rowOf(name: string, server: readonly number[], file: readonly number[]): Row {
  const [ours, baseline] = [spread(server), spread(file)];
  const p95 = percentile(server, 0.95);
  const ratio = ours.p50 / baseline.p50;
  return { name, unit: 'ms', ours, baseline, ratio, aim: `p95 <= ${AIM_MS} ms`, met: p95 <= AIM_MS };
}

/** State changes a second, by rounds. */
async function ratesOf(database: string): Promise<readonly number[]> {
  const { store } = await openStore({ database, clock: systemClock(), works: true });
  try {
    // Numbers far from those of the past.
    const changes = changeMaker(LARGE * 2);
    const rates: number[] = [];
    await commitAll(store, changes(CHANGES), WRITERS);
    for (let round = 0; round < ROUNDS; round += 1) rates.push(await commitAll(store, changes(CHANGES), WRITERS));
    return rates;
  } finally {
    await store.close();
  }
}

function rateRow({ file, server }: { readonly file: readonly number[]; readonly server: readonly number[] }): Row {
  const [ours, baseline] = [spread(server), spread(file)];
  return {
    name: `state changes behind a long past, ${WRITERS} in flight`,
    unit: '/s',
    ours,
    baseline,
    ratio: ours.p50 / baseline.p50,
    aim: `>= ${LEAST} /s`,
    met: ours.p50 >= LEAST,
    note: 'changes a second, the higher the better',
  };
}
