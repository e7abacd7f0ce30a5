import type { Catalog, Policy, Service, TargetSettings } from '../../src/domain/catalog.ts';
import type { ChangeSet, CheckStatus, Hand } from '../../src/domain/change-set.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { type Person, personOf } from '../../src/domain/person.ts';
import type { Snapshot } from '../../src/domain/run.ts';
import type { Answer, Caller, Door } from '../../src/engine/door.ts';
import { type Engine, startEngine } from '../../src/engine/index.ts';
import { byConfiguration, type Kit } from '../../src/engine/kit.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import type { Source } from '../../src/ports/source.ts';
import type { Store } from '../../src/ports/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { type FakeChat, fakeChat } from '../fakes/chat.ts';
import { type ManualClock, manualClock } from '../fakes/clock.ts';

const NAMES = ['anna', 'ben', 'cleo', 'dana', 'sam'] as const;

export const SHA = { one: '1'.repeat(40), two: '2'.repeat(40), three: '3'.repeat(40), four: '4'.repeat(40) } as const;

const people: readonly Person[] = NAMES.map((id) => ({
  id,
  name: id[0]?.toUpperCase() + id.slice(1),
  known: true,
  accounts: [
    { system: 'slack', tenant: 'T1', id: `U-${id}` },
    { system: 'email', id: `${id}@example.com` },
  ],
}));

export const APPROVAL: Policy = { rules: [{ group: 'platform', count: 1 }], expiresMs: 3_600_000, checks: 'shown' };
export const place = (channel: string) => ({ chat: 'slack', tenant: 'T1', channel });

function target(environment: string, more: Partial<TargetSettings>): TargetSettings {
  const pipeline = { provider: 'runner', settings: { job: 'deploy' } };
  const policy: Policy = { rules: [], expiresMs: 3_600_000, checks: 'shown' };
  return {
    environment,
    policy,
    pipeline,
    customerFacing: false,
    rollbackOnFailure: false,
    timeoutMs: 600_000,
    ...more,
  };
}

export function catalogWith(
  change: { readonly production?: Partial<TargetSettings>; readonly version?: string } = {},
): Catalog {
  const production = { customerFacing: true, policy: APPROVAL, ...change.production };
  const service: Service = {
    id: 'web',
    title: 'Web shop',
    aliases: [],
    repository: { source: 'code', name: 'acme/web' },
    defaultRef: 'main',
    contact: '#web-team',
    targets: { staging: target('staging', {}), production: target('production', production) },
    flags: { migration: ['migrations/**'], configuration: ['config/**'] },
  };
  return {
    version: change.version ?? 'v1',
    services: { web: service },
    environments: {
      staging: { id: 'staging', title: 'on staging', aliases: [], order: 1 },
      production: { id: 'production', title: 'live for customers', aliases: ['prod'], order: 2 },
    },
    groups: {
      platform: { id: 'platform', source: { kind: 'people', people: ['ben', 'cleo', 'dana'] } },
      oncall: { id: 'oncall', source: { kind: 'chat', chat: 'slack', id: 'S1' } },
    },
    people: { all: people },
    subscriptions: [
      { place: place('C-deploys'), audience: 'engineering', service: '*', environment: '*' },
      { place: place('C-log'), audience: 'line', service: '*', environment: '*' },
      { place: place('C-all'), audience: 'broadcast', service: '*', environment: '*' },
    ],
    baseUrl: 'http://bot.example',
    command: '/deploy',
  };
}

export function hand(name: string, role: Hand['role'] = 'author'): Hand {
  return { role, account: { system: 'email', id: `${name}@example.com`, name }, bot: false };
}

export function changes(
  head: string,
  base: string | undefined,
  hands: readonly Hand[] = [hand('ben')],
  more: Partial<ChangeSet> = {},
): ChangeSet {
  const commit = { sha: head, title: 'Make the basket bigger', at: '2026-11-20T10:00:00.000Z', hands };
  return {
    head,
    ...(base === undefined ? {} : { base }),
    commits: [commit],
    files: [],
    filesTotal: 0,
    complete: true,
    direction: base === undefined ? 'first' : 'ahead',
    ...more,
  };
}

/** A source whose answers a test sets. */
export interface ScriptedSource extends Source {
  readonly refs_: Map<string, string>;
  range: (base: string | undefined, head: string) => ChangeSet;
  status: CheckStatus;
  down: boolean;
}

function scriptedSource(): ScriptedSource {
  const refs = new Map<string, string>([['main', SHA.one]]);
  const guard = (own: ScriptedSource) => {
    if (own.down)
      throw new PortFailure('The git host does not answer.', { port: 'code', kind: 'unreachable', retryable: true });
  };
  const own: ScriptedSource = {
    id: 'code',
    refs_: refs,
    range: (base, head) => changes(head, base),
    status: { state: 'passed', passed: 3, failed: 0, pending: 0, failures: [] },
    down: false,
    async resolve(_repository, ref) {
      guard(own);
      const sha = refs.get(ref) ?? (/^[0-9a-f]{40}$/.test(ref) ? ref : undefined);
      return sha === undefined ? undefined : { name: ref, sha, kind: 'branch' };
    },
    async changes(_repository, base, head) {
      guard(own);
      return own.range(base, head);
    },
    async checks() {
      return own.status;
    },
    async refs() {
      return [];
    },
  };
  return own;
}

/** A provider whose runs a test plays. */
export interface ScriptedPipeline extends Pipeline {
  readonly started: StartRequest[];
  readonly stopped: string[];
  readonly tidied: string[];
  readonly runs: Map<string, Snapshot>;
  /** What was said to questions of the provider's own. */
  readonly answers: string[];
  /** The next answer is refused for this. */
  deaf: PortFailure | undefined;
  fail:
    | { readonly call: 'start' | 'look'; readonly failure: PortFailure; readonly accepted?: boolean; times: number }
    | undefined;
  /** Sets the state of the newest run. */
  play(snapshot: Partial<Snapshot>): void;
}

function scriptedPipeline(): ScriptedPipeline {
  const started: StartRequest[] = [];
  const runs = new Map<string, Snapshot>();
  const own: ScriptedPipeline = {
    id: 'runner',
    pace: { firstMs: 500, mostMs: 2000 },
    started,
    stopped: [],
    tidied: [],
    runs,
    answers: [],
    deaf: undefined,
    fail: undefined,
    play(snapshot) {
      const last = started.at(-1)?.correlation ?? '';
      runs.set(last, { ...(runs.get(last) ?? { state: 'running', steps: [] }), ...snapshot });
    },
    async start(request) {
      const bad = trouble('start');
      if (bad === undefined || bad.accepted === true) {
        started.push(request);
        runs.set(request.correlation, {
          state: 'running',
          sha: request.sha,
          steps: [{ name: 'Build', state: 'running' }],
        });
      }
      if (bad !== undefined) throw bad.failure;
      return { provider: 'runner', id: request.correlation };
    },
    async look(run) {
      const bad = trouble('look');
      if (bad !== undefined) throw bad.failure;
      const found = runs.get(run.id);
      if (found === undefined)
        throw new PortFailure('No such run.', { port: 'runner', kind: 'not-found', retryable: false });
      return found;
    },
    async stop(run) {
      own.stopped.push(run.id);
      const found = runs.get(run.id);
      if (found?.state === 'running') runs.set(run.id, { ...found, state: 'cancelled' });
    },
    async find(request) {
      return runs.has(request.correlation) ? { provider: 'runner', id: request.correlation } : undefined;
    },
    async answer(run, _request, wait, verdict, words) {
      if (own.deaf !== undefined) throw own.deaf;
      own.answers.push(`${verdict} ${wait.name}: ${words}`);
      const found = runs.get(run.id);
      if (found !== undefined) runs.set(run.id, { ...found, state: 'running', waits: [] });
    },
    async tidy(run) {
      own.tidied.push(run.id);
    },
    async logs() {
      return 'all quiet';
    },
  };
  function trouble(call: 'start' | 'look') {
    const { fail } = own;
    if (fail?.call !== call || fail.times <= 0) return undefined;
    fail.times -= 1;
    return fail;
  }
  return own;
}

export interface World {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly source: ScriptedSource;
  readonly pipeline: ScriptedPipeline;
  readonly chat: FakeChat;
  readonly engine: Engine;
  readonly door: Door;
  catalog: Catalog;
  caller(name: string, key?: string): Caller;
  /** Lets time pass until a deployment is in a state. */
  reach(id: string, state: Deployment['state']): Promise<Deployment>;
  /** Lets time pass until something is so. */
  until<T>(what: string, look: () => T | Promise<T>): Promise<Exclude<T, undefined | false>>;
  /** What the engine complained of so far. */
  readonly faults: readonly string[];
  /** Stops the engine without a word and starts another on the same store. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param path a file, where a test must reach the database past the store
 * @param furnish puts more into the engine's kit, e.g. a second chat
 */
export async function openWorld(
  path = ':memory:',
  furnish: (kit: Kit) => Kit | Promise<Kit> = (kit) => kit,
): Promise<World> {
  const clock = manualClock();
  const store = await openSqliteStore({ path, clock });
  const [source, pipeline, chat] = [scriptedSource(), scriptedPipeline(), fakeChat()];
  let keys = 0;
  let engine: Engine;
  const log = {
    debug() {},
    info() {},
    warn() {},
    error(fields: object, message: string) {
      faults.push(`${message} ${JSON.stringify(fields)}`);
    },
  };
  const faults: string[] = [];
  const kit = (): Kit => {
    const catalog = () => world.catalog;
    const token = () => `token-${keys++}-${'x'.repeat(8)}`;
    const sockets = {
      pipelines: new Map([['runner', pipeline]]),
      sources: new Map([['code', source]]),
      chats: new Map([['slack', chat]]),
    };
    return { store, clock, log, catalog, ...sockets, token, random: () => 0, identify: byConfiguration(catalog) };
  };
  const world: World = {
    store,
    clock,
    source,
    pipeline,
    chat,
    catalog: catalogWith(),
    faults,
    get engine() {
      return engine;
    },
    get door() {
      return engine.door;
    },
    caller(name, key) {
      const account = { system: 'slack', tenant: 'T1', id: `U-${name}`, name };
      keys += 1;
      return {
        person: personOf(world.catalog.people, account),
        account,
        external: false,
        key: key ?? `press-${keys}`,
        place: place('C-deploys'),
      };
    },
    async reach(id, state) {
      return world.until(`${id} to be ${state}`, async () => {
        const row = await store.deployment(id);
        return row?.state === state ? row : undefined;
      });
    },
    async until(what, look) {
      for (let tries = 0; tries < 2000; tries += 1) {
        const found = await look();
        if (found !== undefined && found !== false) return found as never;
        clock.advance(50);
        await new Promise((resolve) => setImmediate(resolve));
      }
      throw new Error(`waited in vain for ${what}; faults: ${faults.join('\n')}`);
    },
    async restart() {
      await engine.stop();
      engine = startEngine(await furnish(kit()));
    },
    async close() {
      await engine.stop();
      await store.close();
    },
  };
  engine = startEngine(await furnish(kit()));
  return world;
}

/** The deployment of an answer that must have been a yes. */
export function done(answer: Answer): Deployment {
  if (answer.kind !== 'done') throw new Error(`expected a yes, got ${JSON.stringify(answer)}`);
  return answer.deployment;
}

/** The codes of an answer that must have been a no. */
export function codes(answer: {
  readonly kind: string;
  readonly refusals?: readonly { readonly code: string }[];
}): readonly string[] {
  return answer.refusals?.map(({ code }) => code) ?? [answer.kind];
}

/** Asks for `main` to production as Anna, and waits until it needs approval. */
export async function asked(world: World, ref = 'main'): Promise<Deployment> {
  const answer = await world.door.request(world.caller('anna'), {
    service: 'web',
    environment: 'production',
    ref,
    reason: 'Sale starts',
  });
  return world.reach(done(answer).id, 'awaiting-approval');
}

/** A whole good deployment, approved by Cleo. */
export async function deployed(world: World, ref = 'main'): Promise<Deployment> {
  const { id } = await asked(world, ref);
  done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
  await world.until('the run', async () => (await world.store.deployment(id))?.run);
  world.pipeline.play({ state: 'succeeded', steps: [{ name: 'Build', state: 'succeeded' }] });
  return world.reach(id, 'succeeded');
}
