import { spawn } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { note } from '../../src/domain/announcement.ts';
import { testInbox } from '../contract/chat.ts';
import {
  approve,
  bodyOf,
  CHANNEL,
  call,
  card,
  GROUP,
  loginForm,
  message,
  mri,
  path,
  peopled,
  plain,
  served,
  tokenOf,
} from '../fakes/teams/bare.ts';
import type { Fault } from '../fakes/teams/faults.ts';
import { hostTeams } from '../fakes/teams/hosted.ts';
import { FORGERIES } from '../fakes/teams/login.ts';
import { isRecord, type Json, person } from '../fakes/teams/world.ts';
import { until } from '../support/until.ts';

afterEach(() => vi.restoreAllMocks());

describe('the fake Teams: login and connector', () => {
  it.each([
    [{ client_secret: 'wrong' }, 401, 'invalid_client'],
    [{ client_id: 'wrong' }, 400, 'unauthorized_client'],
    [{ scope: 'wrong' }, 400, 'invalid_scope'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('lets nobody in with %j', async (changes, status, error) => {
    const fake = await peopled();

    const url = `${fake.cloud.login}/${fake.world.tenant}/oauth2/v2.0/token`;
    const answer = await fetch(url, { method: 'POST', body: loginForm(fake, changes) });

    expect([answer.status, ((await answer.json()) as Json)['error']]).toEqual([status, error]);
  });

  it('takes a token until it expires', async () => {
    const fake = await peopled();
    const token = await tokenOf(fake);

    const before = await call(fake, 'POST', path(CHANNEL), plain, token);
    fake.expireTokens();
    const after = await call(fake, 'POST', path(CHANNEL), plain, token);

    expect([before.status, after.status, after.code]).toEqual([201, 401, 'Unauthorized']);
  });

  const long = card('x'.repeat(52_000));
  const old = card('x', { version: '1.3', actions: [approve] });
  const many = { refresh: { action: approve, userIds: Array.from({ length: 61 }, (_, index) => `29:${index}`) } };
  const mention = { type: 'mention', text: '<at>Ben</at>', mentioned: { id: '29:1', name: 'Ben' } };
  it.each([
    ['POST', path('19:none@thread.v2'), plain, 404, 'ConversationNotFound'],
    ['POST', path('gone'), plain, 403, 'BotNotInConversationRoster'],
    ['POST', path('gone', '/activities?isTargetedActivity=true'), plain, 404, 'BotNotInConversationRoster'],
    ['POST', path(`${CHANNEL};messageid=1`), plain, 404, 'ConversationNotFound'],
    ['POST', path(`${GROUP};messageid=1`), plain, 404, 'ConversationNotFound'],
    ['POST', path(CHANNEL), message(long), 413, 'MessageSizeTooBig'],
    ['POST', path(CHANNEL), {}, 400, 'BadSyntax'],
    ['POST', path(CHANNEL), { type: 'message', attachments: [{ content: {} }] }, 400, 'BadSyntax'],
    ['POST', path(CHANNEL), message(old), 400, 'BadSyntax'],
    ['POST', path(CHANNEL), message(card('x', many)), 400, 'BadSyntax'],
    ['POST', path(CHANNEL), message(card('Ben', { msteams: { entities: [mention] } })), 400, 'BadSyntax'],
    ['POST', path(CHANNEL, '/activities?isTargetedActivity=true'), plain, 400, 'BadArgument'],
    ['PUT', path(CHANNEL, '/activities/1'), plain, 404, 'ActivityNotFoundInConversation'],
    ['DELETE', path(CHANNEL, '/activities/1'), undefined, 404, 'ActivityNotFoundInConversation'],
    ['GET', path(CHANNEL, '/members/29:none'), undefined, 404, 'MemberNotFoundInConversation'],
    ['POST', '', { members: [{ id: '29:none' }], tenantId: 'x' }, 400, 'BadArgument'],
    [
      'POST',
      '',
      { isGroup: true, channelData: { channel: { id: 'gone' } }, activity: plain },
      403,
      'BotNotInConversationRoster',
    ],
  ])('is as strict as Teams: %s %s', async (method, where, body, status, code) => {
    const fake = await peopled();
    fake.addConversation({ name: 'gone', id: 'gone', kind: 'group', installed: false });

    const answer = await call(fake, method, where, body);

    expect(answer).toMatchObject({ status, code });
    expect(fake.messages(CHANNEL)).toEqual([]);
    expect(fake.world.violations).toHaveLength(code === 'BadSyntax' ? 1 : 0);
  });

  it('keeps roots, replies, private messages and the chat with one person apart', async () => {
    const fake = await peopled();
    const begin = {
      isGroup: true,
      channelData: { channel: { id: CHANNEL } },
      activity: message(card('One \\*star\\*')),
    };
    const tenantId = fake.world.tenant;

    const root = await call(fake, 'POST', '', begin);
    const reply = await call(fake, 'POST', path(String(root.body['id'])), message(card('Two')));
    const recipient = { id: mri(fake, 'ben'), isTargeted: true };
    await call(
      fake,
      'POST',
      path(CHANNEL, '/activities?isTargetedActivity=true'),
      message(card('Three'), { recipient }),
    );
    const alone = await call(fake, 'POST', '', { members: [{ id: mri(fake, 'dora') }], tenantId });
    const again = await call(fake, 'POST', '', { members: [{ id: mri(fake, 'dora') }], tenantId });
    await call(fake, 'POST', path(String(alone.body['id'])), plain);
    await call(fake, 'PUT', path(CHANNEL, `/activities/${reply.body['id']}`), message(card('Two, changed')));

    const ids = fake.messages(CHANNEL).map(({ id, thread }) => ({ id, thread }));
    expect(root.body['id']).toBe(`${CHANNEL};messageid=${root.body['activityId']}`);
    expect(ids).toEqual([
      { id: root.body['activityId'], thread: undefined },
      { id: reply.body['id'], thread: root.body['activityId'] },
    ]);
    const [first, second] = fake.messages(CHANNEL).map((one) => fake.words(one));
    expect(first).toBe('A summary.\nOne *star*\nChecks\nAll *12* passed');
    expect(second).toContain('Two, changed');
    expect(fake.privately('ben').map((one) => fake.words(one))).toEqual([expect.stringContaining('Three')]);
    expect(again.body).toEqual(alone.body);
    expect(fake.privately('dora')).toHaveLength(1);
  });

  it('gives the roster in pages, and members by either id', async () => {
    const fake = await peopled();
    fake.world.pageSize = 1;
    const { aad } = person(fake.world, 'anna');

    const first = await call(fake, 'GET', path(CHANNEL, '/pagedmembers?pageSize=200'));
    const next = `/pagedmembers?continuationToken=${first.body['continuationToken']}`;
    const second = await call(fake, 'GET', path(CHANNEL, next));
    const one = await call(fake, 'GET', path(CHANNEL, `/members/${aad}`));

    const names = [first, second].flatMap(({ body }) => (body['members'] as Json[]).map(({ name }) => name));
    expect(names).toEqual(['anna', 'ben']);
    expect(second.body['continuationToken']).toBeUndefined();
    expect(one.body).toMatchObject({ id: mri(fake, 'anna'), aadObjectId: aad, email: 'anna@example.test' });
  });

  it.each<[Fault['kind'], Partial<Fault>, number | 'none', number]>([
    ['status', { status: 429, retryAfter: 2 }, 429, 0],
    ['status', { status: 412 }, 412, 0],
    ['status-after', {}, 502, 1],
    ['cut-before', {}, 'none', 0],
    ['cut-after', {}, 'none', 1],
    ['hang-after', {}, 'none', 1],
    ['late', { ms: 1 }, 201, 1],
  ])('lets the bot down once: %s %j', async (kind, rest, status, shown) => {
    const fake = await peopled();
    fake.faults.add({ call: 'post', conversation: CHANNEL, kind, ...rest });
    const headers = { authorization: `Bearer ${await tokenOf(fake)}` };
    const url = `${fake.serviceUrl}v3/conversations${path(CHANNEL)}`;
    const cut = new AbortController();

    const asked = fetch(url, { method: 'POST', headers, body: JSON.stringify(plain), signal: cut.signal });
    if (kind === 'hang-after')
      void vi.waitFor(() => expect(fake.calls('post')).toHaveLength(1)).then(() => cut.abort());
    const answer = await asked.catch(() => undefined);

    expect(answer?.status ?? 'none').toBe(status);
    if (rest.retryAfter !== undefined) expect(answer?.headers.get('retry-after')).toBe('2');
    expect(fake.messages(CHANNEL)).toHaveLength(shown);
    expect((await call(fake, 'POST', path(CHANNEL), plain)).status).toBe(201);
  });

  it('cuts everybody off while it is down, and holds to the real limits when asked', async () => {
    const fake = await peopled();
    const token = await tokenOf(fake);
    fake.limits();

    fake.down();
    const down = await call(fake, 'POST', path(CHANNEL), plain, token).catch(() => 'cut');
    fake.up();
    const answers = [];
    for (let count = 0; count < 8; count += 1) answers.push(await call(fake, 'POST', path(CHANNEL), plain, token));
    const elsewhere = await call(fake, 'POST', path(GROUP), plain, token);

    expect(down).toBe('cut');
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 7 }, () => 201), 429]);
    expect(answers.at(-1)?.wait).toBe('1');
    expect(elsewhere.status).toBe(201);
  });
});

describe('the fake Teams: deliveries', () => {
  it("are believed by botbuilder's own check when they are rightly signed, and only then", async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const fake = await peopled();
    const { cloud, world } = fake;
    const authentication = new ConfigurationBotFrameworkAuthentication({
      MicrosoftAppId: world.appId,
      MicrosoftAppPassword: world.secret,
      MicrosoftAppTenantId: world.tenant,
      MicrosoftAppType: 'SingleTenant',
      ToBotFromChannelOpenIdMetadataUrl: cloud.openIdMetadata,
      ToBotFromChannelTokenIssuer: cloud.issuer,
      ToChannelFromBotLoginUrl: cloud.login,
      ToChannelFromBotOAuthScope: cloud.scope,
      ToBotFromEmulatorOpenIdMetadataUrl: cloud.openIdMetadata,
      OAuthUrl: cloud.login,
      CallerId: '',
    });
    const adapter = new CloudAdapter(authentication);
    const heard: (string | undefined)[] = [];
    const url = await served(async (request, response) => {
      const body = JSON.parse(await bodyOf(request)) as Json;
      const express = { ...expressLike(response), socket: undefined };
      await adapter.process({ body, headers: request.headers, method: 'POST' }, express, async (context) => {
        heard.push(context.activity.text);
      });
    });
    fake.deliverTo(url);

    const good = await fake.say('anna', 'personal', 'good');
    const bad: [string, number][] = [];
    for (const forgery of FORGERIES) {
      fake.forge(forgery);
      bad.push([forgery, (await fake.say('anna', 'personal', forgery)).status]);
    }

    expect(good.status).toBe(200);
    // Signed well, for another tenant or service: whom it lets in is the bot's own business. A token without end is let in as well.
    const own = ['no-expiry', 'foreign-tenant', 'foreign-service-url'];
    expect(heard).toEqual(['good', ...own]);
    expect(bad.filter(([, status]) => status === 200).map(([forgery]) => forgery)).toEqual(own);
  });

  it('come again only when asked, and to the bots by turns', async () => {
    const fake = await peopled();
    const heard: number[] = [];
    const busy = (number: number) =>
      served(async (_request, response) => {
        heard.push(number);
        response.writeHead(heard.length < 4 ? 503 : 200).end();
      });
    fake.deliverTo(await busy(1), await busy(2));

    const once = await fake.say('anna', 'personal', 'x');
    fake.retry();
    const thrice = await fake.say('anna', 'personal', 'x');

    expect([once.status, thrice.status]).toEqual([503, 200]);
    expect(heard).toEqual([1, 2, 1, 2]);
    expect(new Set(fake.deliveries.map(({ activity }) => activity['id'])).size).toBe(2);
  });

  it('reach the real adapter, which finds its login and its way back', async () => {
    const inbox = testInbox();
    inbox.reply = { kind: 'say', announcement: note('good', ['All is well'], 'All is well.'), visibility: 'private' };
    const { fake, close } = await hostTeams(inbox);

    const said = await fake.say('anna', 'deploys', 'status web');
    await until('an answer', () => fake.privately('anna').length > 0);
    const words = fake.privately('anna').map((one) => fake.words(one));
    await close();

    expect(said.status).toBe(200);
    expect(inbox.received).toMatchObject([{ input: { kind: 'text', text: 'status web' }, actor: { name: 'anna' } }]);
    expect(words).toEqual([expect.stringContaining('All is well')]);
    expect(fake.world.violations).toEqual([]);
  });

  it('runs as a process of its own and is controlled over HTTP', async () => {
    const main = join(import.meta.dirname, '../fakes/teams/main.ts');
    const child = spawn(process.execPath, [main, '--secret', 'hidden'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line = ''] = await new Promise<string[]>((resolve) =>
      createInterface({ input: child.stdout }).once('line', (one) => resolve([one])),
    );
    const { port, appId } = JSON.parse(line) as { port: number; appId: string };
    const act = async (name: string, ...args: unknown[]) =>
      (await fetch(`http://127.0.0.1:${port}/_control/${name}`, { method: 'POST', body: JSON.stringify(args) })).json();

    await act('addPerson', { name: 'anna' });
    const made = (await act('addConversation', { name: 'deploys', members: ['anna'] })) as Json;
    const said = (await act('say', 'anna', 'deploys', 'status')) as Json;
    await act('down');
    await act('up');
    const state = (await act('state')) as Json;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');

    expect(made).toMatchObject({ kind: 'channel', members: [expect.any(String)] });
    expect(said).toMatchObject({ status: 0, activity: { recipient: { id: `28:${appId}` } } });
    expect([isRecord(state['people']), 'secret' in state]).toEqual([true, false]);
    expect(await ended).toBe(0);
  });
});

/** As much of Express's response as botbuilder needs. */
function expressLike(response: ServerResponse) {
  const like = {
    status: (code: number) => {
      response.statusCode = code;
      return like;
    },
    header: (name: string, value: unknown) => {
      response.setHeader(name, String(value));
      return like;
    },
    send: (body?: unknown) => {
      response.write(typeof body === 'string' ? body : JSON.stringify(body ?? ''));
      return like;
    },
    end: () => {
      response.end();
      return like;
    },
  };
  return like;
}
