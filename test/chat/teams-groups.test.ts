import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { teamsSettings } from '../../adapters/chat/teams/schema.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { testInbox } from '../contract/chat.ts';
import { manualClock } from '../fakes/clock.ts';
import { type Hosted, hostTeams } from '../fakes/teams/hosted.ts';
import { groupId } from '../fakes/teams/index.ts';
import { conversation, person } from '../fakes/teams/world.ts';

const ENTRA = `entra:${groupId('approvers')}`;

let hosted: Hosted;
beforeEach(async () => {
  hosted = await hostTeams(testInbox());
});
afterEach(() => hosted.close());

async function members(group: string): Promise<readonly string[]> {
  const all = (await hosted.chat.members?.(group)) ?? [];
  return all.map(({ name = '' }) => name).sort();
}

async function failureOf(call: Promise<unknown> | undefined): Promise<PortFailure> {
  const failure = await (call ?? Promise.resolve()).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof PortFailure) return failure;
  throw new Error(`expected a PortFailure, got ${String(failure)}`);
}

function roster(name = 'deploys'): string {
  return `roster:${conversation(hosted.fake.world, name).id}`;
}

function aad(name: string): string {
  return person(hosted.fake.world, name).aad;
}

describe.each([
  ['the roster of a team', () => roster(), 'members'],
  ['a group of Entra', () => ENTRA, 'graph'],
] as const)('%s', (_what, group, call) => {
  beforeEach(() => {
    hosted.fake.addGroup({ name: 'approvers', members: ['anna', 'ben', 'cleo', 'gina'] });
  });

  it('gives accounts as deliveries name them, through all pages and without guests', async () => {
    hosted.fake.world.pageSize = 1;
    hosted.fake.world.entra.pageSize = 1;

    const all = await hosted.chat.members?.(group());

    const { tenant } = hosted.fake.world;
    expect(all).toEqual(['anna', 'ben', 'cleo'].map((name) => ({ system: 'teams', tenant, id: aad(name), name })));
    expect(hosted.fake.calls(call)).toHaveLength(4);
  });

  it('is read anew each time: who believes it for five minutes is the engine', async () => {
    await members(group());
    await members(group());

    expect(hosted.fake.calls(call)).toHaveLength(2);
  });

  it('tells addresses of people the bot has never met, and only for five minutes', async () => {
    const clock = manualClock();
    const { fake, chat, close } = await hostTeams(testInbox(), { clock });
    fake.addGroup({ name: 'approvers', members: ['anna'] });
    const account = { system: 'teams', tenant: fake.world.tenant, id: person(fake.world, 'anna').aad };
    const before = await failureOf(chat.profile?.(account));

    await chat.members?.(group().replace(/19:.*/, conversation(fake.world, 'deploys').id));
    const told = await chat.profile?.({ ...account, id: account.id.toUpperCase() });
    clock.advance(300_000);
    const after = await failureOf(chat.profile?.(account));

    expect(before.details.code).toBe('person_unheard');
    expect(told).toEqual({ name: 'anna', email: 'anna@example.test', external: false });
    expect(after.details.code).toBe('person_unheard');
    expect(fake.calls('member')).toEqual([]);
    await close();
  });

  it('fails, and is not cut short, when a page leads back to itself', async () => {
    hosted.fake.world.paging = 'again';

    const failure = await failureOf(hosted.chat.members?.(group()));

    expect(failure.details.kind).toBe('misbehaved');
    expect(hosted.fake.calls(call).length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['429 with a pause', { kind: 'status', status: 429, retryAfter: 7 }, { kind: 'rate-limited', retryAfterMs: 7000 }],
    ['403', { kind: 'status', status: 403, code: 'Forbidden' }, { kind: 'forbidden', retryable: false }],
    ['no JSON', { kind: 'garbage', times: 99 }, { kind: 'misbehaved' }],
    ['a broken connection', { kind: 'cut-before', times: 99 }, { kind: 'unreachable', retryable: true }],
  ] as const)('fails, and never says "nobody": %s', async (_name, fault, details) => {
    hosted.fake.faults.add({ call, ...fault });

    const failure = await failureOf(hosted.chat.members?.(group()));

    expect(failure.details).toMatchObject({ port: 'teams', ...details });
  });

  it('bears with one answer that is lost', async () => {
    hosted.fake.faults.add({ call, kind: 'status', status: 503 });

    expect(await members(group())).toEqual(['anna', 'ben', 'cleo']);
  });
});

describe('the roster of a team', () => {
  it('leaves out people of tenants that are not named', async () => {
    hosted.fake.addPerson({ name: 'otto', tenant: '99999999-9999-4999-8999-999999999999' });
    hosted.fake.addConversation({ name: 'shared', members: ['anna', 'otto'] });

    expect(await members(roster('shared'))).toEqual(['anna']);
  });

  it('is that of the conversation, whose id may also stand alone', async () => {
    hosted.fake.addConversation({ name: 'private', members: ['ben'] });

    expect(await members(conversation(hosted.fake.world, 'private').id)).toEqual(['ben']);
    expect(await members(roster('private'))).toEqual(['ben']);
  });

  it('cannot be read where the bot is not, and says what to do', async () => {
    hosted.fake.addConversation({ name: 'elsewhere', members: ['ben'], installed: false });

    const failure = await failureOf(hosted.chat.members?.(roster('elsewhere')));

    expect(failure.details).toMatchObject({ kind: 'forbidden', retryable: false });
    expect(failure.message).toContain('Add the app to that team or chat');
  });

  it.each(['General', 'roster:', 'roster:a:1x', 'entra:', 'entra:platform', 'entra:../users', ''])(
    'is not asked for as "%s"',
    async (id) => {
      const failure = await failureOf(hosted.chat.members?.(id));

      expect(failure.details).toMatchObject({ kind: 'refused', code: 'bad_group' });
      expect(hosted.fake.world.calls).toEqual([]);
    },
  );
});

describe('a group of Entra', () => {
  it('has the people of groups within it, each once, and nobody whose account is disabled', async () => {
    const { fake } = hosted;
    fake.addPerson({ name: 'dina', enabled: false });
    const { id } = fake.addGroup({ name: 'inner', members: ['ben', 'cleo', 'dina'] });
    fake.addGroup({ name: 'approvers', members: ['anna', 'ben'], groups: [id] });

    expect(await members(ENTRA)).toEqual(['anna', 'ben', 'cleo']);
  });

  it('that does not end is given up, and counts for nobody', async () => {
    hosted.fake.addGroup({ name: 'approvers', members: ['anna'] });
    hosted.fake.world.paging = 'endless';

    const failure = await failureOf(hosted.chat.members?.(ENTRA));

    expect(failure.details.kind).toBe('misbehaved');
    expect(hosted.fake.calls('graph')).toHaveLength(60);
  });

  it('is asked for with a token of its own, which says for what', async () => {
    hosted.fake.addGroup({ name: 'approvers', members: ['anna'] });
    await members(ENTRA);

    const [login] = hosted.fake.calls('login');
    expect(login?.body['scope']).toBe(`${new URL(hosted.fake.cloud.graph).origin}/.default`);
    expect(hosted.fake.calls('graph')[0]?.path).toContain('accountEnabled&%24count=true&%24top=999');
  });

  it.each([
    ['a permission is missing', ['User.Read.All'], 'Authorization_RequestDenied'],
    ['it shows object ids alone', ['GroupMember.Read.All'], 'graph_veiled'],
  ])('names the permissions when %s, and takes them in when they come', async (_what, given, code) => {
    const clock = manualClock();
    const { fake, chat, close } = await hostTeams(testInbox(), { clock });
    fake.addGroup({ name: 'approvers', members: ['anna'] });
    fake.world.entra.permissions.clear();
    for (const one of given) fake.world.entra.permissions.add(one);

    const failure = await failureOf(chat.members?.(ENTRA));
    for (const one of ['GroupMember.Read.All', 'User.Read.All']) fake.world.entra.permissions.add(one);
    const all = await chat.members?.(ENTRA);

    expect(failure.details).toMatchObject({ kind: 'forbidden', retryable: false, code });
    expect(failure.message).toContain('GroupMember.Read.All and User.Read.All');
    expect(all).toHaveLength(1);
    await close();
  });

  it('is asked for with a new token when the old one is not taken any more', async () => {
    hosted.fake.addGroup({ name: 'approvers', members: ['anna'] });
    await members(ENTRA);
    hosted.fake.expireTokens();

    expect(await members(ENTRA)).toEqual(['anna']);
    expect(hosted.fake.calls('login')).toHaveLength(2);
  });

  it('that does not exist is said to be none', async () => {
    const failure = await failureOf(hosted.chat.members?.(ENTRA));

    expect(failure.details).toMatchObject({ kind: 'not-found', code: 'Request_ResourceNotFound', retryable: false });
    expect(failure.message).toContain('Copy the object id');
  });

  it('is left in peace for as long as Graph asks', async () => {
    const clock = manualClock();
    const { fake, chat, close } = await hostTeams(testInbox(), { clock });
    fake.addGroup({ name: 'approvers', members: ['anna'] });
    fake.faults.add({ call: 'graph', kind: 'status', status: 429, retryAfter: 30 });

    await failureOf(chat.members?.(ENTRA));
    clock.advance(20_000);
    const early = await failureOf(chat.members?.(ENTRA));
    clock.advance(10_000);
    const all = await chat.members?.(ENTRA);

    expect(early.details).toMatchObject({ kind: 'rate-limited', retryAfterMs: 10_000 });
    expect(all).toHaveLength(1);
    expect(fake.calls('graph')).toHaveLength(2);
    await close();
  });

  it('is not followed to another address: our token stays where it is good', async () => {
    const heard: string[] = [];
    const foreign = createServer((request, answer) => {
      heard.push(request.headers.authorization ?? '');
      answer.end(JSON.stringify({ value: [] }));
    });
    await new Promise<void>((resolve) => void foreign.listen(0, '127.0.0.1', resolve));
    hosted.fake.addGroup({ name: 'approvers', members: ['anna', 'ben'] });
    hosted.fake.world.entra.pageSize = 1;
    hosted.fake.world.paging = { foreign: `http://127.0.0.1:${(foreign.address() as AddressInfo).port}` };

    const failure = await failureOf(hosted.chat.members?.(ENTRA));

    expect(failure.details.kind).toBe('misbehaved');
    expect(failure.message).toContain('somewhere else');
    expect(heard).toEqual([]);
    await new Promise((resolve) => foreign.close(resolve));
  });

  it('is not asked for where a token could be overheard', async () => {
    const { cloud } = hosted.fake;
    const open = await hostTeams(testInbox(), {
      settings: { cloud: { ...cloud, graph: 'http://graph.example.test' } },
    });

    const failure = await failureOf(open.chat.members?.(ENTRA));

    expect(failure.details).toMatchObject({ kind: 'refused', code: 'insecure_graph' });
    expect(open.fake.world.calls).toEqual([]);
    await open.close();
  });

  it('is asked for in the public cloud unless another one is named', () => {
    const { cloud } = teamsSettings.parse({ appId: groupId('a'), tenant: groupId('t'), secret: 'env:X' });

    expect(cloud.graph).toBe('https://graph.microsoft.com');
  });
});
