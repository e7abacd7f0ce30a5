import { randomBytes } from 'node:crypto';
import { createInbox } from '../commands/index.ts';
import type { About } from '../commands/shared/spec.ts';
import { referredSecrets } from '../src/config/secrets.ts';
import type { LoadedWhole } from '../src/config/watch.ts';
import type { Catalog } from '../src/domain/catalog.ts';
import { BOT } from '../src/domain/person.ts';
import { type Engine, startEngine } from '../src/engine/index.ts';
import type { Kit } from '../src/engine/kit.ts';
import { healthRoutes } from '../src/http/health.ts';
import { createMetrics, type Metrics } from '../src/http/metrics.ts';
import { startWeb, type Web } from '../src/http/server.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import type { Store } from '../src/ports/store.ts';
import { fileRecords } from '../src/store/file/records.ts';
import { isServer, openStore } from '../src/store/open.ts';
import { buildChats, buildSockets, databaseOf, tiedToMachine } from './build.ts';
import { checkpointsOf } from './checkpoints.ts';
import { calendarFeeds } from './feeds.ts';
import { identifier } from './identify.ts';
import { unlessAside } from './in-force/inbox.ts';
import { openInForce } from './in-force/index.ts';
import { followLinks } from './links.ts';
import { configurationParts } from './parts.ts';
import { printFont } from './print.ts';
import { aboutOf, readinessOf, vitalsOf } from './readiness.ts';
import { readingOf } from './reading.ts';
import { webhookRoutes } from './webhooks.ts';

export interface AssembleOptions {
  readonly loaded: LoadedWhole;
  readonly dataFolder: string;
  /** Folder that relative references of the configuration start from. */
  readonly home: string;
  readonly version: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly host?: string;
  readonly port?: number;
}

export interface Program {
  readonly url: string;
  readonly engine: Engine;
  readonly store: Store;
  /** Something else is in force than the file of this instance says. */
  superseded(): boolean;
  /** A new version of the configuration is in force for all instances from the next decision on. */
  reconfigure(loaded: LoadedWhole): Promise<void>;
  /** Takes nothing new, lets what is under way finish, closes. */
  stop(): Promise<void>;
}

/** Configuration -> parts -> a running programme. Throws what keeps it from starting, in a plain sentence. */
export async function assemble(options: AssembleOptions): Promise<Program> {
  const { loaded, dataFolder, log } = options;
  const listening: { web?: Web; pages?: boolean } = {};
  const catalog = (): Catalog => addressed(linked.catalog(inForce.catalog), listening);
  const secrets = referredSecrets(options.home);
  const database = await databaseOf(loaded.configuration, { secrets, dataFolder });
  const opened = await openStore({ database, clock: options.clock, log, works: true });
  const { store: plain, clock } = opened;
  const followed = { store: plain, clock, log, parts: configurationParts(), shared: isServer(database), file: loaded };
  const inForce = await openInForce(followed);
  const linked = await followLinks(plain, clock, log);
  const { configuration } = inForce;
  const state = { stopping: false };
  const about = (): About => aboutOf(options.version, inForce.report());
  const ready = readinessOf(plain, about, state);
  const tools = { clock, log, secrets, dataFolder };
  const sockets = await buildSockets(configuration, tools);
  const book = createMetrics(vitalsOf({ about, store: plain, clock, ready, sockets }));
  const store = counted(plain, book.metrics);
  const tied = tiedToMachine(configuration);
  if (isServer(database) && tied.length > 0)
    log.warn({ providers: tied }, 'runs of these providers need instances on one machine with one data folder');
  const reading = readingOf(store, catalog, { kit: () => kit, troubles: sockets.troubles });
  const { chats, routes } = await buildChats(configuration, {
    ...tools,
    ...(await printFont(configuration.evidence, options.home)),
    reading,
    records: opened.records ?? fileRecords(dataFolder),
  });
  listening.pages = chats.has('console');
  const aside = () => inForce.report().aside !== undefined;
  const means = { token, random: Math.random, identify: identifier(catalog, chats, log), links: linked.book, aside };
  const signing = await checkpointsOf(configuration.audit?.checkpoints, tools);
  const kit: Kit = { store, clock, log, catalog, ...sockets, chats, ...means, ...signing, feeds: calendarFeeds(tools) };
  const web = await startWeb({
    host: options.host ?? loaded.configuration.web.host,
    port: options.port ?? loaded.configuration.web.port,
    routes: [...routes, ...webhookRoutes(sockets.pipelines, () => engine, log), ...healthRoutes(ready), book.route],
    log,
    clock,
    metrics: book.metrics,
  });
  listening.web = web;
  await noteStart(store, clock, options.version);
  await inForce.begin();
  const engine = startEngine(kit, (kind, outcome, tookMs) => book.metrics.performed(kind, outcome, tookMs));
  const refs = (service: string, text: string) => refsOf(kit, service, text);
  const looks = { identify: kit.identify, refs, about, chats: [...chats.keys()].filter((chat) => chat !== 'console') };
  const inbox = createInbox({ door: engine.door, rosters: engine.rosters, reading, clock, log, ...looks });
  for (const chat of chats.values()) await chat.start(unlessAside(inbox, inForce));
  return {
    url: web.address.url,
    engine,
    store,
    superseded: () => inForce.report().superseded,
    reconfigure: inForce.put,
    async stop() {
      state.stopping = true;
      await Promise.all([...chats.values()].map((chat) => chat.stop()));
      for (const part of [engine, linked, inForce]) await part.stop();
      for (const part of [web, store]) await part.close();
    },
  };
}

/**
 * Links lead to the pages of the console: where it is off there is nothing to lead to. Without a configured address people reach the
 * pages where they are served.
 */
function addressed(catalog: Catalog, { web, pages }: { readonly web?: Web; readonly pages?: boolean }): Catalog {
  const { baseUrl, ...unaddressed } = catalog;
  const address = baseUrl ?? web?.address.url;
  return pages === true && address !== undefined ? { ...unaddressed, baseUrl: address } : unaddressed;
}

function token(): string {
  return randomBytes(18).toString('base64url');
}

async function refsOf(kit: Kit, service: string, text: string) {
  const repository = kit.catalog().services[service]?.repository;
  const source = repository === undefined ? undefined : kit.sources.get(repository.source);
  return source === undefined || repository === undefined ? [] : source.refs(repository.name, text, 50);
}

async function noteStart(store: Store, clock: Clock, version: string): Promise<void> {
  const event = { type: 'program-started' as const, version };
  const entry = { stream: 'installation' as const, event, by: BOT, at: new Date(clock.now()).toISOString() };
  await store.commit({ expect: [], entries: [entry], effects: [], wakeups: [] });
}

function counted(store: Store, metrics: Metrics): Store {
  return {
    ...store,
    async commit(change) {
      try {
        const written = await store.commit(change);
        metrics.committed(written.kind);
        return written;
      } catch (error) {
        metrics.committed('failed');
        throw error;
      }
    },
  };
}
