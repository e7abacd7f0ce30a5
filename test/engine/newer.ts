import Database from 'better-sqlite3';
import { EMPTY, type Head, sealedText } from '../../src/domain/audit.ts';
import { sha256 } from '../../src/domain/canonical.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { BOT } from '../../src/domain/person.ts';
import { VOCABULARY } from '../../src/domain/vocabulary.ts';
import type { World } from './world.ts';

/** A version of tomorrow that works on the same database: it moves traffic, which nobody of today has heard of. */
export interface Newer {
  /** Takes a deployment into the state "shifting", owes the effect "move-traffic", and wants to be woken at once. */
  shift(id: string): void;
  /** Owes the effect "move-traffic", and nothing else. */
  owe(id: string): void;
  /** Ends what it shifted, in a state that this version knows or not. */
  end(id: string, state: string): void;
  /** Freezes a target, with an event that only it knows. */
  freeze(service: string, environment: string): void;
  /** Everything in the database but leases, times to look again and the error last met. */
  everything(): unknown;
  effect(key: string): { readonly attempts: number; readonly in_doubt_since: number | null; readonly state: string };
  /** As after an attempt of the newer version that a crash cut short. */
  doubt(key: string, since: number): void;
  close(): void;
}

/** Writes past the store into the world's file, as the programme of tomorrow would. */
export function newerVersion(world: World, file: string): Newer {
  const client = new Database(file);
  const at = () => new Date(world.clock.now()).toISOString();

  function append(stream: string, event: object): number {
    const head = client.prepare<[], Head>('select seq, hash from events order by seq desc limit 1').get() ?? EMPTY;
    const last = client.prepare<[string], number | null>('select max(version) from events where stream = ?').pluck();
    const version = (last.get(stream) ?? 0) + 1;
    const entry = {
      seq: head.seq + 1,
      version,
      format: VOCABULARY + 1,
      previous: head.hash,
      stream,
      at: at(),
      by: BOT,
      event,
    };
    const text = sealedText(entry as never);
    const insert = 'insert into events (seq, at, stream, version, type, text, hash) values (?, ?, ?, ?, ?, ?, ?)';
    const type = 'type' in event ? event.type : '';
    client.prepare(insert).run(entry.seq, entry.at, stream, version, type, text, sha256(text));
    return version;
  }

  function move(id: string, type: string, state: string, open: boolean): void {
    const doc = client.prepare<[string], string>('select doc from deployments where id = ?').pluck().get(id) ?? '{}';
    const before = JSON.parse(doc) as Deployment;
    const version = append(`deployment:${id}`, { type, share: 10 });
    const ended = open ? {} : { endedAt: at() };
    const row = {
      ...before,
      version,
      revision: before.revision + 1,
      needs: VOCABULARY + 1,
      state,
      since: at(),
      share: 10,
      ...ended,
    };
    client
      .prepare('update deployments set version = ?, state = ?, open = ?, ended_at = ?, doc = ? where id = ?')
      .run(version, state, open ? 1 : 0, open ? null : at(), JSON.stringify(row), id);
  }

  function owe(id: string): void {
    const body = JSON.stringify({ kind: 'move-traffic', deployment: id, share: 10 });
    client
      .prepare(
        `insert into effects (key, lane, mode, body, due, state, wanted, taken, attempts)
         values (?, ?, 'once', ?, ?, 'pending', 1, 0, 0)`,
      )
      .run(`move-traffic:${id}`, `traffic:${id}`, body, world.clock.now());
  }

  return {
    owe,
    shift(id) {
      move(id, 'traffic-moved', 'shifting', true);
      owe(id);
      client
        .prepare('insert or replace into wakeups (key, due, moved, note) values (?, ?, 0, ?)')
        .run(id, world.clock.now(), JSON.stringify({ looks: 3, drawnAt: 7, share: 10 }));
    },
    end(id, state) {
      move(id, 'traffic-settled', state, false);
      client.prepare("update effects set state = 'done' where key = ?").run(`move-traffic:${id}`);
      client.prepare('delete from wakeups where key = ?').run(id);
    },
    freeze(service, environment) {
      const stream = `target:${service}/${environment}`;
      const version = append(stream, { type: 'frozen', until: '2027-01-01' });
      const key = `${service}/${environment}`;
      const doc = client.prepare<[string], string>('select doc from targets where key = ?').pluck().get(key);
      const row = { service, environment, ...JSON.parse(doc ?? '{}'), version, needs: VOCABULARY + 1, frozen: true };
      client
        .prepare('insert or replace into targets (key, version, doc) values (?, ?, ?)')
        .run(key, version, JSON.stringify(row));
    },
    everything() {
      const effects = `select sequence, key, lane, mode, body, state, wanted, attempts, in_doubt_since from effects`;
      const tables = ['select seq, hash from events', 'select * from deployments', 'select * from targets', effects];
      return [...tables, 'select key, note from wakeups'].map((query) => client.prepare(query).all());
    },
    effect: (key) =>
      client
        .prepare<[string], ReturnType<Newer['effect']>>(
          'select attempts, in_doubt_since, state from effects where key = ?',
        )
        .get(key) ?? { attempts: -1, in_doubt_since: null, state: 'missing' },
    doubt: (key, since) => {
      client.prepare('update effects set attempts = 1, in_doubt_since = ? where key = ?').run(since, key);
    },
    close: () => void client.close(),
  };
}
