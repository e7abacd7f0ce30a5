import { createServer, type Server } from 'node:http';
import { slack } from '../../../adapters/chat/slack/index.ts';
import type { Inbox } from '../../../src/ports/chat.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Route } from '../../../src/ports/http.ts';
import type { Reading } from '../../../src/ports/reading.ts';
import type { Records } from '../../../src/ports/records.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { type Instance, type Logged, logInto } from '../instance.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from './index.ts';

/** The real adapter in front of a fake Slack, with a few people and channels. */
export interface Hosted extends Instance {
  readonly fake: FakeSlack;
}

export interface HostOptions {
  readonly mode: 'socket' | 'http';
  readonly slack?: FakeSlackOptions;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
  /** Leaves starting to the test. */
  readonly idle?: boolean;
}

/** One instance in front of a Slack of its own. */
export async function hostSlack(inbox: Inbox, options: HostOptions): Promise<Hosted> {
  const fake = await peopled(options.slack);
  const instance = await joining(fake, inbox, options);
  if (options.mode === 'http') fake.deliverTo(instance.url);
  const close = async () => {
    await instance.close();
    await fake.close();
  };
  return { ...instance, fake, close };
}

/** Several instances in front of one Slack, one for each inbox, which hands what happens to any one of them. */
export async function hostInstances(
  inboxes: readonly Inbox[],
  options: HostOptions,
): Promise<{ readonly fake: FakeSlack; readonly instances: readonly Instance[]; close(): Promise<void> }> {
  const fake = await peopled(options.slack);
  const instances: Instance[] = [];
  for (const inbox of inboxes) instances.push(await joining(fake, inbox, options));
  if (options.mode === 'http') fake.deliverTo(...instances.map(({ url }) => url));
  const close = async () => {
    await Promise.all(instances.map((instance) => instance.close()));
    await fake.close();
  };
  return { fake, instances, close };
}

/** `U1` anna, `U2` ben and `U3` cleo are in `C1` and `C2`; `U9` dora is in none. */
async function peopled(options: FakeSlackOptions | undefined): Promise<FakeSlack> {
  const fake = await startFakeSlack(options);
  for (const [id, name] of [
    ['U1', 'anna'],
    ['U2', 'ben'],
    ['U3', 'cleo'],
    ['U9', 'dora'],
  ] as const) {
    fake.addUser({ id, name, email: `${name}@example.test` });
  }
  fake.addChannel({ id: 'C1', name: 'deploys', members: ['U1', 'U2', 'U3'] });
  fake.addChannel({ id: 'C2', name: 'support', members: ['U1', 'U2', 'U3'] });
  return fake;
}

async function joining(fake: FakeSlack, inbox: Inbox, options: HostOptions): Promise<Instance> {
  const logged: Logged[] = [];
  const { chat, routes } = await slack.create(
    slack.settings.parse(settingsFor(fake, options)),
    toolsFor(fake, logged, options.clock),
  );
  const { server, url } = await serve(routes);
  if (options.idle !== true) await chat.start(inbox);
  return {
    chat,
    logged,
    url,
    close: async () => {
      await chat.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function settingsFor(fake: FakeSlack, options: HostOptions) {
  const way = options.mode === 'http' ? { signingSecret: 'env:SIGNING' } : { appToken: 'env:APP' };
  return {
    mode: options.mode,
    botToken: 'env:BOT',
    team: fake.world.team,
    apiUrl: fake.apiUrl,
    ...way,
    ...options.settings,
  };
}

function toolsFor(fake: FakeSlack, logged: Logged[], clock: Clock = systemClock()) {
  const { botToken, appToken, signingSecret } = fake.world;
  const secrets: Readonly<Record<string, string>> = {
    'env:BOT': botToken,
    'env:APP': appToken,
    'env:SIGNING': signingSecret,
  };
  return {
    clock,
    log: logInto(logged),
    secrets: { read: async (reference: string) => secrets[reference] ?? '' },
    dataFolder: '',
    name: 'Countersign',
    command: '/deploy',
    // The adapter shows what it is given, and neither reads nor keeps anything by itself.
    reading: {} as Reading,
    records: {} as Records,
  };
}

async function serve(routes: readonly Route[]): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const route = routes.find((one) => one.path === path);
    if (route !== undefined && 'node' in route) route.node(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { server, url: `http://127.0.0.1:${port}/slack/events` };
}
