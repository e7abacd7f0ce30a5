import { join } from 'node:path';
import Database from 'better-sqlite3';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { targetKey } from '../../src/domain/catalog.ts';
import type { DeploymentEvent } from '../../src/domain/event.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { DORMANT, ENVIRONMENTS, SERVICES } from './installation.ts';
import { NUMBER, templateOf } from './templates.ts';

/** How many deployments a long past has; fewer when the bench itself is tried out: `BENCH_DEPLOYMENTS=20000 npm run bench`. */
export const LARGE = Number(process.env['BENCH_DEPLOYMENTS'] ?? 1_000_000);

const SHA = '1a2b3c4d5e6f708192a3b4c5d6e7f80912345678';

export const ANNA: Person = { id: 'anna', name: 'Anna Lind', known: true, accounts: [{ system: 'slack', id: 'U1' }] };

export const PLAN: Plan = {
  machine: 1,
  service: 'web',
  environment: 'production',
  sha: SHA,
  kind: 'regular',
  stages: [{ kind: 'pipeline', provider: 'runs', repository: 'web', settings: { command: 'true' }, timeoutMs: 60_000 }],
  configuration: 'b'.repeat(64),
  hash: 'c'.repeat(64),
};

const TEST_FAILED = { code: 'run-failed', sentence: 'The step "Test" failed.', next: 'Look at the log.' } as const;
const LOCKED = { code: 'target-locked', sentence: 'Locked by Ben.', next: 'Wait for the unlock.' } as const;

/** The ways a deployment may have gone; `weight` of a hundred. */
const WAYS: readonly { readonly weight: number; readonly events: readonly DeploymentEvent[] }[] = [
  { weight: 60, events: run({ type: 'succeeded', sha: SHA }) },
  { weight: 30, events: [{ type: 'refused', refusals: [LOCKED] }] },
  { weight: 6, events: run({ type: 'failed', failure: TEST_FAILED }) },
  { weight: 4, events: [...asked(), { type: 'rejected', reason: 'Not before the sale.' }] },
];
const WAITING: readonly DeploymentEvent[] = asked();
const EXPIRED: readonly DeploymentEvent[] = [...asked(), { type: 'expired' }];

function checked(): readonly DeploymentEvent[] {
  const changeSet = { head: SHA, commits: [], files: [], filesTotal: 0, complete: true, direction: 'first' } as const;
  const checks = { state: 'none', passed: 0, failed: 0, pending: 0, failures: [] } as const;
  const nobody = { commitsTotal: 0, peopleTotal: 0, excluded: [], eligible: [], warnings: [] };
  const findings = { sha: SHA, changeSet, checks, ...nobody, at: '2026-01-01T00:00:00.000Z' };
  return [{ type: 'checks-started' }, { type: 'findings-gathered', findings }];
}

function asked(): readonly DeploymentEvent[] {
  return [...checked(), { type: 'approval-asked', plan: PLAN, expiresAt: '2030-01-01T00:00:00.000Z' }];
}

function run(end: DeploymentEvent): readonly DeploymentEvent[] {
  const started = { type: 'run-started', run: { provider: 'runs', id: `run-${NUMBER}` } } as const;
  return [...checked(), { type: 'queued', plan: PLAN }, { type: 'dispatched' }, started, end];
}

export interface History {
  /** All of them, those that wait included. */
  readonly count: number;
  /** How many of the newest wait for approval. */
  readonly waiting: number;
}

/**
 * Fills a new database with a long past: the store's own tables, written past the store in one transaction, because through it this
 * would take hours. The texts of the log are whole, their hashes are not: nothing here verifies them. The first five deployments are
 * of a service nobody deployed again, and the only ones that expired.
 */
export async function writeHistory(folder: string, { count, waiting }: History): Promise<void> {
  const path = join(folder, 'countersign.db');
  const store = await openSqliteStore({ path, clock: systemClock() });
  await store.close();
  const client = new Database(path);
  try {
    // Whatever a crash would break here is thrown away anyway.
    client.pragma('synchronous = OFF');
    client.pragma('journal_mode = MEMORY');
    client.pragma('cache_size = -400000');
    const triggers = client.prepare<[], { name: string; sql: string }>(
      "select name, sql from sqlite_schema where type = 'trigger'",
    );
    const dropped = triggers.all();
    for (const { name } of dropped) client.exec(`drop trigger ${name}`);
    client.transaction(() => fill(client, count, waiting))();
    // Written past the store, it is not counted: whoever takes it over counts it.
    client.exec('delete from rollups');
    for (const { sql } of dropped) client.exec(sql);
    client.pragma('journal_mode = WAL');
  } finally {
    client.close();
  }
}

function fill(client: Database.Database, count: number, waiting: number): void {
  const writer = writerFor(client);
  const now = Date.now();
  const choose = chooser();
  for (let number = 1; number <= count; number += 1) {
    const isOpen = number > count - waiting;
    // A minute apart; whatever waits was asked for just now, so that nothing of it is due yet.
    const at = isOpen ? now - 60_000 : now - (count - number + 60) * 60_000;
    writer.write(choose(number, isOpen), number, at);
    if (isOpen) writer.wake(number, now + 3_600_000);
  }
  writer.targets(count - waiting, now);
}

type Template = ReturnType<typeof templateOf>;

function chooser(): (number: number, isOpen: boolean) => Template {
  const known = new Map<string, Template>();
  const template = (service: string, environment: string, events: readonly DeploymentEvent[]): Template => {
    const name = `${service}/${environment}/${events.map(({ type }) => type).join()}`;
    const found = known.get(name) ?? templateOf({ service, environment, requester: ANNA, events });
    known.set(name, found);
    return found;
  };
  return (number, isOpen) => {
    if (number <= 5) return template(DORMANT, 'production', EXPIRED);
    const service = SERVICES[number % SERVICES.length] ?? 'web';
    const environment = ENVIRONMENTS[Math.floor(number / SERVICES.length) % ENVIRONMENTS.length] ?? 'staging';
    return template(service, environment, isOpen ? WAITING : wayOf(number).events);
  };
}

function wayOf(number: number) {
  let rest = (number * 37) % 100;
  for (const way of WAYS) {
    if (rest < way.weight) return way;
    rest -= way.weight;
  }
  throw new RangeError('the weights are less than a hundred');
}

function writerFor(client: Database.Database) {
  const event = client.prepare('insert into events values (?, ?, ?, ?, ?, ?, ?)');
  const deployment = client.prepare('insert into deployments values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const effect = client.prepare(
    "insert into effects values (?, ?, ?, 'latest', ?, ?, 'done', 1, 1, 1, null, null, null, null)",
  );
  const key = client.prepare('insert into keys values (?, ?)');
  const wakeup = client.prepare('insert into wakeups (key, due, moved) values (?, ?, 0)');
  const target = client.prepare('insert into targets values (?, ?, ?)');
  let seq = 0;
  return {
    write({ row, entries }: Template, number: number, begun: number): void {
      const id = `D-${number}`;
      // From half a minute to ten minutes a step, so that lengths of time lie in many buckets.
      const pace = 30_000 + ((number * 7919) % 571) * 1000;
      const times = entries.map((_, step) => new Date(begun + step * pace).toISOString());
      for (const [step, { type, fill: text }] of entries.entries()) {
        seq += 1;
        const hash = String(seq).padStart(64, '0');
        // Sealed as the first of a log; whoever reads on from an entry goes by the number that stands in its text.
        const sealed = text(number, times).replace('"seq":1,', `"seq":${seq},`);
        event.run(seq, times[step], `deployment:${id}`, step + 1, type, sealed, hash);
      }
      const { service, environment, state, open, sha, run, ended, doc } = row;
      const [first, last] = [times[0], times.at(-1)];
      const names = [number, id, `token-${number}`, entries.length, 'regular', service, environment];
      const moving = [state, open ? 1 : 0, ANNA.id, sha, run ? 'runs' : null, run ? `run-${number}` : null];
      deployment.run(...names, ...moving, first, ended ? last : null, doc(number, times));
      effect.run(number, `card:${id}`, id, `{"kind":"record","deployment":"${id}"}`, begun);
      key.run(`slack:${number}`, begun);
    },
    wake: (number: number, due: number) => void wakeup.run(`D-${number}`, due),
    /** What runs where: the newest of each that succeeded. */
    targets(newest: number, now: number): void {
      const found = client.prepare<[number], { number: number; service: string; environment: string }>(
        "select max(number) number, service, environment from deployments where number > ? and state = 'succeeded' group by service, environment",
      );
      for (const { number, service, environment } of found.all(Math.max(0, newest - 1000))) {
        const current = { deployment: `D-${number}`, sha: SHA, since: new Date(now).toISOString() };
        const stream = `target:${targetKey(service, environment)}`;
        seq += 1;
        const deployed = { type: 'deployed', deployment: `D-${number}`, sha: SHA };
        const text = canonicalJson({ stream, event: deployed });
        event.run(seq, current.since, stream, 1, 'deployed', text, String(seq).padStart(64, '0'));
        target.run(targetKey(service, environment), 1, JSON.stringify({ service, environment, version: 1, current }));
      }
    },
  };
}
