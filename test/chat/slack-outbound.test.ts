import { afterEach, describe, expect, it } from 'vitest';
import { note } from '../../src/domain/announcement.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { outgoing, testInbox } from '../contract/chat.ts';
import type { Fault } from '../fakes/slack/faults.ts';
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

const place = (channel: string) => ({ chat: 'slack', tenant: 'T1', channel });
const since = () => new Date(Date.now() - 1000).toISOString();

async function failureOf(work: Promise<unknown>): Promise<PortFailure['details']> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PortFailure);
  return (error as PortFailure).details;
}

describe('a post that Slack accepted but did not confirm', () => {
  it.each<[string, Fault]>([
    ['500', { method: 'chat.postMessage', kind: '500-after' }],
    ['a broken connection', { method: 'chat.postMessage', kind: 'drop-after' }],
  ])('(%s) is in doubt, sent once, and found again by its key', async (_what, fault) => {
    const { chat, fake } = await host();
    fake.faults.add(fault);

    const details = await failureOf(chat.post(place('C1'), outgoing('key-1', 'Card')));
    const found = await chat.find(place('C1'), 'key-1', since());

    expect(details).toMatchObject({ retryable: true, inDoubt: true });
    expect(fake.calls('chat.postMessage')).toHaveLength(1);
    expect(found).toMatchObject({ id: fake.messages('C1')[0]?.ts });
  });

  it('is also in doubt when the answer makes no sense', async () => {
    const { chat, fake } = await host();
    fake.faults.add({ method: 'chat.postMessage', kind: 'garbage' });

    expect(await failureOf(chat.post(place('C1'), outgoing('k', 'Card')))).toMatchObject({
      kind: 'misbehaved',
      inDoubt: true,
    });
  });
});

describe('a post that never reached Slack', () => {
  it('is not in doubt', async () => {
    const { chat, fake } = await host();
    await chat.stop();
    await fake.close();

    const details = await failureOf(chat.post(place('C1'), outgoing('k', 'Card')));

    expect(details).toMatchObject({ kind: 'unreachable', retryable: true });
    expect(details.inDoubt).toBeUndefined();
    hosted = undefined;
  });
});

describe('a fence that falls between two calls of one wish', () => {
  const lost = new PortFailure('Not ours any more.', { port: 'lease', kind: 'refused', retryable: true });

  it.each([
    ['to a direct conversation that is opened first', undefined, 'conversations.open'],
    ['to somebody who turns out not to be in the channel', place('C1'), 'chat.postEphemeral'],
  ])('holds a whisper back %s', async (_what, where, first) => {
    const { chat, fake } = await host();
    // `U9` is in no channel.
    const fence = () => {
      if (fake.calls(first).length > 0) throw lost;
    };

    const failure = await chat
      .whisper({ system: 'slack', tenant: 'T1', id: 'U9' }, outgoing('w', 'Only you'), where, fence)
      .catch((error: unknown) => error);

    expect(failure).toBe(lost);
    expect(fake.calls(first)).toHaveLength(1);
    expect(fake.calls('chat.postMessage')).toEqual([]);
    expect(fake.privately('U9')).toEqual([]);
  });
});

describe('a rate limit', () => {
  it.each<[string, Fault, number]>([
    ['says how long', { method: 'chat.postMessage', channel: 'C1', kind: '429', retryAfter: 7 }, 7000],
    ['does not say how long', { method: 'chat.postMessage', channel: 'C1', kind: '429' }, 10_000],
  ])('that %s is reported at once and holds up no other channel', async (_what, fault, pause) => {
    const { chat, fake } = await host();
    fake.faults.add(fault);

    const begin = performance.now();
    const details = await failureOf(chat.post(place('C1'), outgoing('a', 'One')));
    await chat.post(place('C2'), outgoing('b', 'Two'));
    const took = performance.now() - begin;

    expect(details).toMatchObject({ kind: 'rate-limited', retryable: true, retryAfterMs: pause });
    expect(details.inDoubt).toBeUndefined();
    expect(took).toBeLessThan(1500);
    expect(fake.messages('C2')).toHaveLength(1);
  });

  it('is kept: nothing more is sent to that channel before its end', async () => {
    const { chat, fake } = await host();
    fake.faults.add({ method: 'chat.postMessage', kind: '429', retryAfter: 7 });
    await failureOf(chat.post(place('C1'), outgoing('a', 'One')));

    const details = await failureOf(chat.post(place('C1'), outgoing('a', 'One')));

    expect(details.kind).toBe('rate-limited');
    expect(fake.calls('chat.postMessage')).toHaveLength(1);
  });
});

describe('what Slack says no to', () => {
  it.each([
    ['is_archived', 'gone', false],
    ['channel_not_found', 'gone', false],
    ['edit_window_closed', 'gone', false],
    ['not_in_channel', 'forbidden', false],
    ['restricted_action_read_only_channel', 'forbidden', false],
    ['token_revoked', 'forbidden', false],
    ['invalid_blocks', 'refused', false],
    ['ratelimited', 'rate-limited', true],
    ['internal_error', 'unreachable', true],
  ])('%s is %s', async (error, kind, retryable) => {
    const { chat, fake } = await host();
    fake.faults.add({ method: 'chat.postMessage', kind: 'error', error });

    const details = await failureOf(chat.post(place('C1'), outgoing('k', 'Card')));

    expect(details).toMatchObject({ port: 'slack', kind, retryable, code: error });
  });

  it('is learnt from an archived channel, for posts and for edits', async () => {
    const { chat, fake } = await host();
    const handle = await chat.post(place('C1'), outgoing('k', 'Card'));
    fake.archive('C1');

    const post = await failureOf(chat.post(place('C1'), outgoing('l', 'Card')));
    const edit = await failureOf(chat.update(handle, outgoing('k', 'Card', 1)));

    expect([post.kind, post.code, edit.kind, edit.code]).toEqual(['gone', 'is_archived', 'gone', 'is_inactive']);
  });

  it('never carries a secret', async () => {
    const { chat, fake, logged } = await host();
    fake.faults.add({ method: 'chat.postMessage', kind: '500-before' });

    const error = await chat.post(place('C1'), outgoing('k', 'Card')).catch((thrown: unknown) => thrown);

    expect(JSON.stringify([String(error), logged])).not.toMatch(/xoxb|xapp|signing-secret/);
  });
});

describe('looking for a message', () => {
  it('is impossible without the scope, which is said', async () => {
    const { chat, fake } = await host();
    fake.world.scopes.delete('channels:history');
    fake.world.scopes.delete('groups:history');

    expect(await chat.find(place('C1'), 'k', since())).toBe('cannot-look');
  });

  it('is not fooled by the same key in a message of somebody else', async () => {
    const { chat, fake } = await host();
    const handle = await chat.post(place('C1'), outgoing('k', 'Card'));
    const found = fake.world.messages.find((one) => one.ts === handle.id);
    if (found === undefined) throw new Error('the card is missing');
    fake.world.messages.splice(0, fake.world.messages.length, {
      ...found,
      metadata: { event_type: 'other', event_payload: { key: 'k' } },
    });

    expect(await chat.find(place('C1'), 'k', since())).toBe('none');
  });

  it('reaches replies under a root that is older than the time given', async () => {
    const { chat, fake } = await host();
    fake.world.messages.push({
      channel: 'C1',
      ts: '1000000000.000001',
      user: 'UBOT',
      broadcast: false,
      deleted: false,
      versions: [{ text: 'old root', blocks: [], at: 0 }],
    });
    const root = { place: place('C1'), id: '1000000000.000001' };
    const reply = await chat.post(place('C1'), { ...outgoing('reply', 'Reply'), under: root });

    expect(await chat.find(place('C1'), 'reply', since())).toEqual(reply);
  });
});

describe('a message', () => {
  it('of another workspace is not sent', async () => {
    const { chat } = await host();

    const details = await failureOf(chat.post({ ...place('C1'), tenant: 'T7' }, outgoing('k', 'Card')));

    expect(details).toMatchObject({ kind: 'refused', retryable: false });
  });

  it('goes out with our key only, without previews, and as broadcast where everybody must see it', async () => {
    const { chat, fake } = await host();
    const root = await chat.post(place('C1'), outgoing('root', 'Card'));
    await chat.post(place('C1'), { ...outgoing('r', 'Failed'), under: root, broadcast: true });

    const [first, second] = fake.calls('chat.postMessage');

    expect(first?.args).toMatchObject({
      unfurl_links: 'false',
      unfurl_media: 'false',
      metadata: { event_type: 'countersign_message', event_payload: { key: 'root' } },
    });
    expect(second?.args).toMatchObject({ thread_ts: root.id, reply_broadcast: 'true' });
  });
});

describe('the directory', () => {
  it('knows the members of a user group, without those who have left', async () => {
    const { chat, fake } = await host();
    fake.addUser({ id: 'U5', name: 'gone', deleted: true });
    fake.addGroup('S1', ['U1', 'U5', 'U2']);

    const members = await chat.members?.('S1');

    expect(members?.map(({ id, tenant, system }) => [system, tenant, id])).toEqual([
      ['slack', 'T1', 'U1'],
      ['slack', 'T1', 'U2'],
    ]);
  });

  it.each([
    ['a guest', { restricted: true }],
    ['a guest of one channel', { ultraRestricted: true }],
    ['a stranger', { stranger: true }],
    ['somebody of another workspace', { team: 'T7' }],
    ['somebody who was deactivated', { deleted: true }],
    ['a bot', { bot: true }],
  ])('counts %s among the members of no group: they may not act', async (_who, kind) => {
    const { chat, fake } = await host();
    fake.addUser({ id: 'U5', name: 'outside', ...kind });
    fake.addGroup('S1', ['U5', 'U1']);

    expect((await chat.members?.('S1'))?.map(({ id }) => id)).toEqual(['U1']);
  });

  it('fails, and never says "nobody", when a group cannot be read', async () => {
    const { chat, fake } = await host();
    fake.addGroup('S1', ['U1']);
    fake.faults.add({ method: 'usergroups.users.list', kind: '500-before' });

    expect(await failureOf(Promise.resolve(chat.members?.('S1')))).toMatchObject({ retryable: true });
    expect(await failureOf(Promise.resolve(chat.members?.('S7')))).toMatchObject({ kind: 'gone' });
  });

  it('gives verified addresses only', async () => {
    const { chat } = await host();

    const profile = await chat.profile?.({ system: 'slack', tenant: 'T1', id: 'U1' });

    expect(profile).toEqual({ name: 'anna', email: 'anna@example.test', external: false });
  });
});

describe('the start', () => {
  it('is refused when the token belongs to another workspace', async () => {
    const { chat } = await host({ idle: true, settings: { team: 'T7' } });

    const failure = chat.start(testInbox());

    await expect(failure).rejects.toThrow('belongs to workspace T1, but the configuration says team T7');
  });

  it('is refused when the token is wrong', async () => {
    const { chat, fake } = await host({ idle: true });
    fake.faults.add({ method: 'auth.test', kind: 'error', error: 'invalid_auth' });

    expect(await failureOf(chat.start(testInbox()))).toMatchObject({ kind: 'forbidden', code: 'invalid_auth' });
  });

  it('survives a hiccup of Slack', async () => {
    const { chat, fake } = await host({ idle: true });
    fake.faults.add({ method: 'auth.test', kind: '500-before' });
    fake.faults.add({ method: 'apps.connections.open', kind: '500-before' });

    await chat.start(testInbox());

    await until('the connection', () => fake.sockets.count() === 1);
  });
});

describe('the socket', () => {
  it.each(['drop', 'refresh'] as const)('comes back after a %s and hears again', async (how) => {
    const { inbox, fake } = await host();
    const before = fake.calls('apps.connections.open').length;

    fake.sockets[how]();
    await until(
      'the connection',
      () => fake.calls('apps.connections.open').length > before && fake.sockets.count() === 1,
    );
    await fake.command('U1', 'C1', 'status');

    await until('the words', () => inbox.received[0]);
  });

  it('keeps trying while Slack cannot be reached, without an unhandled rejection', async () => {
    const { fake } = await host();
    fake.faults.add({ method: 'apps.connections.open', kind: 'drop-before', times: 2 });

    fake.sockets.drop();

    await until('the connection', () => fake.sockets.count() === 1, 10_000);
    expect(fake.calls('apps.connections.open').length).toBeGreaterThanOrEqual(4);
  });
});

describe('progress', () => {
  it('that comes too fast is put off without a call, and what matters is sent at once', async () => {
    const { chat, fake } = await host();
    const step = (percent: number, revision: number) => ({
      key: 'k',
      revision,
      announcement: {
        ...note('active', ['Deploying'], 'Deploying.'),
        progress: { steps: [], percent, words: `${percent} %` },
      },
    });
    const handle = await chat.post(place('C1'), step(0, 1));
    await chat.update(handle, step(10, 1));

    const details = await failureOf(chat.update(handle, step(20, 1)));
    await chat.update(handle, outgoing('k', 'Failed', 2));

    expect(details.kind).toBe('rate-limited');
    expect(details.retryAfterMs).toBeGreaterThan(0);
    expect(fake.calls('chat.update')).toHaveLength(2);
    expect(fake.messages('C1').map(wordsOf).join()).toContain('Failed');
  });
});
