import { describe, expect, it } from 'vitest';
import { createLog, scrubText } from '../../src/log.ts';
import { PortFailure } from '../../src/ports/failure.ts';

function writing(form: 'json' | 'readable' = 'json', level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, form, write: (line) => void lines.push(line) }) };
}

// Put together here, so that no scanner takes the tests themselves for a leak.
const slackToken = ['xoxb', '1234567890', 'abcdefghijkl'].join('-');
const appToken = ['xapp', '1', 'A0123', 'abcdef'].join('-');
const githubToken = ['ghp', 'A'.repeat(36)].join('_');
const fineToken = ['github_pat', 'B'.repeat(30)].join('_');
const key = ['-----BEGIN RSA PRIVATE', 'KEY-----\nMIIE\n-----END RSA PRIVATE', 'KEY-----'].join(' ');

describe('the log', () => {
  it('writes one JSON object a line, with message, level, time and fields', () => {
    const { log, lines } = writing();

    log.info({ deployment: 'D-1042', attempts: 2 }, 'run started');

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      deployment: 'D-1042',
      attempts: 2,
      msg: 'run started',
    });
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = writing();

    log.debug({}, 'detail');

    expect(lines).toEqual([]);
  });

  it.each([
    'token',
    'botToken',
    'bot_token',
    'clientSecret',
    'password',
    'Authorization',
    'signingSecret',
    'privateKey',
    'x-slack-signature',
    'cookie',
    'apiKey',
  ])('hides the value of a field named %s at any depth', (name) => {
    const { log, lines } = writing();

    log.error({ [name]: 'abracadabra', deep: { list: [{ [name]: { inner: 'abracadabra' } }] } }, 'failed');

    expect(lines[0]).not.toContain('abracadabra');
    expect(lines[0]).toContain(name);
  });

  it.each([
    ['a Slack token', slackToken],
    ['a Slack app token', appToken],
    ['a GitHub token', githubToken],
    ['a fine-grained GitHub token', fineToken],
    ['a bearer header', 'Bearer abcdefghijklmnop'],
    ['a login in an address', 'https://anna:geheim12@git.example.com/x'],
    ['a value in a query', 'https://a.example/?access_token=abcdefgh12'],
    ['a private key', key],
  ])('hides %s in texts, messages, errors and their causes', (_what, secret) => {
    const { log, lines } = writing();
    const cause = new Error(`refused ${secret}`);
    const error = new PortFailure(`said ${secret}`, { port: 'x', kind: 'refused', retryable: false, cause });

    log.error(
      { text: `a ${secret} b`, error, map: new Map([['k', secret]]), set: new Set([secret]) },
      `with ${secret}`,
    );

    const hidden =
      secret.match(/[A-Za-z0-9]{6,}/g)?.filter((word) => !/^(Bearer|https|example|access|github|PRIVATE)/.test(word)) ??
      [];
    expect(hidden.length + (secret === key ? 1 : 0)).toBeGreaterThan(0);
    for (const word of secret === key ? ['MIIE'] : hidden) expect(lines[0]).not.toContain(word);
    expect(lines[0]).toContain('[hidden]');
  });

  it('keeps references to secrets, flags and counts, which tell nothing', () => {
    const { log, lines } = writing();

    log.info({ token: 'env:SLACK_BOT_TOKEN', hasPassword: false, tokens: 3 }, 'configured');

    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ token: 'env:SLACK_BOT_TOKEN', hasPassword: false, tokens: 3 });
  });

  it('writes errors with name, message, stack, details and cause', () => {
    const { log, lines } = writing();
    const error = new PortFailure('Slack is away.', {
      port: 'slack',
      kind: 'timeout',
      retryable: true,
      cause: new Error('late'),
    });

    log.warn({ error }, 'call failed');

    expect(JSON.parse(lines[0] ?? '').error).toMatchObject({
      name: 'PortFailure',
      message: 'Slack is away.',
      stack: expect.stringContaining('log.test'),
      details: { port: 'slack', kind: 'timeout', retryable: true },
      cause: { message: 'late' },
    });
  });

  it('never loses a message because of its fields', () => {
    const { log, lines } = writing();
    const round: Record<string, unknown> = {
      big: 1n,
      call: () => 1,
      bytes: new Uint8Array(3),
      none: undefined,
      bad: new Date(Number.NaN),
    };
    round['self'] = round;

    log.info({ round, level: 'mine', msg: 'mine', time: 1 }, 'kept');

    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      msg: 'kept',
      field_level: 'mine',
      field_msg: 'mine',
      field_time: 1,
      round: { big: '1', call: '[function]', bytes: '[3 bytes]', bad: 'invalid date', self: '[circular]' },
    });
  });

  it('writes one readable line for eyes, and the stack of an error below it', () => {
    const { log, lines } = writing('readable');

    log.warn({ deployment: 'D-1', words: 'two words' }, 'call\u001b[31m failed\nagain');
    log.error({ error: new Error('gone') }, 'broken');

    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}call\[31m failed again deployment=D-1 words="two words"\n$/);
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error broken error="gone"\nError: gone\n +at /);
  });
});

describe('scrubbing', () => {
  it.each(['the token of the week', 'D-1042 is a basic thing', 'https://deploy.example.com/D-1?page=2', 'a@b.example'])(
    'leaves %j alone',
    (text) => {
      expect(scrubText(text)).toBe(text);
    },
  );
});
