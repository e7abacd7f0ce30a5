import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type DeploymentEvent, deploymentStream, type NewEntry } from '../../src/domain/event.ts';
import type { Change, Store } from '../../src/ports/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { makeHome } from './installation.ts';
import { type Case, type Row, say, spread, timed } from './measure.ts';
import { ANNA, PLAN } from './million.ts';

const ROUNDS = 6;
const CHANGES = 400;
const WRITERS = 16;

/** A state change is one entry of the log, its fold, one effect and one wake-up. */
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

/** @returns changes a second */
async function commitAll(store: Store, changes: readonly Change[], writers: number): Promise<number> {
  // Each writer keeps to its own deployments: somebody else's version would only be a conflict.
  const shares = Array.from({ length: writers }, (_, writer) =>
    changes.filter((one) => ownerOf(one) % writers === writer),
  );
  const took = await timed(() => Promise.all(shares.map((share) => commitShare(store, share))));
  return (changes.length / took) * 1000;
}

async function commitShare(store: Store, changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    const { kind } = await store.commit(change);
    if (kind !== 'committed') throw new Error(`a change was not committed: ${kind}`);
  }
}

function ownerOf({ wakeups: [wakeup] }: Change): number {
  return Number(wakeup?.key.slice(2));
}

/** The way of deployments through their states, interleaved so that each writer finds work. */
function changeMaker(): (count: number) => readonly Change[] {
  let begun = 0;
  return (count) => {
    const width = Math.ceil(count / ROAD.length);
    const changes: Change[] = [];
    for (const [step, event] of ROAD.entries()) {
      for (let one = 1; one <= width; one += 1) changes.push(changeOf(begun + one, step, event));
    }
    begun += width;
    return changes;
  };
}

const ROAD: readonly ((number: number) => DeploymentEvent)[] = [
  (number) => ({
    type: 'requested',
    request: {
      number,
      token: `token-${number}`,
      kind: 'regular',
      service: `s${number}`,
      environment: 'production',
      ref: 'main',
      requester: ANNA,
    },
  }),
  () => ({ type: 'checks-started' }),
  () => ({ type: 'approval-asked', plan: PLAN, expiresAt: '2030-01-01T00:00:00.000Z' }),
  () => ({ type: 'queued', plan: PLAN }),
  () => ({ type: 'dispatched' }),
  (number) => ({ type: 'run-started', run: { provider: 'runs', id: `run-${number}` } }),
  () => ({ type: 'succeeded', sha: PLAN.sha }),
];

function changeOf(number: number, step: number, event: (number: number) => DeploymentEvent): Change {
  const id = `D-${number}`;
  const stream = deploymentStream(id);
  const entry: NewEntry = { stream, event: event(number), by: ANNA, at: '2026-03-02T12:00:00.000Z' };
  const due = Date.now() + 3_600_000;
  return {
    key: `slack:${id}:${step}`,
    expect: [{ stream, version: step }],
    entries: [entry],
    effects: [{ key: `record:${id}:${step}`, lane: id, mode: 'once', effect: { kind: 'record', deployment: id }, due }],
    wakeups: [{ key: id, due }],
  };
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
