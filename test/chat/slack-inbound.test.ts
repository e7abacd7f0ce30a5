import { afterEach, describe, expect, it } from 'vitest';
import { decoded } from '../../adapters/chat/slack/escapes.ts';
import { note } from '../../src/domain/announcement.ts';
import type { Reply } from '../../src/ports/chat.ts';
import { testInbox } from '../contract/chat.ts';
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
  hosted = await hostSlack(inbox, { mode: 'socket', ...options });
  return { inbox, ...hosted };
}

const saying = (words: string, visibility: 'private' | 'public' = 'private'): Reply => ({
  kind: 'say',
  visibility,
  announcement: note('neutral', [words], `${words}.`),
});

describe('typed words', () => {
  it.each([
    ['<@U2|ben> and <@U3>', '@ben and @U3'],
    ['--notify <#C1|deploys>', '--notify #deploys'],
    ['web@<http://release.io|release.io> to staging', 'web@release.io to staging'],
    ['<mailto:web@main.io|web@main.io> to staging', 'web@main.io to staging'],
    ['see <https://example.test/a?b=1&amp;c=2>', 'see https://example.test/a?b=1&c=2'],
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['<!subteam^S1|@platform> <!here>', '@platform @here'],
    ['plain', 'plain'],
  ])('%j is understood as %j', (escaped, words) => {
    expect(decoded(escaped)).toBe(words);
  });

  it('come without the mention, from wherever it stands, and with the thread they are about', async () => {
    const { inbox, fake, chat } = await host();
    const root = await chat.post(place, { key: 'k', revision: 0, announcement: note('neutral', ['Root'], 'Root.') });

    await fake.mention('U1', 'C1', 'approve &lt;this&gt; <@UBOT|countersign>', root.id);

    const incoming = await until('the mention', () => inbox.received[0]);
    expect(incoming).toMatchObject({ input: { kind: 'text', text: 'approve <this>' }, at: { place, id: root.id } });
    expect(incoming.key).toMatch(/^slack:Ev/);
  });

  it('are heard in the direct conversation, and answered there with a message that stays', async () => {
    const { inbox, fake } = await host();
    inbox.reply = saying('Your deployments');

    await fake.dm('U1', 'status');

    const answer = await until('the answer', () => fake.privately('U1')[0]);
    expect(inbox.received[0]).toMatchObject({ input: { text: 'status' }, place: { channel: 'D1' } });
    expect(answer.only).toBeUndefined();
  });

  it.each([
    ['an edited message', { edited: { user: 'U1', ts: '1.2' } }],
    ['a message of a bot', { bot_id: 'B7' }],
    ['a message about something else', { subtype: 'message_changed' }],
  ])('are not taken from %s', async (_what, more) => {
    const { inbox, fake } = await host();

    await fake.event({ type: 'message', channel_type: 'im', channel: 'D1', user: 'U1', text: 'a', ts: '1.1', ...more });
    await fake.dm('U1', 'b');

    await until('the second', () => inbox.received[0]);
    expect(inbox.received.map(({ input }) => input)).toEqual([{ kind: 'text', text: 'b' }]);
  });
});

describe('being added to a channel', () => {
  it('is told to the inbox, but not when somebody else is added', async () => {
    const { inbox, fake } = await host();

    await fake.join('C1', 'U9');
    await fake.join('C2');

    await until('the joining', () => inbox.places[0]);
    expect(inbox.places).toEqual([{ ...place, channel: 'C2' }]);
  });
});

describe('a person from outside', () => {
  it.each([
    ['a guest', { restricted: true }],
    ['a guest of one channel', { ultraRestricted: true }],
    ['a stranger', { stranger: true }],
    ['somebody of another workspace in a shared channel', { team: 'T7' }],
    ['somebody who was deactivated', { deleted: true }],
  ])('(%s) is marked as external', async (_what, kind) => {
    const { inbox, fake } = await host();
    fake.addUser({ id: 'U7', name: 'guest', ...kind });

    await fake.mention('U7', 'C1', 'status');

    expect(await until('the mention', () => inbox.received[0])).toMatchObject({ external: true, actor: { id: 'U7' } });
  });

  it('is also whoever cannot be looked up, and a single hiccup is not enough for that', async () => {
    const { inbox, fake } = await host();
    fake.faults.add({ method: 'users.info', kind: '500-before', times: 1 });
    await fake.command('U1', 'C1', 'status');
    await until('the first', () => inbox.received[0]);
    fake.faults.add({ method: 'users.info', kind: '500-before', times: 2 });
    await fake.command('U2', 'C1', 'status');

    const received = await until('both', () => inbox.received.length === 2 && inbox.received);

    expect(received.map(({ actor, external }) => [actor.id, external])).toEqual([
      ['U1', false],
      ['U2', 'unread'],
    ]);
  });

  it('is looked up once in five minutes', async () => {
    const { inbox, fake } = await host();

    await fake.command('U1', 'C1', 'status');
    await until('the first', () => inbox.received[0]);
    await fake.command('U1', 'C1', 'status');

    await until('both', () => inbox.received.length === 2);
    expect(fake.calls('users.info')).toHaveLength(1);
  });

  it('of the same organisation is no outsider', async () => {
    const { inbox, fake } = await host({ slack: { enterprise: 'E1' }, settings: { enterprise: 'E1' } });
    fake.addUser({ id: 'U7', name: 'sister', team: 'T7', enterprise: 'E1' });

    await fake.mention('U7', 'C1', 'status');

    expect(await until('the mention', () => inbox.received[0])).toMatchObject({
      external: false,
      actor: { tenant: 'T1' },
    });
  });
});

describe('an answer', () => {
  it('takes another way when the response_url has expired', async () => {
    const { inbox, fake } = await host();
    inbox.reply = saying('Late but here');
    inbox.receive = async () => {
      fake.expireHooks();
      return inbox.reply;
    };

    await fake.command('U1', 'C1', 'status');

    const answer = await until('the answer', () => fake.privately('U1')[0]);
    expect([answer.only, answer.channel]).toEqual(['U1', 'C1']);
  });

  it('goes into the direct conversation when the person is not in the channel', async () => {
    const { inbox, fake } = await host();
    inbox.receive = async () => {
      fake.expireHooks();
      return saying('You are not here');
    };

    await fake.command('U9', 'C1', 'status');

    const answer = await until('the answer', () => fake.privately('U9')[0]);
    expect(answer.channel).toBe('D9');
  });

  it('for everybody is not said twice when Slack fails after having taken it', async () => {
    const { inbox, fake, chat } = await host();
    inbox.reply = saying('For all', 'public');
    fake.faults.add({ method: 'response_url', kind: '500-after' });

    await fake.command('U1', 'C1', 'services');
    await until('the answer', () => fake.messages('C1')[0]);
    await chat.stop();

    expect(fake.messages('C1').map(wordsOf)).toHaveLength(1);
  });

  it('to a mention stands in the thread of the mention', async () => {
    const { inbox, fake } = await host();
    inbox.reply = saying('For all', 'public');

    await fake.mention('U1', 'C1', 'services');

    const answer = await until('the answer', () => fake.messages('C1')[0]);
    expect(answer.thread).toBe(
      fake.deliveries[0]?.payload['event'] && (fake.deliveries[0].payload['event'] as { ts: string }).ts,
    );
  });

  it('is not held back by our own pace, however fast somebody asks', async () => {
    const { inbox, fake } = await host();
    inbox.reply = saying('Here you are');

    for (let count = 0; count < 8; count += 1) await fake.dm('U1', 'status');

    await until('eight answers', () => fake.privately('U1').length === 8);
  });

  it('is given even when our own side breaks', async () => {
    const { inbox, fake, logged } = await host();
    inbox.receive = async () => {
      throw new Error('a bug');
    };

    await fake.command('U1', 'C1', 'status');

    const answer = await until('the answer', () => fake.privately('U1')[0]);
    expect(wordsOf(answer)).toContain('Something went wrong on our side');
    expect(wordsOf(answer)).not.toContain('a bug');
    expect(logged.some(({ level }) => level === 'error')).toBe(true);
  });
});

const place = { chat: 'slack', tenant: 'T1', channel: 'C1' };
