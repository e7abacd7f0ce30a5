import { afterEach, describe, expect, it } from 'vitest';
import { homeView } from '../../adapters/chat/slack/home.ts';
import { type Announcement, note } from '../../src/domain/announcement.ts';
import { type TestInbox, testInbox } from '../contract/chat.ts';
import { type Hosted, type HostOptions, hostSlack } from '../fakes/slack/hosted.ts';
import { until } from '../support/until.ts';

let hosted: Hosted | undefined;
afterEach(async () => {
  await hosted?.close();
  hosted = undefined;
});

async function host(mode: HostOptions['mode'] = 'socket') {
  const inbox = testInbox();
  hosted = await hostSlack(inbox, { mode });
  return { inbox, ...hosted };
}

const card: Announcement = {
  ...note('waiting', ['anna: 1 request waits for you.'], 'One request waits for you.'),
  facts: [{ label: 'Quiet hours', value: ['none'] }],
  sections: [{ title: 'Waits for you', items: [['D-1042 Needs approval']], total: 1 }],
  buttons: [{ label: 'Show D-1042', verb: 'run', value: 'status D-1042', style: 'plain' }],
  links: [{ label: 'Open Your Page', url: 'https://deploy.example.test/me' }],
};

function say(inbox: TestInbox, announcement: Announcement): void {
  inbox.reply = { kind: 'say', visibility: 'private', announcement };
}

describe('the Home tab', () => {
  it.each(['socket', 'http'] as const)('shows the answer to `home` to whoever opens it (%s)', async (mode) => {
    const { inbox, fake } = await host(mode);
    say(inbox, card);

    await fake.openApp('U1');

    const view = await until('the view', () => fake.world.homes.get('U1'));
    expect(inbox.received).toMatchObject([
      { input: { kind: 'text', text: 'home' }, actor: { system: 'slack', tenant: 'T1', id: 'U1' }, external: false },
    ]);
    expect(inbox.received[0]?.key).toMatch(/^slack:Ev/);
    const words = JSON.stringify(view);
    for (const shown of ['1 request waits for you', 'D-1042', 'Quiet hours', 'Open Your Page'])
      expect(words).toContain(shown);
    expect(fake.privately('U1')).toEqual([]);
  });

  it('has no button that could not be answered', async () => {
    expect(JSON.stringify(homeView(card, { team: 'T1' }))).not.toContain('"cs:run');
  });

  it('tells an outsider from a member, as every way in does', async () => {
    const { inbox, fake } = await host();
    say(inbox, card);
    fake.addUser({ id: 'U7', name: 'guest', restricted: true });

    await fake.openApp('U7');

    expect(await until('the visit', () => inbox.received[0])).toMatchObject({ external: true, actor: { id: 'U7' } });
  });

  it('leaves the conversation and foreign workspaces alone', async () => {
    const { inbox, fake } = await host();
    say(inbox, card);

    await fake.openApp('U1', 'messages');
    await fake.event(
      { type: 'app_home_opened', user: 'U1', channel: 'D1', tab: 'home' },
      { team_id: 'T9', authorizations: [{ team_id: 'T9', enterprise_id: null }] },
    );
    await fake.openApp('U2');

    await until('the right one', () => fake.world.homes.get('U2'));
    expect(inbox.received.map(({ actor }) => actor.id)).toEqual(['U2']);
    expect([...fake.world.homes.keys()]).toEqual(['U2']);
  });

  it('keeps Slack’s limits however much there is to show', async () => {
    const { inbox, fake } = await host();
    const sections = Array.from({ length: 80 }, (_, index) => ({
      title: `List ${index}`,
      items: Array.from({ length: 40 }, () => ['x'.repeat(900)]),
      total: 40,
    }));
    say(inbox, { ...card, sections });

    await fake.openApp('U1');

    const { blocks } = (await until('the view', () => fake.world.homes.get('U1'))) as { blocks: readonly unknown[] };
    expect(blocks.length).toBeLessThanOrEqual(100);
  });

  it('logs what Slack refuses, and lives on', async () => {
    const { inbox, fake, logged } = await host();
    say(inbox, card);
    fake.faults.add({ method: 'views.publish', kind: '500-before', times: 1 });

    await fake.openApp('U1');
    await until('the complaint', () => logged.find(({ level }) => level === 'error'));
    await fake.openApp('U1');

    await until('the view', () => fake.world.homes.get('U1'));
  });
});
