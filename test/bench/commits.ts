import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Store } from '../../src/ports/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { changeMaker, commitAll } from './changes.ts';
import { makeHome } from './installation.ts';
import { type Case, type Row, say, spread, timed } from './measure.ts';

const ROUNDS = 6;
const CHANGES = 400;
const WRITERS = 16;

export const commits: Case = {
  name: 'commits',
  about: 'state changes a second on SQLite, against raw commits of one insert with the same pragmas',
  async run() {
    const home = makeHome();
    const store = await openSqliteStore({ path: join(home.folder, 'ours.db'), clock: systemClock() });
    const raw = rawLog(join(home.folder, 'raw.db'));
    try {
      return await measured(store, raw);
    } finally {
      await store.close();
      raw.close();
      home.remove();
    }
  },
};

async function measured(store: Store, raw: RawLog): Promise<readonly Row[]> {
  const changes = changeMaker();
  await commitAll(store, changes(CHANGES), 1);
  await rawAll(raw, 'x'.repeat(600), CHANGES);
  const rates = { one: [] as number[], many: [] as number[], raw: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const wanted = changes(CHANGES);
    const size = Math.round(wanted.reduce((sum, one) => sum + JSON.stringify(one).length, 0) / wanted.length);
    if (round === 0) say(`commits: ${size} bytes a change`);
    rates.raw.push(await rawAll(raw, 'x'.repeat(size), CHANGES));
    rates.one.push(await commitAll(store, wanted, 1));
    rates.many.push(await commitAll(store, changes(CHANGES), WRITERS));
  }
  return [
    rowOf('changes a second, one after another', rates.one, rates.raw),
    rowOf(`changes a second, ${WRITERS} at once`, rates.many, rates.raw),
  ];
}

function rowOf(name: string, ours: readonly number[], raw: readonly number[]): Row {
  const [one, other] = [spread(ours), spread(raw)];
  const ratio = one.p50 / other.p50;
  const note = 'rates of rounds; the higher the better';
  return { name, unit: '/s', ours: one, baseline: other, ratio, aim: '>= 0.4x', met: ratio >= 0.4, note };
}

interface RawLog {
  insert(text: string): void;
  close(): void;
}

function rawLog(path: string): RawLog {
  const client = new Database(path);
  client.pragma('journal_mode = WAL');
  client.pragma('synchronous = FULL');
  client.pragma('wal_autocheckpoint = 4000');
  client.exec('create table log (seq integer primary key, text text not null)');
  const insert = client.prepare('insert into log (text) values (?)');
  const close = () => void client.close();
  return { insert: (text) => void insert.run(text), close };
}

/** @returns commits a second */
async function rawAll(raw: RawLog, text: string, count: number): Promise<number> {
  const took = await timed(() => {
    for (let one = 0; one < count; one += 1) raw.insert(text);
  });
  return (count / took) * 1000;
}
