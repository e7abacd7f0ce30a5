import { afterEach, describe, expect, test } from 'vitest';
import { encoded, signature } from '../fakes/slack/delivery.ts';
import { wordsOf } from '../fakes/slack/index.ts';
import { CLEO, DEPLOYS } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { asked } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

describe.each(['slack-socket', 'slack-http'] as const)('by %s', (chat) => {
  test('another workspace or organisation, which only Slack has, is told nothing and changes nothing', async () => {
    stage = await openStage({ chats: [chat] });
    const { slack, users, channels, fake } = stage.slack();
    const id = await asked(stage);
    const card = fake(await stage.card(id, DEPLOYS, 'Needs approval'));
    const before = await stage.program().store.entries({ limit: 1000 });

    const answers = [
      await stage.told('cleo', () => slack.click(users.cleo, card, 'approve', { team: 'TEVIL' })),
      await stage.told('cleo', () => slack.click(users.cleo, card, 'approve', { enterprise: 'EEVIL' })),
      await stage.told('anna', () => slack.command(users.anna, channels.deploys, 'status', { team: 'TEVIL' })),
    ];

    for (const one of answers) expect(wordsOf(fake(one))).toContain('This bot serves another Slack workspace');
    expect(await stage.program().store.entries({ limit: 1000 })).toHaveLength(before.length);
  });
});

test('requests that neither Slack nor GitHub signed, or Slack long ago, are turned away at both addresses', async () => {
  stage = await openStage({ chats: ['slack-http'] });
  const id = await asked(stage);
  const { slack, users, channels } = stage.slack();
  const { signingSecret } = slack.world;
  const [type, body] = encoded('slash_commands', {
    team_id: 'T1',
    user_id: users[CLEO],
    user_name: 'cleo',
    channel_id: channels[DEPLOYS],
    command: '/deploy',
    text: `approve ${id}`,
    trigger_id: 'forged',
    response_url: `${slack.apiUrl}hooks/none`,
  });
  const send = async (path: string, headers: Readonly<Record<string, string>>) =>
    (
      await fetch(`${stage.program().url}${path}`, {
        method: 'POST',
        headers: { 'content-type': type, ...headers },
        body,
      })
    ).status;
  const stale = Math.floor(Date.now() / 1000) - 400;

  const atSlack = [
    await send('/slack/events', signature('another secret', body)),
    await send('/slack/events', signature(signingSecret, body, stale)),
    await send('/slack/events', {}),
  ];
  const atGitHub = [
    await send('/webhooks/runs', {
      'x-github-event': 'workflow_run',
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    }),
    await send('/webhooks/runs', { 'x-github-event': 'workflow_run' }),
  ];

  expect(atSlack).toEqual([401, 401, 401]);
  expect(atGitHub).toEqual([401, 401]);
  expect((await stage.reaches(id, 'awaiting-approval')).countersignatures).toHaveLength(0);
});
