import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { cloudOf } from '../fakes/teams/login.ts';
import { createWorld } from '../fakes/teams/world.ts';
import { freePort } from './free-port.ts';
import { PLAYGROUND_USERS, type PlaygroundUser, playgroundConfiguration } from './playground-cast.ts';
import { CONNECTOR, createDesk, DELIVERIES } from './playground-proxy.ts';
import type { Table } from './playground-table.ts';
import { until } from './until.ts';

/** The version that is known here; its behaviour is not documented well enough to take another one unseen. */
const VERSION = '0.2.28';
const FOLDER =
  process.env['COUNTERSIGN_TEST_PLAYGROUND'] ?? join(homedir(), '.cache', `m365agentsplayground-${VERSION}`);
const PROGRAM = join(FOLDER, 'node_modules', '@microsoft', 'm365agentsplayground', 'cli.js');
const PATIENCE_MS = 30_000;

/** Why tests with the Playground cannot run here; nothing when they can. Its licence keeps it out of our dependencies. */
export const noPlayground: string | undefined = existsSync(PROGRAM)
  ? undefined
  : `the Microsoft 365 Agents Playground is not on this machine (npm install --prefix ${FOLDER} @microsoft/m365agentsplayground@${VERSION})`;

export interface Playground {
  /** The page to open: the Playground below a bar on which one says who one is. */
  readonly url: string;
  /** What the bot's configuration says under `chats.teams`, but for where the secret is kept. */
  readonly settings: {
    readonly appId: string;
    readonly tenant: string;
    readonly serviceUrls: readonly string[];
    readonly cloud: Readonly<Record<string, string>>;
  };
  readonly secret: string;
  readonly users: readonly PlaygroundUser[];
  /** Somebody else sits down in front of it. */
  sit(key: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the Microsoft 365 Agents Playground and what stands between it and a bot that refuses whatever Microsoft has not signed.
 * @param wish.bot where the bot hears; it need not run yet
 * @param wish.port of the page and of the connector; a free one when absent. The bot remembers the connector's address
 */
export async function startPlayground(wish: {
  readonly bot: string;
  readonly port?: number;
  readonly appId?: string;
  readonly tenant?: string;
}): Promise<Playground> {
  if (noPlayground !== undefined) throw new Error(`No Playground: ${noPlayground}`);
  const world = createWorld(wish);
  const origin = `http://127.0.0.1:${wish.port ?? (await freePort())}`;
  const seat = PLAYGROUND_USERS[0];
  if (seat === undefined) throw new Error('nobody is there to use the Playground');
  const table: Table = { world, bot: wish.bot, serviceUrl: `${origin}${CONNECTOR}`, playground: '', seat };
  let page = '';
  const { server, sit } = createDesk(table, PLAYGROUND_USERS, () => page);
  server.listen(Number(new URL(origin).port), '127.0.0.1');
  await once(server, 'listening');
  const { url, close } = await run(origin, world);
  page = url;
  table.playground = `${url}/_connector`;
  return {
    url: origin,
    settings: {
      appId: world.appId,
      tenant: world.tenant,
      serviceUrls: [`${table.serviceUrl}/`],
      cloud: cloudOf(origin),
    },
    secret: world.secret,
    users: PLAYGROUND_USERS,
    sit,
    close: async () => {
      await close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Runs it in a folder of its own: it reads its configuration from there, and leaves things behind. */
async function run(origin: string, { appId, tenant }: { readonly appId: string; readonly tenant: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-playground-'));
  writeFileSync(join(folder, '.m365agentsplayground.yml'), stringify(playgroundConfiguration({ appId, tenant })));
  const port = await freePort();
  const args = ['start', '-e', `${origin}${DELIVERIES}`, '-c', 'msteams', '-p', String(port), '--disable-telemetry'];
  const child = spawn(process.execPath, [PROGRAM, ...args, '--service-url', `${origin}${CONNECTOR}`], {
    cwd: folder,
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await until('the Playground', () => isUp(child, url), PATIENCE_MS);
  return {
    url,
    close: async () => {
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function isUp(child: ChildProcess, url: string): Promise<boolean> {
  if (child.exitCode !== null)
    throw new Error(`the Playground ended with ${child.exitCode}; it says nothing of a fault in its configuration`);
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
