import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import { CARD } from './checks.ts';
import { type FakeTeams, type FakeTeamsOptions, startFakeTeams } from './index.ts';
import { type Json, person, record } from './world.ts';

/** What tests of the fake itself need: a Teams with a few people, bots of a few lines, and bare calls to the connector. */
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

export const CHANNEL = '19:deploys@thread.tacv2';
export const GROUP = '19:crew@thread.v2';

/** anna and ben are in the channel, anna alone in the group, dora in none. Closed after the test. */
export async function peopled(options: FakeTeamsOptions = {}): Promise<FakeTeams> {
  const fake = await startFakeTeams(options);
  closing.push(() => fake.close());
  for (const name of ['anna', 'ben', 'dora']) fake.addPerson({ name });
  fake.addConversation({ name: 'deploys', id: CHANNEL, members: ['anna', 'ben'] });
  fake.addConversation({ name: 'crew', kind: 'group', id: GROUP, members: ['anna'] });
  return fake;
}

/** The bot's own id of somebody. */
export function mri(fake: FakeTeams, who: string): string {
  return person(fake.world, who).mri;
}

/** A bot that answers invokes by name, with what is in `answers`. Returns what it hears. */
export async function startBot(fake: FakeTeams, answers: Readonly<Record<string, (activity: Json) => unknown>> = {}) {
  const heard: Json[] = [];
  const url = await served(async (request, response) => {
    const activity = JSON.parse(await bodyOf(request)) as Json;
    heard.push(activity);
    const body = answers[String(activity['name'])]?.(activity);
    response.writeHead(200, { 'content-type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body));
  });
  fake.deliverTo(url);
  return heard;
}

/** A server on loopback, closed after the test. Returns where it takes deliveries. */
export async function served(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<string> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.unshift(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/api/messages`;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** A login as Entra takes it, but for the changes. */
export function loginForm(fake: FakeTeams, changes: Readonly<Record<string, string>> = {}): URLSearchParams {
  const { appId, secret } = fake.world;
  const whole = { grant_type: 'client_credentials', client_id: appId, client_secret: secret, scope: fake.cloud.scope };
  return new URLSearchParams({ ...whole, ...changes });
}

export async function tokenOf(fake: FakeTeams): Promise<string> {
  const url = `${fake.cloud.login}/${fake.world.tenant}/oauth2/v2.0/token`;
  const answer = await fetch(url, { method: 'POST', body: loginForm(fake) });
  return String(((await answer.json()) as Json)['access_token']);
}

/** One call to the connector, with a token. */
export async function call(fake: FakeTeams, method: string, path: string, body?: unknown, token?: string) {
  const answer = await fetch(`${fake.serviceUrl}v3/conversations${path}`, {
    method,
    headers: { authorization: `Bearer ${token ?? (await tokenOf(fake))}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const words = await answer.text();
  const said: unknown = words === '' ? {} : JSON.parse(words);
  const code = record(record(said)['error'])['code'];
  return { status: answer.status, body: record(said), code, wait: answer.headers.get('retry-after') };
}

export const approve = {
  type: 'Action.Execute',
  title: 'Approve',
  verb: 'approve',
  data: { cs: { verb: 'approve', value: 'tok' } },
  fallback: { type: 'Action.Submit', title: 'Approve', data: { cs: { verb: 'approve', value: 'tok' } } },
};
export const reject = {
  type: 'Action.Submit',
  title: 'Reject',
  data: { msteams: { type: 'task/fetch' }, cs: { verb: 'reject' } },
};
export const more = {
  type: 'Action.ShowCard',
  title: 'More',
  card: { type: 'AdaptiveCard', body: [], actions: [reject] },
};

/** A card of a text and a fact. */
export function card(words: string, rest: Json = {}) {
  const facts = { type: 'FactSet', facts: [{ title: 'Checks', value: 'All *12* passed' }] };
  return { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: words }, facts], ...rest };
}

/** A message with a card. */
export function message(content: Json, rest: Json = {}) {
  return { type: 'message', summary: 'A summary.', attachments: [{ contentType: CARD, content }], ...rest };
}

/** The path below `v3/conversations` of something in a conversation. */
export const path = (id: string, rest = '/activities') => `/${encodeURIComponent(id)}${rest}`;
export const plain = { type: 'message', text: 'x' };
