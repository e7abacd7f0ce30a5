import { afterEach, describe, expect, it } from 'vitest';
import { note } from '../../src/domain/announcement.ts';
import type { Reply } from '../../src/ports/chat.ts';
import { testInbox } from '../contract/chat.ts';
import { encoded, signature } from '../fakes/slack/delivery.ts';
import { type Hosted, type HostOptions, hostSlack } from '../fakes/slack/hosted.ts';
import { wordsOf } from '../fakes/slack/index.ts';
import { until } from '../support/until.ts';

let hosted: Hosted | undefined;
afterEach(async () => {
  await hosted?.close();
  hosted = undefined;
});

async function host(options: Partial<HostOptions> = {}) {
  const inbox = testInbox();
  hosted = await hostSlack(inbox, { mode: 'http', ...options });
  return { inbox, ...hosted };
}

const payload = {
  team_id: 'T1',
  channel_id: 'C1',
  user_id: 'U1',
  command: '/deploy',
  text: 'web to staging',
  trigger_id: 'forged',
};
const [type, body] = encoded('slash_commands', payload);
const now = () => Math.floor(Date.now() / 1000);

async function send(url: string, headers: Record<string, string>, content = body): Promise<number> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body: content });
  return response.status;
}

describe('a request to the Slack address', () => {
  it.each([
    ['without any signature', () => ({})],
    ['with an empty signature', () => ({ 'x-slack-request-timestamp': String(now()), 'x-slack-signature': '' })],
    ['with a signature of another secret', () => signature('guessed', body)],
    ['with a signature made with an empty secret', () => signature(' ', body)],
    ['that is ten minutes old', () => signature('fake-signing-secret', body, now() - 600)],
    ['that is an hour in the future', () => signature('fake-signing-secret', body, now() + 3600)],
    [
      'whose time is no number',
      () => ({ ...signature('fake-signing-secret', body), 'x-slack-request-timestamp': 'now' }),
    ],
  ])('%s is refused before anybody looks at it', async (_what, headers) => {
    const { url, inbox, fake } = await host();
    const calls = fake.world.calls.length;

    const status = await send(url, headers());

    expect(status).toBe(401);
    expect(inbox.received).toEqual([]);
    expect(fake.world.calls).toHaveLength(calls);
  });

  it('with the right signature over other words is refused', async () => {
    const { url, inbox } = await host();

    const status = await send(url, signature('fake-signing-secret', body), `${body}+now`);

    expect(status).toBe(401);
    expect(inbox.received).toEqual([]);
  });

  it('with the right signature is taken', async () => {
    const { url, inbox } = await host();

    const status = await send(url, signature('fake-signing-secret', body));

    expect(status).toBe(200);
    await until('the words', () => inbox.received[0]);
  });

  it('of more than a megabyte is refused unread', async () => {
    const { url } = await host();
    const large = 'x'.repeat(1024 * 1024 + 1);

    expect(await send(url, signature('fake-signing-secret', large), large)).toBe(413);
  });

  it('that is no POST is refused', async () => {
    const { url } = await host();

    expect((await fetch(url)).status).toBe(405);
  });

  it('before the start and after the stop is asked to come again', async () => {
    const { url, chat } = await host({ idle: true });
    const early = await send(url, signature('fake-signing-secret', body));
    await chat.start(testInbox());
    await chat.stop();

    const late = await send(url, signature('fake-signing-secret', body));

    expect([early, late]).toEqual([503, 503]);
  });

  it('that asks for the url verification is answered with the challenge', async () => {
    const { url } = await host();
    const words = JSON.stringify({ type: 'url_verification', challenge: 'c-1', token: 't' });

    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signature('fake-signing-secret', words) },
      body: words,
    });

    expect(await response.json()).toEqual({ challenge: 'c-1' });
  });
});

describe.each(['socket', 'http'] as const)('an acknowledgement by %s', (mode) => {
  it('comes before the work is done', async () => {
    const { inbox, fake } = await host({ mode });
    let finish = (_reply: Reply) => {};
    inbox.receive = (incoming) => {
      inbox.received.push(incoming);
      return new Promise((resolve) => {
        finish = resolve;
      });
    };

    const { ack } = await fake.command('U1', 'C1', 'web to staging');
    const answersThen = fake.privately('U1').length;
    await until('the work', () => inbox.received[0]);
    finish({ kind: 'say', visibility: 'private', announcement: note('good', ['Finished'], 'Finished.') });

    expect(ack).toMatchObject({ status: 200, body: '' });
    expect(answersThen).toBe(0);
    await until('the answer', () =>
      fake
        .privately('U1')
        .map(wordsOf)
        .some((words) => words.includes('Finished')),
    );
  });

  it('comes although Slack cannot be reached for anything else', async () => {
    const { fake } = await host({ mode });
    fake.faults.add({ method: '*', kind: 'drop-before', times: 100 });

    const { ack } = await fake.command('U1', 'C1', 'web to staging');

    expect(ack.status).toBe(200);
    expect(ack.ms).toBeLessThan(1000);
  });
});

describe.each(['socket', 'http'] as const)('a delivery by %s from elsewhere', (mode) => {
  it.each([
    ['another workspace', { team: 'T666' }],
    ['another organisation', { enterprise: 'E666' }],
  ])('(%s) is refused privately, whether typed or pressed, and nothing is done', async (_what, claim) => {
    const { inbox, fake, chat } = await host({ mode });
    const handle = await chat.post(
      { chat: 'slack', tenant: 'T1', channel: 'C1' },
      {
        key: 'k',
        revision: 0,
        announcement: {
          ...note('waiting', ['Asks'], 'Asks.'),
          buttons: [{ label: 'Approve', verb: 'approve', value: 'v', style: 'primary' }],
        },
      },
    );

    await fake.command('U1', 'C1', 'web to production', claim);
    await fake.click('U1', { channel: 'C1', ts: handle.id }, 'approve', claim);

    await until('two refusals', () => fake.privately('U1').length === 2);
    expect(fake.privately('U1').every((one) => wordsOf(one).includes('another Slack workspace'))).toBe(true);
    expect(inbox.received).toEqual([]);
  });

  it('as an event is passed over in silence', async () => {
    const { inbox, fake } = await host({ mode });
    const event = { type: 'app_mention', user: 'U1', text: '<@UBOT> status', channel: 'C1', ts: '1.1' };

    await fake.event(event, { team_id: 'T666', authorizations: [{ team_id: 'T666', enterprise_id: null }] });
    await fake.command('U1', 'C1', 'status');

    await until('the command', () => inbox.received[0]);
    expect(inbox.received).toHaveLength(1);
    expect(fake.messages('C1')).toEqual([]);
  });
});
