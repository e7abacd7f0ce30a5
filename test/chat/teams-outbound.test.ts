import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { note } from '../../src/domain/announcement.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Outgoing } from '../../src/ports/chat.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { outgoing, testInbox } from '../contract/chat.ts';
import { sharedRecords } from '../fakes/records.ts';
import { type Hosted, hostInstances, hostTeams } from '../fakes/teams/hosted.ts';
import { conversation, person } from '../fakes/teams/world.ts';
import { until } from '../support/until.ts';

let hosted: Hosted;
beforeEach(async () => {
  hosted = await hostTeams(testInbox());
});
afterEach(async () => {
  expect(hosted.fake.world.violations).toEqual([]);
  await hosted.close();
});

function place(name = 'deploys') {
  const { world } = hosted.fake;
  return { chat: 'teams', tenant: world.tenant, channel: conversation(world, name).id };
}

async function failureOf(call: Promise<unknown>): Promise<PortFailure> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof PortFailure) return failure;
  throw new Error(`expected a PortFailure, got ${String(failure)}`);
}

function ringing(name: string, accounts: Person['accounts']): Outgoing {
  const someone: Person = { id: name, name: `${name} of the configuration`, known: true, accounts };
  const title = [{ kind: 'person', person: someone, notify: true } as const, ', please look at D-1'];
  return { key: 'k', revision: 0, announcement: note('waiting', title, 'Please look at D-1.') };
}

describe('a message to Teams', () => {
  it.each([
    ['429 with a pause', { kind: 'status', status: 429, retryAfter: 7 }, { retryable: true, retryAfterMs: 7000 }],
    ['429 without a pause', { kind: 'status', status: 429 }, { retryable: true, kind: 'rate-limited' }],
    ['412', { kind: 'status', status: 412 }, { retryable: true }],
    ['502', { kind: 'status', status: 502 }, { retryable: true, inDoubt: true }],
    ['504', { kind: 'status', status: 504 }, { retryable: true, inDoubt: true }],
    ['502 after it was posted', { kind: 'status-after', status: 502 }, { retryable: true, inDoubt: true }],
    ['a connection that breaks afterwards', { kind: 'cut-after' }, { retryable: true, inDoubt: true }],
    [
      'a bot that is not in the channel',
      { kind: 'status', status: 403, code: 'BotNotInConversationRoster' },
      { retryable: false },
    ],
    ['a message that is too large', { kind: 'status', status: 413, code: 'MessageSizeTooBig' }, { retryable: false }],
  ] as const)('is sent once whatever happens: %s', async (_name, fault, details) => {
    hosted.fake.faults.add({ call: 'create', ...fault });

    const failure = await failureOf(hosted.chat.post(place(), outgoing('k', 'Deployed web')));

    expect(failure.details).toMatchObject({ port: 'teams', ...details });
    expect(hosted.fake.calls('create')).toHaveLength(1);
  });

  it('is not taken for changed when something between us and Teams answers in its place', async () => {
    const handle = await hosted.chat.post(place(), outgoing('k', 'Deploying web'));
    hosted.fake.faults.add({ call: 'update', kind: 'garbage' });

    const failure = await failureOf(hosted.chat.update(handle, outgoing('k', 'Deployed web', 1)));
    await hosted.chat.update(handle, outgoing('k', 'Deployed web', 1));

    expect(failure.details).toMatchObject({ kind: 'misbehaved', retryable: true });
    expect(hosted.fake.words({ conversation: place().channel, id: handle.id })).toContain('Deployed web');
  });

  it('rings people by object id, and by their address where nothing else is known', async () => {
    const { chat, fake } = hosted;
    const anna = person(fake.world, 'anna');
    const ben = person(fake.world, 'ben');

    const one = await chat.post(place(), ringing('anna', [{ system: 'teams', id: anna.aad.toUpperCase() }]));
    const two = await chat.post(place(), ringing('ben', [{ system: 'email', id: ben.email.toUpperCase() }]));
    const three = await chat.post(place(), ringing('zoe', [{ system: 'email', id: 'zoe@example.test' }]));

    const entities = (id: string) => JSON.stringify(fake.message({ conversation: place().channel, id })?.versions[0]);
    expect(entities(one.id)).toContain(anna.mri);
    expect(entities(two.id)).toContain(ben.mri);
    expect(entities(three.id)).not.toContain('"mention"');
    expect(entities(three.id)).toContain('zoe of the configuration');
  });

  it('asks for a roster once in five minutes, however many cards there are', async () => {
    const { aad } = person(hosted.fake.world, 'anna');
    for (let count = 0; count < 4; count += 1)
      await hosted.chat.post(place(), ringing('anna', [{ system: 'teams', id: aad }]));

    expect(hosted.fake.calls('members')).toHaveLength(1);
  });

  it('never goes to an address that is not allowed, whatever a delivery claimed', async () => {
    hosted.fake.forge('foreign-service-url');
    await hosted.fake.say('anna', 'deploys', 'status');
    hosted.fake.forge();

    await hosted.chat.post(place(), outgoing('k', 'Deployed web'));

    expect(hosted.fake.messages('deploys')).toHaveLength(1);
  });

  it.each([
    ['another chat', { chat: 'slack' }],
    ['another tenant', { tenant: '99999999-9999-4999-8999-999999999999' }],
  ])('does not go to %s', async (_name, change) => {
    const failure = await failureOf(hosted.chat.post({ ...place(), ...change }, outgoing('k', 'x')));

    expect(failure.details).toMatchObject({ kind: 'refused', code: 'foreign_place', retryable: false });
    expect(hosted.fake.world.calls).toEqual([]);
  });

  it('stays under the rates of Teams, and says when to come again', async () => {
    hosted.fake.limits();
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_none, count) =>
        hosted.chat.post(place(), outgoing(`k${count}`, `Message ${count}`)).catch((error: unknown) => error),
      ),
    );

    const held = tries.filter((one) => one instanceof PortFailure);
    expect(held).toHaveLength(5);
    expect(held[0]?.details).toMatchObject({ kind: 'rate-limited', retryable: true });
    expect(hosted.fake.world.calls.filter(({ status }) => status === 429)).toEqual([]);
  });

  it('takes nobody for a stranger while much is being said, and posts no card without the bell it should ring', async () => {
    const inbox = testInbox();
    const { fake, chat, close } = await hostTeams(inbox);
    const rooms = Array.from({ length: 6 }, (_none, count) =>
      fake.addConversation({ name: `room-${count}`, members: ['anna', 'ben'] }),
    );
    const at = (channel: string) => ({ chat: 'teams', tenant: fake.world.tenant, channel });
    const busy = await Promise.allSettled(
      rooms.flatMap(({ id }) => [1, 2, 3, 4, 5].map((count) => chat.post(at(id), outgoing(`${id}-${count}`, 'News')))),
    );

    const unrung = await failureOf(
      chat.post(at(rooms[0]?.id ?? ''), ringing('ben', [{ system: 'email', id: person(fake.world, 'ben').email }])),
    );
    await fake.say('anna', 'room-1', 'status');

    expect(busy.some(({ status }) => status === 'rejected')).toBe(true);
    expect(unrung.details).toMatchObject({ kind: 'rate-limited', retryable: true });
    expect(await until('the words', () => inbox.received[0])).toMatchObject({ external: false });
    await close();
  });

  it('logs in once for many, and again when the token is not taken any more', async () => {
    await Promise.all(['a', 'b', 'c'].map((key) => hosted.chat.post(place(), outgoing(key, key))));
    hosted.fake.expireTokens();
    const failure = await failureOf(hosted.chat.post(place(), outgoing('d', 'd')));
    await hosted.chat.post(place('support'), outgoing('e', 'e'));

    expect(failure.details).toMatchObject({ retryable: true });
    expect(hosted.fake.calls('login')).toHaveLength(2);
  });
});

describe('what Teams has told of people and places', () => {
  it('outlives a restart, and is known to every instance', async () => {
    const shared = sharedRecords();
    const inboxes = [testInbox(), testInbox()];
    const { fake, instances, close } = await hostInstances(inboxes, { records: shared.instance() });
    await fake.say('anna', 'personal', 'status');
    await until('the words', () => inboxes.flatMap(({ received }) => received)[0]);
    const account = { system: 'teams', tenant: fake.world.tenant, id: person(fake.world, 'anna').aad };
    const size = shared.size('teams/references');

    for (const { chat } of instances) await chat.whisper(account, outgoing('w', 'For you alone'));
    await fake.say('anna', 'personal', 'status');

    expect(fake.privately('anna')).toHaveLength(2);
    expect(fake.calls('create')).toEqual([]);
    expect(size).toBe(2);
    expect(shared.size('teams/references')).toBe(size);
    await close();
  });

  it('makes a chat of their own only once for each person', async () => {
    await hosted.fake.say('anna', 'deploys', 'status');
    const account = { system: 'teams', tenant: hosted.fake.world.tenant, id: person(hosted.fake.world, 'anna').aad };
    await hosted.chat.whisper(account, outgoing('w1', 'For you alone'));
    await hosted.chat.whisper(account, outgoing('w2', 'For you again'));

    expect(hosted.fake.calls('create')).toHaveLength(1);
    expect(hosted.fake.privately('anna')).toHaveLength(2);
  });

  it('gives the members of a team without guests, and the addresses and standing of people', async () => {
    const { chat, fake } = hosted;
    await fake.say('anna', 'deploys', 'status');
    await fake.say('gina', 'deploys', 'status');
    const account = (name: string) => ({ system: 'teams', id: person(fake.world, name).aad });

    const members = await chat.members?.(place().channel);
    const [anna, gina] = await Promise.all(['anna', 'gina'].map((name) => chat.profile?.(account(name))));
    const stranger = await failureOf(chat.profile?.(account('dora')) ?? Promise.resolve());

    expect(members?.map(({ id }) => id).sort()).toEqual(
      ['anna', 'ben', 'cleo'].map((name) => person(fake.world, name).aad).sort(),
    );
    expect(anna).toEqual({ name: 'anna', email: person(fake.world, 'anna').email, external: false });
    expect(gina?.external).toBe(true);
    expect(stranger.details).toMatchObject({ kind: 'not-found', code: 'person_unheard' });
  });
});
