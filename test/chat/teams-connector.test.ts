import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connector, createConnector } from '../../adapters/chat/teams/connector.ts';
import { createPace } from '../../adapters/chat/teams/pace.ts';
import { repeated } from '../../adapters/chat/teams/repeat.ts';
import { teamsSettings } from '../../adapters/chat/teams/schema.ts';
import { createTokens } from '../../adapters/chat/teams/tokens.ts';
import type { OutgoingActivity } from '../../adapters/chat/teams/wire.ts';
import { type FailureDetails, PortFailure } from '../../src/ports/failure.ts';
import { manualClock } from '../fakes/clock.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

const APP = '11112222-bbbb-3333-cccc-4444dddd5555';
const TENANT = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const THREAD = '19:abc@thread.tacv2;messageid=1';
const PATH = '/teams/v3/conversations/19%3Aabc%40thread.tacv2%3Bmessageid%3D1/activities';
const ACTIVITY: OutgoingActivity = { type: 'message', summary: 'Deployed', attachments: [] };

interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}
type Doing = (answer: ServerResponse) => void;

let server: Server;
let origin: string;
/** Calls to the Connector; logins are counted apart. */
let heard: Heard[];
let logins: number;
/** What is answered, first first; then a yes. */
let doings: Doing[];

const say =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Doing =>
  (answer) =>
    void answer.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
const error = (status: number, code: string, headers?: Record<string, string>) =>
  say(status, { error: { code, message: 'Not for people: token-1' } }, headers);
const reset: Doing = (answer) => void answer.destroy();
const silence: Doing = () => undefined;

beforeEach(async () => {
  heard = [];
  doings = [];
  logins = 0;
  server = createServer(async (request, answer) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (request.url?.endsWith('/oauth2/v2.0/token')) {
      logins += 1;
      return say(200, { token_type: 'Bearer', expires_in: 3600, access_token: `token-${logins}` })(answer);
    }
    const { method = '', url = '', headers } = request;
    heard.push({ method, url, headers, body: text === '' ? undefined : JSON.parse(text) });
    (doings.shift() ?? say(201, { id: '1700000000001' }))(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function bench(serviceUrl = `${origin}/teams/`) {
  const cloud = { login: origin };
  const settings = teamsSettings.parse({
    appId: APP,
    tenant: TENANT,
    secret: 'env:TEAMS_SECRET',
    cloud,
    serviceUrls: [serviceUrl],
  });
  const clock = manualClock();
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const tokens = createTokens(settings, async () => 'secret-words', clock);
  const connector = createConnector({ settings, tokens, clock, log, pace: createPace(clock) });
  const thread = { serviceUrl, conversation: THREAD };
  return { clock, connector, thread, serviceUrl };
}
type Bench = ReturnType<typeof bench>;

async function failureOf(work: Promise<unknown>): Promise<PortFailure> {
  const thrown = await work.catch((reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(PortFailure);
  return thrown as PortFailure;
}
const detailsOf = async (work: Promise<unknown>): Promise<FailureDetails> => (await failureOf(work)).details;

describe('the request of', () => {
  const channel = (serviceUrl: string) => ({ serviceUrl, conversation: '19:abc@thread.tacv2' });
  const bot = { id: `28:${APP}` };

  it.each<[string, (parts: Bench) => Promise<unknown>, Pick<Heard, 'method' | 'url' | 'body'>, unknown]>([
    [
      'a reply',
      ({ connector, thread }) => connector.post(thread, ACTIVITY),
      { method: 'POST', url: PATH, body: ACTIVITY },
      '17',
    ],
    [
      'a new root',
      ({ connector, serviceUrl }) => connector.begin(channel(serviceUrl), TENANT, ACTIVITY),
      {
        method: 'POST',
        url: '/teams/v3/conversations',
        body: {
          isGroup: true,
          bot,
          tenantId: TENANT,
          channelData: { channel: { id: '19:abc@thread.tacv2' }, tenant: { id: TENANT } },
          activity: ACTIVITY,
        },
      },
      '18',
    ],
    [
      'an edit',
      ({ connector, thread }) => connector.update(thread, '17/0', ACTIVITY),
      { method: 'PUT', url: `${PATH}/17%2F0`, body: ACTIVITY },
      undefined,
    ],
    [
      'a message for one member',
      ({ connector, thread }) => connector.target(thread, { ...ACTIVITY, recipient: { id: '29:x', isTargeted: true } }),
      {
        method: 'POST',
        url: `${PATH}?isTargetedActivity=true`,
        body: { ...ACTIVITY, recipient: { id: '29:x', isTargeted: true } },
      },
      undefined,
    ],
    [
      'a conversation with one person',
      ({ connector, serviceUrl }) => connector.direct(serviceUrl, TENANT, '29:x'),
      {
        method: 'POST',
        url: '/teams/v3/conversations',
        body: {
          isGroup: false,
          bot,
          members: [{ id: '29:x' }],
          tenantId: TENANT,
          channelData: { tenant: { id: TENANT } },
        },
      },
      '17',
    ],
    [
      'one member',
      ({ connector, thread }) => connector.member(thread, '29:x/y'),
      { method: 'GET', url: '/teams/v3/conversations/19%3Aabc%40thread.tacv2/members/29%3Ax%2Fy', body: undefined },
      { id: '17', name: '' },
    ],
  ])('%s', async (_what, act, request, result) => {
    doings = [say(201, { id: '17', activityId: '18' })];

    expect(await act(bench())).toEqual(result);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject(request);
    expect(heard[0]?.headers.authorization).toBe('Bearer token-1');
  });

  it('a new root whose answer names the thread only', async () => {
    doings = [say(201, { id: THREAD })];
    const { connector, thread } = bench();

    expect(await connector.begin(thread, TENANT, ACTIVITY)).toBe('1');
  });

  it('everybody goes through the pages', async () => {
    const ada = { id: '29:a', name: 'Ada', objectId: 'AAAA-1', userPrincipalName: 'ada@example.org', email: null };
    const bob = {
      id: '29:b',
      name: 'Bob',
      aadObjectId: 'bbbb-2',
      email: 'b@example.org',
      tenantId: 'T',
      userRole: 'guest',
    };
    doings = [say(200, { members: [ada], continuationToken: 'more&' }), say(200, { members: [bob] })];
    const { connector, thread } = bench();

    expect(await connector.members(thread)).toEqual([
      { id: '29:a', name: 'Ada', aad: 'aaaa-1', principal: 'ada@example.org' },
      { id: '29:b', name: 'Bob', aad: 'bbbb-2', email: 'b@example.org', tenant: 't', role: 'guest' },
    ]);
    const pages = '/teams/v3/conversations/19%3Aabc%40thread.tacv2/pagedmembers?pageSize=500';
    expect(heard.map(({ url }) => url)).toEqual([pages, `${pages}&continuationToken=more%26`]);
  });
});

describe('an answer that is no yes', () => {
  const post = ({ connector, thread }: Bench) => connector.post(thread, ACTIVITY);
  const update = ({ connector, thread }: Bench) => connector.update(thread, '17', ACTIVITY);
  const member = ({ connector, thread }: Bench) => connector.member(thread, '29:x');
  const forbidden = { kind: 'forbidden', retryable: false } as const;
  const doubtful = { kind: 'unreachable', retryable: true, inDoubt: true } as const;

  it.each<[string, (parts: Bench) => Promise<unknown>, Doing, Partial<FailureDetails>]>([
    ['400 of a post', post, error(400, 'Bad Argument'), { kind: 'refused', retryable: false, code: 'Bad Argument' }],
    [
      '403 roster',
      post,
      error(403, 'BotNotInConversationRoster'),
      { ...forbidden, code: 'BotNotInConversationRoster' },
    ],
    ['403 admin', post, error(403, 'BotDisabledByAdmin'), { ...forbidden, code: 'BotDisabledByAdmin' }],
    ['403 of an edit', update, error(403, 'ConversationBlockedByUser'), forbidden],
    ['403 of a proxy', post, say(403, '<html>'), { ...forbidden, code: '403' }],
    ['404 roster', post, error(404, 'BotNotInConversationRoster'), forbidden],
    ['404 message', update, error(404, 'ActivityNotFoundInConversation'), { kind: 'gone', retryable: false }],
    ['404 conversation', post, error(404, 'ConversationNotFound'), { kind: 'gone', retryable: false }],
    ['404 of an edit', update, say(404), { kind: 'gone', code: '404' }],
    ['404 of a member', member, say(404), { kind: 'not-found', retryable: false }],
    ['412 of a post', post, error(412, 'PreconditionFailed'), { kind: 'rate-limited', retryable: true }],
    ['413', post, error(413, 'MessageSizeTooBig'), { kind: 'refused', retryable: false, code: 'MessageSizeTooBig' }],
    [
      '429 in seconds',
      post,
      error(429, 'Throttled', { 'retry-after': '7' }),
      { kind: 'rate-limited', retryAfterMs: 7000, code: 'Throttled' },
    ],
    [
      '429 until',
      post,
      say(429, '', { 'retry-after': 'Sat, 21 Nov 2026 09:00:09 GMT' }),
      { kind: 'rate-limited', retryable: true, retryAfterMs: 9000 },
    ],
    ['429 without a word', update, say(429), { kind: 'rate-limited', retryable: true, retryAfterMs: 2000 }],
    ['500 of a post', post, error(500, 'ServiceError'), { ...doubtful, code: 'ServiceError' }],
    ['502 of a post', post, error(502, 'ServiceError'), doubtful],
    ['503 of a post', post, say(503), { ...doubtful, code: '503' }],
    ['504 of a post', post, say(504), doubtful],
    ['502 of an edit', update, say(502), { kind: 'unreachable', retryable: true }],
    ['a reset of a post', post, reset, doubtful],
    ['a reset of an edit', update, reset, { kind: 'unreachable', retryable: true }],
    ['a redirect', post, say(307, '', { location: 'http://192.0.2.1/' }), { kind: 'refused', code: '307' }],
    ['no id', post, say(201, {}), { kind: 'misbehaved', retryable: true, inDoubt: true }],
    ['no JSON', member, say(200, 'hello'), { kind: 'misbehaved', retryable: true }],
    ['a flood', post, say(200, ' '.repeat(1_100_000)), { kind: 'misbehaved', inDoubt: true }],
  ])('%s', async (_what, act, doing, details) => {
    doings = [doing];
    const failure = await failureOf(act(bench()));

    expect(failure.details).toMatchObject({ port: 'teams', ...details });
    expect(failure.details.inDoubt).toBe(details.inDoubt);
    expect(heard).toHaveLength(1);
    expect(`${failure.message} ${JSON.stringify(failure.details)}`).not.toMatch(/token-1|secret-words|127\.0\.0\.1/);
  });

  it.each([
    ['a post', post, true],
    ['an edit', update, undefined],
  ])('silence after %s ends in ten seconds', async (_what, act, inDoubt) => {
    doings = [silence];
    const parts = bench();
    const details = detailsOf(act(parts));
    await until('the call', () => heard.length === 1);
    parts.clock.advance(10_000);

    expect(await details).toMatchObject({ kind: 'timeout', retryable: true });
    expect((await details).inDoubt).toBe(inDoubt);
    expect(heard).toHaveLength(1);
  });

  it('a reset of a kept connection is not repeated either', async () => {
    doings = [say(201, { id: '1' }), reset];
    const parts = bench();
    await post(parts);

    expect(await detailsOf(post(parts))).toMatchObject(doubtful);
    expect(heard).toHaveLength(2);
  });

  it('nobody there: certainly nothing was done', async () => {
    const serviceUrl = `http://127.0.0.1:${await freePort()}`;
    const details = await detailsOf(post(bench(serviceUrl)));

    expect(details).toMatchObject({ kind: 'unreachable', retryable: true, code: 'ECONNREFUSED' });
    expect(details.inDoubt).toBeUndefined();
  });

  it('401 gives the token up once: the next call has a new one, and then it is the bot that is refused', async () => {
    doings = [error(401, 'BotNotRegistered'), error(401, 'BotNotRegistered'), error(401, 'BotNotRegistered')];
    const parts = bench();
    const all = [await detailsOf(post(parts)), await detailsOf(post(parts)), await detailsOf(post(parts))];

    expect(all.map(({ kind, retryable }) => [kind, retryable])).toEqual([
      ['forbidden', true],
      ['forbidden', false],
      ['forbidden', false],
    ]);
    expect(heard.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
      'Bearer token-2',
    ]);
    expect(logins).toBe(2);
  });

  it('429 holds the conversation back, other ones go on', async () => {
    doings = [say(429, '', { 'retry-after': '30' })];
    const parts = bench();
    await failureOf(post(parts));

    expect(await detailsOf(update(parts))).toMatchObject({ kind: 'rate-limited', retryAfterMs: 30_000 });
    await parts.connector.post({ ...parts.thread, conversation: 'a:1' }, ACTIVITY);
    expect(heard).toHaveLength(2);
  });

  it('412, then 429 without a pause, is tried again for somebody who waits (T11)', async () => {
    doings = [error(412, 'PreconditionFailed'), error(429, 'Throttled')];
    const parts = bench();
    const { connector, thread, clock } = parts;
    let id: string | undefined;
    const work = repeated({ clock, random: () => 0 }, () => connector.post(thread, ACTIVITY, { urgent: true }));
    void work.then((one) => {
      id = one;
    });
    await until('the answer', () => {
      clock.advance(20);
      return id;
    });

    expect(heard).toHaveLength(3);
  });
});

describe('nothing is sent', () => {
  const sender = (parts: Bench, how: Parameters<Connector['post']>[2], serviceUrl = parts.serviceUrl) =>
    parts.connector.post({ serviceUrl, conversation: THREAD }, ACTIVITY, how);

  it('behind a fence that has fallen, whose failure comes through as it is', async () => {
    const fallen = new Error('not ours any more');
    const fence = () => {
      throw fallen;
    };
    const parts = bench();

    await expect(sender(parts, { fence })).rejects.toBe(fallen);
    await expect(parts.connector.update(parts.thread, '1', ACTIVITY, fence)).rejects.toBe(fallen);
    expect(heard).toEqual([]);
  });

  it('when the fence falls while we log in', async () => {
    const fallen = new Error('not ours any more');
    const fence = () => {
      if (logins > 0) throw fallen;
    };

    await expect(sender(bench(), { fence })).rejects.toBe(fallen);
    expect([logins, heard.length]).toEqual([1, 0]);
  });

  it.each([
    ['another host', () => 'http://192.0.2.1/teams/'],
    ['another port', () => 'http://127.0.0.1:9/teams/'],
    ['another scheme', () => origin.replace('http:', 'https:')],
    ['a name that begins alike', () => `${origin}.example.org/teams/`],
    ['a host before an at sign', () => `${origin.replace('http://', 'http://x@')}/teams/`],
    ['no address', () => 'teams'],
  ])('to %s, and no token is fetched', async (_what, serviceUrl) => {
    const details = await detailsOf(sender(bench(), {}, serviceUrl()));

    expect(details).toMatchObject({ kind: 'refused', retryable: false, code: 'service_url_not_allowed' });
    expect([logins, heard.length]).toEqual([0, 0]);
  });

  it.each(['..', '.', ''])('for the id "%s", which would climb out of the path', async (id) => {
    const { connector, thread } = bench();

    expect(await detailsOf(connector.update(thread, id, ACTIVITY))).toMatchObject({ kind: 'refused', code: 'bad_id' });
    expect([logins, heard.length]).toEqual([0, 0]);
  });

  it('when it would be too fast, except for somebody who waits', async () => {
    const parts = bench();
    await Promise.all(Array.from({ length: 7 }, () => sender(parts, {})));
    const details = await detailsOf(sender(parts, {}));
    await sender(parts, { urgent: true });

    expect(details).toMatchObject({ kind: 'rate-limited', retryAfterMs: 1000 });
    expect(heard).toHaveLength(8);
  });
});
