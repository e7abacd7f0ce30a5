import { afterEach, describe, expect, test } from 'vitest';
import { encoded, signature } from '../fakes/slack/delivery.ts';
import { buttonsOf, wordsOf } from '../fakes/slack/index.ts';
import { until } from '../support/until.ts';
import { ANNA, CLEO, DEPLOYS, openStage, type Stage } from './stage.ts';
import { asked, deployed } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

describe.each(['socket', 'http'] as const)('by %s', (mode) => {
  test('a mistyped name is answered with buttons, and only a fresh press runs them', async () => {
    stage = await openStage({ mode });

    const answer = await stage.told(ANNA, () => stage.slack.command(ANNA, DEPLOYS, 'wbe prod --reason "Try it"'));
    expect(wordsOf(answer)).toContain('There is no service "wbe".');
    expect(await stage.program().store.deployments({ limit: 5 })).toHaveLength(0);
    const [button = ''] = buttonsOf(answer);
    expect(button).toContain('web prod');
    await stage.slack.click(ANNA, answer, button);

    const row = await stage.reaches('D-1', 'awaiting-approval');
    expect(row).toMatchObject({ service: 'web', environment: 'production', reason: 'Try it' });
  });

  test('the bare command opens a form, which asks for what is missing and makes a request', async () => {
    stage = await openStage({ mode });

    await stage.slack.command(ANNA, DEPLOYS, '');
    const form = await until('the form', () => stage.slack.dialogs(ANNA)[0]);
    const services = await stage.slack.suggest(form.id, 'service', 'sh');
    await stage.slack.choose(form.id, 'service', String(services[0]?.['value']));
    const refs = await until('the branches', async () => {
      const found = await stage.slack.suggest(form.id, 'ref', 'ma');
      return found.length > 0 && found;
    });
    await stage.slack.choose(form.id, 'environment', 'production');
    await until('the form to ask for a reason', () => JSON.stringify(form.view).includes('"optional":false'));
    await stage.slack.submit(form.id, { ref: String(refs[0]?.['value']), reason: 'Faster checkout' });

    const row = await stage.reaches('D-1', 'awaiting-approval');
    expect(row).toMatchObject({ ref: 'main', reason: 'Faster checkout', service: 'web', environment: 'production' });
    expect(form.open).toBe(false);
    await stage.card('D-1', DEPLOYS, 'Needs approval');
  });

  test('a mention in a thread is answered in that thread', async () => {
    stage = await openStage({ mode });
    const id = await asked(stage);
    const root = await stage.card(id, DEPLOYS, 'Needs approval');

    await stage.slack.mention(ANNA, DEPLOYS, `status ${id}`, root.ts);

    const answer = await until('the answer', () =>
      [...stage.slack.messages(DEPLOYS), ...stage.slack.privately(ANNA)].find(
        (one) => one.thread === root.ts && wordsOf(one).includes('Needs approval'),
      ),
    );
    expect(wordsOf(answer)).toContain('web → production');
  });

  test('a rejection asks why, and the requester reads it', async () => {
    stage = await openStage({ mode });
    const id = await asked(stage);

    await stage.slack.click(CLEO, await stage.card(id, DEPLOYS, 'Needs approval'), 'reject');
    const dialog = await until('the question', () => stage.slack.dialogs(CLEO)[0]);
    await stage.slack.submit(dialog.id, { answer: 'Not on a Friday, please.' });

    const card = await stage.card(id, DEPLOYS, 'Rejected', 'Cleo Marsh said no: Not on a Friday, please.');
    expect(buttonsOf(card)).toEqual(['Retry']);
    const news = await until('the thread', () =>
      stage.thread(id, DEPLOYS).find((one) => wordsOf(one).includes('<@U1>') && wordsOf(one).includes('said no')),
    );
    expect(wordsOf(news)).toContain('Not on a Friday, please.');
  });

  test('another workspace is told nothing and changes nothing', async () => {
    stage = await openStage({ mode });
    const id = await asked(stage);
    const card = await stage.card(id, DEPLOYS, 'Needs approval');
    const before = await stage.program().store.entries({ limit: 1000 });

    const answers = [
      await stage.told(CLEO, () => stage.slack.click(CLEO, card, 'approve', { team: 'TEVIL' })),
      await stage.told(CLEO, () => stage.slack.click(CLEO, card, 'approve', { enterprise: 'EEVIL' })),
      await stage.told(ANNA, () => stage.slack.command(ANNA, DEPLOYS, 'status', { team: 'TEVIL' })),
    ];

    for (const one of answers) expect(wordsOf(one)).toContain('This bot serves another Slack workspace');
    expect(await stage.program().store.entries({ limit: 1000 })).toHaveLength(before.length);
  });
});

test('a press on an old copy of the card is answered, not obeyed', async () => {
  stage = await openStage();
  const id = await deployed(stage);
  const card = await stage.card(id, DEPLOYS, 'Deployed');
  const old = card.versions.findIndex(({ text }) => text.includes('Needs approval'));

  const answer = await stage.told('U4', () => stage.slack.click('U4', card, 'approve', { version: old }));

  expect(wordsOf(answer)).toContain(`Cleo Marsh has already approved ${id}.`);
  expect(stage.repository.runs).toHaveLength(1);
});

test('forged, stale and unsigned requests are turned away at both addresses', async () => {
  stage = await openStage({ mode: 'http' });
  const id = await asked(stage);
  const { signingSecret } = stage.slack.world;
  const [type, body] = encoded('slash_commands', {
    team_id: 'T1',
    user_id: CLEO,
    user_name: 'cleo',
    channel_id: DEPLOYS,
    command: '/deploy',
    text: `approve ${id}`,
    trigger_id: 'forged',
    response_url: `${stage.slack.apiUrl}hooks/none`,
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

  const slack = [
    await send('/slack/events', signature('another secret', body)),
    await send('/slack/events', signature(signingSecret, body, stale)),
    await send('/slack/events', {}),
  ];
  const github = [
    await send('/webhooks/runs', {
      'x-github-event': 'workflow_run',
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    }),
    await send('/webhooks/runs', { 'x-github-event': 'workflow_run' }),
  ];

  expect(slack).toEqual([401, 401, 401]);
  expect(github).toEqual([401, 401]);
  expect((await stage.reaches(id, 'awaiting-approval')).countersignatures).toHaveLength(0);
});
