import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TeamsSettings, teamsSettings } from '../../adapters/chat/teams/schema.ts';
import { createTokens } from '../../adapters/chat/teams/tokens.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { manualClock } from '../fakes/clock.ts';
import { selfSigned } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

const APP = '11112222-bbbb-3333-cccc-4444dddd5555';
const TENANT = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const SECRET = 'very-secret-words';
const MINUTE = 60_000;

interface Login {
  readonly path: string;
  readonly form: URLSearchParams;
}
interface Answer {
  readonly status: number;
  readonly body: string;
}

let server: Server;
let origin: string;
let logins: Login[];
/** Answers to come, first first; then tokens that are good for an hour. */
let answers: Answer[];
let gate: Promise<void>;

beforeEach(async () => {
  logins = [];
  answers = [];
  gate = Promise.resolve();
  server = createServer(async (request, reply) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    logins.push({ path: request.url ?? '', form: new URLSearchParams(body) });
    const { status, body: text } = answers.shift() ?? granted(`token-${logins.length}`, 3600);
    await gate;
    reply.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function granted(token: string, seconds: number): Answer {
  return { status: 200, body: JSON.stringify({ token_type: 'Bearer', expires_in: seconds, access_token: token }) };
}

function denied(status: number, error: string, error_description = ''): Answer {
  return { status, body: JSON.stringify({ error, error_description }) };
}

function bench(
  own: Partial<TeamsSettings> = {},
  secrets: Record<string, string> = { 'env:TEAMS_SECRET': `${SECRET}\n` },
) {
  const login = own.cloud === undefined ? { cloud: { login: origin } } : {};
  const who = Object.keys(own).some((key) => key !== 'cloud') ? {} : { secret: 'env:TEAMS_SECRET' };
  const settings = teamsSettings.parse({ appId: APP, tenant: TENANT, ...who, ...login, ...own });
  const clock = manualClock();
  const read = async (reference: string) => secrets[reference] ?? '';
  return { clock, secrets, tokens: createTokens(settings, read, clock) };
}

const at = (login: string) => ({
  ...teamsSettings.parse({ appId: APP, tenant: TENANT, secret: 'env:X' }).cloud,
  login,
});

async function failureOf(work: Promise<unknown>): Promise<PortFailure> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PortFailure);
  return error as PortFailure;
}

describe('a token of the bot', () => {
  it('is asked for by the client credentials grant', async () => {
    const { tokens } = bench();

    expect(await tokens.token()).toBe('token-1');
    expect(logins[0]?.path).toBe(`/${TENANT}/oauth2/v2.0/token`);
    expect(Object.fromEntries(logins[0]?.form ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: APP,
      client_secret: SECRET,
      scope: 'https://api.botframework.com/.default',
    });
  });

  it('is used until five minutes before it ends', async () => {
    const { clock, tokens } = bench();
    const first = await tokens.token();
    clock.advance(55 * MINUTE - 1);
    const second = await tokens.token();
    clock.advance(1);

    expect([first, second, await tokens.token()]).toEqual(['token-1', 'token-1', 'token-2']);
  });

  it('is used for half of its life when that is short', async () => {
    answers = [granted('short', 60)];
    const { clock, tokens } = bench();
    const first = await tokens.token();
    clock.advance(29_000);
    const second = await tokens.token();
    clock.advance(1000);

    expect([first, second, await tokens.token()]).toEqual(['short', 'short', 'token-2']);
  });

  it('is fetched by one login for all who wait', async () => {
    const { tokens } = bench();

    expect(await Promise.all([tokens.token(), tokens.token(), tokens.token()])).toEqual(Array(3).fill('token-1'));
    expect(logins).toHaveLength(1);
  });

  it('serves to its end while the login is away', async () => {
    const { clock, tokens } = bench();
    await tokens.token();
    answers = [denied(503, 'temporarily_unavailable'), denied(503, 'temporarily_unavailable')];
    clock.advance(57 * MINUTE);
    const meanwhile = await tokens.token();
    clock.advance(3 * MINUTE);

    expect(meanwhile).toBe('token-1');
    expect((await failureOf(tokens.token())).details).toMatchObject({ kind: 'unreachable', retryable: true });
    expect(await tokens.token()).toBe('token-4');
  });

  it('is given up once when the Connector refuses it, so that a refused bot does not log in with every call', async () => {
    const { clock, tokens } = bench();
    const first = await tokens.token();
    const given = [tokens.refused(first), tokens.refused(first)];
    const second = await tokens.token();
    const kept = tokens.refused(second);
    const third = await tokens.token();
    clock.advance(5 * MINUTE);

    expect([given, kept, third]).toEqual([[true, true], false, 'token-2']);
    expect([tokens.refused(third), await tokens.token()]).toEqual([true, 'token-3']);
  });
});

describe('a login that fails', () => {
  it.each<[string, Answer, object]>([
    [
      'a secret that ended',
      denied(401, 'invalid_client', `AADSTS7000222: The client secret ${SECRET} has expired.`),
      { kind: 'refused', retryable: true, code: 'AADSTS7000222' },
    ],
    ['an unknown app', denied(400, 'unauthorized_client'), { kind: 'refused', code: 'unauthorized_client' }],
    ['words that are none', denied(400, `<b>${SECRET}</b>`), { kind: 'refused', code: 'login_refused' }],
    ['an outage', { status: 503, body: 'gone for lunch' }, { kind: 'unreachable', retryable: true, code: 'login_503' }],
    ['too many logins', denied(429, 'throttled'), { kind: 'unreachable', retryable: true, code: 'login_429' }],
    ['no JSON', { status: 200, body: `<html>${SECRET}` }, { kind: 'misbehaved', retryable: true }],
    ['no token', { status: 200, body: '{"token_type":"Bearer"}' }, { kind: 'misbehaved', retryable: true }],
    ['a flood', { status: 200, body: ' '.repeat(1_100_000) }, { kind: 'misbehaved', retryable: true }],
  ])('by %s says so, leaves no post in doubt and shows no secret', async (_what, answer, details) => {
    answers = [answer];
    const failure = await failureOf(bench().tokens.token());

    expect(failure.details).toMatchObject({ port: 'teams', ...details });
    expect(failure.details.inDoubt).toBeUndefined();
    expect(`${failure.message} ${JSON.stringify(failure.details)} ${String(failure.stack)}`).not.toContain(SECRET);
  });

  it('by a refused connection is unreachable', async () => {
    const cloud = at(`http://127.0.0.1:${await freePort()}`);
    const { tokens } = bench({ cloud });

    expect((await failureOf(tokens.token())).details).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED' });
  });

  it('by silence ends after ten seconds', async () => {
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const { clock, tokens } = bench();
    const failure = failureOf(tokens.token());
    await until('the login', () => logins.length === 1);
    clock.advance(10_000);

    expect((await failure).details).toMatchObject({ kind: 'timeout', retryable: true });
    open();
  });

  it('never goes without encryption to another machine', async () => {
    const { tokens } = bench({ cloud: at('http://192.0.2.1') });

    for (const work of [tokens.check, tokens.token])
      expect((await failureOf(work())).details).toMatchObject({ kind: 'refused', code: 'insecure_login' });
  });
});

describe('a secret', () => {
  it.each<[string, Partial<TeamsSettings>]>([
    ['client secret', { secret: 'env:EMPTY' }],
    ['certificate', { certificate: 'file:/empty.pem' }],
    ['federated token', { federated: 'file:/empty.jwt' }],
  ])('(%s) that is empty is refused at the start', async (_what, own) => {
    const failure = await failureOf(bench(own).tokens.check());

    expect(failure.details).toMatchObject({ kind: 'refused', retryable: false, code: 'empty_secret' });
    expect(failure.message).toContain(Object.values(own)[0]);
    expect(logins).toEqual([]);
  });

  it('of a federated identity is read anew for each login', async () => {
    const { clock, secrets, tokens } = bench({ federated: 'file:/token' }, { 'file:/token': 'first.token' });
    await tokens.token();
    secrets['file:/token'] = 'second.token';
    clock.advance(55 * MINUTE);
    await tokens.token();

    expect(logins.map(({ form }) => form.get('client_assertion'))).toEqual(['first.token', 'second.token']);
    expect(logins[0]?.form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect([...(logins[0]?.form.keys() ?? [])].sort()).toEqual(
      ['client_assertion', 'client_assertion_type', 'client_id', 'grant_type', 'scope'].sort(),
    );
  });
});

describe('a certificate', () => {
  const [bot, other, curve] = [selfSigned('rsa'), selfSigned('rsa'), selfSigned('ec')];

  it.each([
    ['key first', [bot.key, bot.certificate]],
    ['certificate first', [bot.certificate, bot.key]],
  ])('(%s) signs that the bot is the bot', async (_order, parts) => {
    const { clock, tokens } = bench({ certificate: 'file:/bot.pem' }, { 'file:/bot.pem': parts.join('\n') });
    await tokens.token();
    const jwt = logins[0]?.form.get('client_assertion') ?? '';
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const open = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    const certificate = new X509Certificate(bot.certificate);
    const now = Math.floor(clock.now() / 1000);

    const key = { key: createPublicKey(bot.certificate), padding: 6, saltLength: 32 };
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(open(header)).toEqual({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': createHash('sha256').update(certificate.raw).digest('base64url'),
    });
    expect(open(payload)).toEqual({
      aud: `${origin}/${TENANT}/oauth2/v2.0/token`,
      iss: APP,
      sub: APP,
      jti: expect.stringMatching(/^[\w-]{20,}$/),
      iat: now,
      nbf: now,
      exp: now + 300,
    });
    expect(logins[0]?.form.has('client_secret')).toBe(false);
  });

  it.each([
    ['without a key', [bot.certificate], 'no private key'],
    ['without a certificate', [bot.key], 'no certificate'],
    ['with the key of another one', [other.key, bot.certificate], 'do not belong together'],
    ['of a kind that Entra does not take', [curve.key, curve.certificate], 'no RSA key'],
  ])('%s is refused at the start', async (_what, parts, words) => {
    const { tokens } = bench({ certificate: 'file:/bot.pem' }, { 'file:/bot.pem': parts.join('\n') });
    const failure = await failureOf(tokens.check());

    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('BEGIN');
    expect(failure.details).toMatchObject({ kind: 'refused', retryable: false, code: 'bad_certificate' });
  });
});
