import type { Place } from '../../src/domain/catalog.ts';
import type { NewEffect } from '../../src/domain/effect.ts';
import { type DeploymentEvent, deploymentStream, type NewEntry, targetStream } from '../../src/domain/event.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { Change, Committed, Lease, Store, Work } from '../../src/ports/store.ts';

/** Somewhere that a store lives: a file, a database. */
export interface StoreHouse {
  /** An instance of the store; a second one sees the same data, like after a restart or on another machine. */
  open(): Promise<Store>;
  /** Runs a statement past the store, as somebody with access to the database could. Rejects when the database refuses. */
  execute(statement: string): Promise<void>;
  /** The text of a document column, and a text as a document, in this database's SQL. */
  readonly document: { readonly text: (column: string) => string; readonly of: (text: string) => string };
  /** Takes away what keeps the log from being changed. */
  disarm(): Promise<void>;
}

export const NOON = Date.parse('2026-03-02T12:00:00.000Z');
export const SHA = '1a2b3c4d5e6f708192a3b4c5d6e7f80912345678';

export const ANNA: Person = {
  id: 'anna',
  name: 'Anna Bauer',
  known: true,
  accounts: [{ system: 'slack', tenant: 'T1', id: 'U1' }],
};

export const RELEASES: Place = { chat: 'slack', tenant: 'T1', channel: 'C7' };

export const PLAN: Plan = {
  machine: 1,
  service: 'web',
  environment: 'production',
  sha: SHA,
  kind: 'regular',
  stages: [{ kind: 'pipeline', provider: 'local', repository: 'web', settings: { run: 'make' }, timeoutMs: 60_000 }],
  configuration: 'b'.repeat(64),
  hash: 'c'.repeat(64),
};

/** The way of an undisturbed deployment. */
export const ROAD: readonly DeploymentEvent[] = [
  { type: 'checks-started' },
  { type: 'approval-asked', plan: PLAN, expiresAt: '2026-03-02T13:00:00.000Z' },
  { type: 'queued', plan: PLAN },
  { type: 'dispatched' },
  { type: 'run-started', run: { provider: 'local', id: 'run-1' } },
  { type: 'succeeded', sha: SHA },
];

export function change(part: Partial<Change>): Change {
  return { expect: [], entries: [], effects: [], wakeups: [], ...part };
}

export function said(number: number, event: DeploymentEvent, at = '2026-03-02T12:00:00.000Z'): NewEntry {
  return { stream: deploymentStream(`D-${number}`), event, by: ANNA, at };
}

export function requested(number: number, service = 'web', environment = 'production'): NewEntry {
  const names = { number, token: `token-${number}`, kind: 'regular', service, environment, ref: 'main' } as const;
  return said(number, { type: 'requested', request: { ...names, requester: ANNA } });
}

export function locked(service: string, environment: string, reason: string): NewEntry {
  const stream = targetStream(service, environment);
  return { stream, event: { type: 'locked', reason }, by: ANNA, at: '2026-03-02T12:00:00.000Z' };
}

export function expecting(number: number, version: number): Change['expect'] {
  return [{ stream: deploymentStream(`D-${number}`), version }];
}

/** Requests a deployment and takes it along its road, in one change; fails the test when that is refused. */
export async function given(store: Store, number: number, steps: number, service = 'web', environment = 'production') {
  const road = ROAD.slice(0, steps).map((event) =>
    said(number, event.type === 'run-started' ? { ...event, run: { ...event.run, id: `run-${number}` } } : event),
  );
  return written(await store.commit(change({ entries: [requested(number, service, environment), ...road] })));
}

/** The entries of a change that was committed. */
export function written(outcome: Committed) {
  if (outcome.kind !== 'committed') throw new Error(`The change was not committed: ${outcome.kind}.`);
  return outcome.entries;
}

export function effect(key: string, part: Partial<NewEffect> = {}): NewEffect {
  return { key, lane: 'D-1', mode: 'once', effect: { kind: 'record', deployment: 'D-1' }, due: NOON, ...part };
}

/** A picture of a deployment in a place; `words` stand in for what it shows. */
export function card(key: string, channel: string, part: Partial<NewEffect> = {}): NewEffect {
  const place = { ...RELEASES, channel };
  return effect(key, { mode: 'latest', effect: { kind: 'card', deployment: 'D-1', place, audience: 'line' }, ...part });
}

export async function owe(store: Store, ...effects: readonly NewEffect[]): Promise<void> {
  written(await store.commit(change({ effects })));
}

export async function takeOne(store: Store, now: number, leaseMs = 1000): Promise<Work> {
  const [work, ...others] = await store.takeEffects(now, leaseMs, 10);
  if (work === undefined || others.length > 0)
    throw new Error(`There is not one effect to take, but ${others.length}.`);
  return work;
}

export function done(lease: Lease) {
  return { ...lease, outcome: { kind: 'done' } } as const;
}

export function later(lease: Lease, due: number, inDoubt = false) {
  return { ...lease, outcome: { kind: 'later', due, error: 'It was busy.', inDoubt } } as const;
}

export function keysOf(things: readonly { readonly key: string }[]): readonly string[] {
  return things.map(({ key }) => key);
}

export async function all<T>(walk: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of walk) found.push(one);
  return found;
}
