import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consoleChat } from '../../adapters/chat/console/index.ts';
import type { ConsoleSettings } from '../../adapters/chat/console/schema.ts';
import { tell } from '../../src/domain/tell/index.ts';
import type { ChatPlatform, Inbox } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Route } from '../../src/ports/http.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Records } from '../../src/ports/records.ts';
import { fileRecords } from '../../src/store/file/records.ts';
import { ANNA, CATALOG, CHIARA } from '../fakes/console-catalog.ts';
import { DEPLOYMENTS, NOW } from '../fakes/console-deployments.ts';
import { type ConsoleWorld, consoleWorld } from '../fakes/console-world.ts';

export const DEPLOYS = { chat: 'console', tenant: 'local', channel: '#deploys' } as const;

/** Time that stands still until it is told to go on. */
function stillClock(at = Date.parse(NOW)): Clock & { go(milliseconds: number): void } {
  let now = at;
  const waiting = new Map<symbol, { at: number; wake: () => void }>();
  return {
    now: () => now,
    at: (due, wake) => {
      const key = Symbol('wake');
      waiting.set(key, { at: due, wake });
      return () => waiting.delete(key);
    },
    go: (milliseconds) => {
      now += milliseconds;
      for (const [key, one] of [...waiting]) {
        if (one.at <= now && waiting.delete(key)) one.wake();
      }
    },
  };
}

const nothing = (): void => undefined;
const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

export interface Built {
  readonly chat: ChatPlatform;
  readonly routes: readonly Route[];
  readonly world: ConsoleWorld;
  readonly clock: ReturnType<typeof stillClock>;
  readonly folder: string;
  readonly errors: readonly string[];
  /** As a browser on our own page would: with host, origin and the fetch metadata. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
}

export interface Wish {
  readonly settings?: ConsoleSettings;
  readonly folder?: string;
  readonly inbox?: Inbox;
  readonly start?: boolean;
  /** The messages are kept here instead of the folder. */
  readonly records?: Records;
}

export const HOST = '127.0.0.1:4400';
export const KEY = 'a1b2c3d4-0000-4000-8000-000000000001';

/** A console in a folder of its own, with the sample world behind it, listening unless told otherwise. */
export async function builtConsole({ settings = {}, folder, inbox, start = true, records }: Wish = {}): Promise<Built> {
  const world = consoleWorld();
  const clock = stillClock();
  const errors: string[] = [];
  const dataFolder = folder ?? (await mkdtemp(join(tmpdir(), 'console-')));
  const log: Log = { ...silent, error: (_fields, message) => void errors.push(message) };
  const secrets = { read: async () => '' };
  const tools = { clock, log, secrets, dataFolder, name: 'Countersign', command: '/deploy', reading: world.reading };
  const kept = records ?? fileRecords(dataFolder);
  const { chat, routes } = await consoleChat.create(settings, { ...tools, records: kept });
  if (start) await chat.start(inbox ?? world.inbox);

  const send = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const fits = ({ path }: Route) => (path.endsWith('*') ? pathname.startsWith(path.slice(0, -1)) : path === pathname);
    const route = routes.find((one) => 'handle' in one && one.method === request.method && fits(one));
    if (route === undefined || !('handle' in route)) throw new Error(`No route for ${request.method} ${pathname}`);
    return route.handle(request);
  };
  const own = { host: HOST, origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' };
  return {
    chat,
    routes,
    world,
    clock,
    folder: dataFolder,
    errors,
    get: (path, headers = {}) => send(new Request(`http://${HOST}${path}`, { headers: { host: HOST, ...headers } })),
    post: (path, fields, headers = {}) =>
      send(
        new Request(`http://${HOST}${path}`, {
          method: 'POST',
          headers: { ...own, ...headers },
          body: new URLSearchParams(fields),
        }),
      ),
  };
}

/** Posts a card for each sample deployment, with a thread under some. */
export async function postSamples(chat: ChatPlatform, clock: { go(milliseconds: number): void }): Promise<void> {
  const announcements = { ...DEPLOYS, channel: '#announcements' };
  for (const deployment of DEPLOYMENTS.toReversed()) {
    const context = { catalog: CATALOG, now: NOW };
    const card = {
      key: `card:${deployment.id}`,
      announcement: tell(deployment, 'engineering', context),
      revision: deployment.revision,
    };
    const under = await chat.post(DEPLOYS, card);
    if (deployment.environment === 'production' && deployment.startedAt !== undefined) {
      await chat.post(announcements, { ...card, announcement: tell(deployment, 'broadcast', context) });
    }
    if (deployment.countersignatures.length > 0) {
      const words = [{ kind: 'person' as const, person: CHIARA, notify: false }, ' countersigned.'];
      const announcement = {
        ...card.announcement,
        tone: 'good' as const,
        title: words,
        lines: [],
        facts: [],
        sections: [],
        buttons: [],
        links: [],
        context: [],
        summary: 'Chiara Rossi countersigned.',
      };
      const { progress: _none, ...reply } = announcement;
      await chat.post(DEPLOYS, { key: `reply:${deployment.id}`, announcement: reply, under, revision: 1 });
    }
    clock.go(60_000);
  }
  const [, , waiting] = DEPLOYMENTS;
  if (waiting === undefined) return;
  const whisper = { ...tell(waiting, 'line', { catalog: CATALOG, now: NOW }), buttons: [] };
  await chat.whisper({ system: 'console', id: ANNA.id }, { key: 'whisper:1', announcement: whisper, revision: 1 });
}
