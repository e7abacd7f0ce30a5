import { randomBytes } from 'node:crypto';
import { createInbox } from '../commands/index.ts';
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
import { openStore } from '../src/store/open.ts';
import { buildChats, buildSockets, databaseOf, placed } from './build.ts';
import { identifier } from './identify.ts';
import { readinessOf, vitalsOf } from './readiness.ts';
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
  /** A new version of the configuration is in force from the next decision on. */
  reconfigure(loaded: LoadedWhole): Promise<void>;
  /** Takes nothing new, lets what is under way finish, closes. */
  stop(): Promise<void>;
}

/** Configuration -> parts -> a running programme. Throws what keeps it from starting, in a plain sentence. */
export async function assemble(options: AssembleOptions): Promise<Program> {
  const { loaded, dataFolder, log } = options;
  const { configuration } = loaded;
  let current = placed(loaded.catalog, configuration);
  const listening: { web?: Web; pages?: boolean } = {};
  const catalog = (): Catalog => addressed(current, listening);
  const secrets = referredSecrets(options.home);
  const database = await databaseOf(configuration, { secrets, dataFolder });
  const { store: plain, clock } = await openStore({ database, clock: options.clock, log, works: true });
  const state = { stopping: false };
  const ready = readinessOf(plain, catalog, state);
  const book = createMetrics(vitalsOf(options.version, plain, clock, ready));
  const store = counted(plain, book.metrics);
  const tools = { clock, log, secrets, dataFolder };
  const sockets = await buildSockets(configuration, tools);
  const reading = readingOf(store, catalog, () => kit);
  const { chats, routes } = await buildChats(configuration, { ...tools, command: configuration.command, reading });
  listening.pages = chats.has('console');
  const identify = identifier(catalog, chats, log);
  const token = () => randomBytes(18).toString('base64url');
  const kit: Kit = { store, clock, log, catalog, ...sockets, chats, token, random: Math.random, identify };
  const web = await startWeb({
    host: options.host ?? configuration.web.host,
    port: options.port ?? configuration.web.port,
    routes: [...routes, ...webhookRoutes(sockets.pipelines, () => engine, log), ...healthRoutes(ready), book.route],
    log,
    clock,
    metrics: book.metrics,
  });
  listening.web = web;
  await note(store, clock, [
    { type: 'program-started', version: options.version },
    { type: 'configured', catalog: current.version },
  ]);
  const engine = startEngine(kit, (kind, outcome, tookMs) => book.metrics.performed(kind, outcome, tookMs));
  const refs = (service: string, text: string) => refsOf(kit, service, text);
  const inbox = createInbox({ door: engine.door, reading, clock, log, identify, refs });
  for (const chat of chats.values()) await chat.start(inbox);
  return {
    url: web.address.url,
    engine,
    store,
    async reconfigure(next) {
      current = placed(next.catalog, next.configuration);
      // Whatever waits is looked at under the new configuration at once.
      const waiting = await store.deployments({ states: ['awaiting-approval', 'queued'], limit: 10_000 });
      await store.setWakeups(waiting.map(({ id }) => ({ key: id, due: clock.now() })));
      await note(store, clock, [{ type: 'configured', catalog: current.version }]);
    },
    async stop() {
      state.stopping = true;
      await Promise.all([...chats.values()].map((chat) => chat.stop()));
      await engine.stop();
      await web.close();
      await store.close();
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

async function refsOf(kit: Kit, service: string, text: string) {
  const repository = kit.catalog().services[service]?.repository;
  const source = repository === undefined ? undefined : kit.sources.get(repository.source);
  return source === undefined || repository === undefined ? [] : source.refs(repository.name, text, 50);
}

type Noted =
  | { readonly type: 'program-started'; readonly version: string }
  | { readonly type: 'configured'; readonly catalog: string };

async function note(store: Store, clock: Clock, events: readonly Noted[]): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  const entries = events.map((event) => ({ stream: 'installation' as const, event, by: BOT, at }));
  await store.commit({ expect: [], entries, effects: [], wakeups: [] });
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
