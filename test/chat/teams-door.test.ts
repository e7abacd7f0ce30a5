import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { teams } from '../../adapters/chat/teams/index.ts';
import { type TestInbox, testInbox } from '../contract/chat.ts';
import { type Hosted, hostTeams } from '../fakes/teams/hosted.ts';
import { FORGERIES } from '../fakes/teams/login.ts';
import { until } from '../support/until.ts';

let inbox: TestInbox;
let hosted: Hosted;

async function open(options: Parameters<typeof hostTeams>[1] = {}) {
  inbox = testInbox();
  hosted = await hostTeams(inbox, options);
}
beforeEach(() => open());
afterEach(() => hosted.close());

/** What a stranger must not have caused: work of ours, or a request to anybody. */
function expectNothing(): void {
  expect(inbox.received).toEqual([]);
  expect(hosted.fake.world.calls).toEqual([]);
}

describe('the door of Teams', () => {
  it.each(FORGERIES)('lets nobody in with %s, says nothing, and does nothing', async (forgery) => {
    hosted.fake.forge(forgery);

    const said = await hosted.fake.say('anna', 'deploys', 'web to staging');

    const status = forgery === 'foreign-tenant' || forgery === 'foreign-service-url' ? 403 : 401;
    expect(said).toMatchObject({ status, body: undefined });
    expectNothing();
    expect(hosted.logged.map(({ message }) => message).filter((one) => one.startsWith('teams delivery'))).toHaveLength(
      1,
    );
  });

  it('prints nothing of what a stranger sends', async () => {
    hosted.fake.forge('wrong-key');

    await hosted.fake.say('anna', 'deploys', 'a stranger’s own words');

    expect(JSON.stringify(hosted.logged)).not.toContain('own words');
    expect(JSON.stringify(hosted.logged)).not.toMatch(/eyJ|BEGIN/);
  });

  it.each([
    ['no JSON', 'not json'],
    ['a list', '[]'],
    ['no conversation', '{"type":"message","serviceUrl":"https://smba.trafficmanager.net/"}'],
    ['null', 'null'],
  ])('refuses %s with 400', async (_name, body) => {
    const answer = await fetch(hosted.url, { method: 'POST', body });

    expect([answer.status, await answer.text()]).toEqual([400, '']);
    expectNothing();
  });

  it('is closed with 503 before the start and after the stop', async () => {
    await hosted.close();
    await open({ idle: true });

    const early = await hosted.fake.say('anna', 'deploys', 'status');
    await hosted.chat.start(inbox);
    const heard = await hosted.fake.say('anna', 'deploys', 'status');
    await hosted.chat.stop();
    const late = await hosted.fake.say('anna', 'deploys', 'status');

    expect([early.status, heard.status, late.status]).toEqual([503, 200, 503]);
    expect(inbox.received).toHaveLength(1);
  });

  it('says 503 while the keys cannot be read, and lets people in again afterwards', async () => {
    hosted.fake.down();
    const first = await hosted.fake.say('anna', 'deploys', 'status');
    hosted.fake.up();
    const second = await hosted.fake.say('anna', 'deploys', 'status');

    expect([first.status, second.status]).toEqual([503, 200]);
  });

  it('serves other tenants that are named, and answers with their own', async () => {
    await hosted.close();
    await open({ settings: { moreTenants: ['99999999-9999-4999-8999-999999999999'] } });
    hosted.fake.forge('foreign-tenant');

    const said = await hosted.fake.say('anna', 'deploys', 'status');

    expect(said.status).toBe(200);
    expect(await until('the words', () => inbox.received[0])).toMatchObject({
      place: { tenant: '99999999-9999-4999-8999-999999999999' },
      actor: { tenant: '99999999-9999-4999-8999-999999999999' },
    });
  });

  it('answers an invoke that it does not know with 501', async () => {
    const activity = { ...hostedActivity(), type: 'invoke', name: 'signin/verifyState', value: {} };

    expect((await hosted.fake.deliver(activity)).status).toBe(501);
  });

  it('passes other events by', async () => {
    for (const type of ['messageReaction', 'typing', 'messageUpdate', 'event', 'endOfConversation'])
      expect((await hosted.fake.deliver({ ...hostedActivity(), type })).status).toBe(200);

    expect(inbox.received).toEqual([]);
  });
});

function hostedActivity() {
  const { world, serviceUrl } = hosted.fake;
  return {
    id: '1',
    channelId: 'msteams',
    serviceUrl,
    from: { id: '29:x', aadObjectId: 'a' },
    recipient: { id: `28:${world.appId}` },
    conversation: { id: 'a:1', conversationType: 'personal', tenantId: world.tenant },
    channelData: { tenant: { id: world.tenant } },
  };
}

describe('the start of Teams', () => {
  const settings = () => ({
    appId: hosted.fake.world.appId,
    tenant: hosted.fake.world.tenant,
    secret: 'env:TEAMS',
  });

  it.each([
    ['no app id', { appId: undefined }],
    ['an empty app id', { appId: '' }],
    ['no tenant', { tenant: undefined }],
    ['no secret', { secret: undefined }],
    ['a secret in plain text', { secret: 'hunter2' }],
    ['two credentials', { certificate: 'file:x.pem' }],
    ['no connector', { serviceUrls: [] }],
  ])('is refused with %s', (_name, change) => {
    expect(teams.settings.safeParse({ ...settings(), ...change }).success).toBe(false);
  });

  it('is refused with an empty secret, in words that say which', async () => {
    await hosted.close();
    await open({ idle: true, settings: { secret: 'env:EMPTY' } });

    await expect(hosted.chat.start(inbox)).rejects.toThrow('env:EMPTY');
  });

  it('needs no answer of Teams: an outage does not keep the programme from starting', async () => {
    await hosted.close();
    await open({ idle: true });
    hosted.fake.down();

    await hosted.chat.start(inbox);

    expect(hosted.fake.calls('login')).toEqual([]);
  });
});
