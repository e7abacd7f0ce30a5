import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { CHATS, PLATFORMS } from './chats.ts';
import { ANNA, CLEO, DEPLOYS, DINA } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { asked, deployed } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

describe.each(CHATS)('in $name', ({ chats }) => {
  test('a mistyped name is answered with buttons, and only a fresh press runs them', async () => {
    stage = await openStage({ chats });

    const answer = await stage.told(ANNA, () => stage.hands.ask(ANNA, DEPLOYS, 'wbe prod --reason "Try it"'));
    expect(answer.words()).toContain('There is no service "wbe".');
    expect(await stage.program().store.deployments({ limit: 5 })).toHaveLength(0);
    const [button = ''] = await answer.buttons(ANNA);
    expect(button).toContain('web prod');
    await stage.hands.press(ANNA, answer, button);

    const row = await stage.reaches('D-1', 'awaiting-approval');
    expect(row).toMatchObject({ service: 'web', environment: 'production', reason: 'Try it' });
  });

  test('the bare command opens a form, which asks for what is missing and makes a request', async () => {
    stage = await openStage({ chats });

    const wish = { service: 'sh', ref: 'ma', environment: 'production', reason: 'Faster checkout' };
    const closed = await stage.hands.form(ANNA, DEPLOYS, wish);

    const row = await stage.reaches('D-1', 'awaiting-approval');
    expect(row).toMatchObject({ ref: 'main', reason: 'Faster checkout', service: 'web', environment: 'production' });
    expect(closed).toBe(true);
    await stage.card('D-1', DEPLOYS, 'Needs approval');
  });

  test('a mention in a thread is answered in that thread', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    const root = await stage.card(id, DEPLOYS, 'Needs approval');

    await stage.hands.mention(ANNA, DEPLOYS, `status ${id}`, root);

    const answer = await until('the answer', () =>
      [...stage.hands.messages(DEPLOYS), ...stage.hands.privately(ANNA)].find(
        (one) => one.under === root.id && one.words().includes('Needs approval'),
      ),
    );
    expect(answer.words()).toContain('web → production');
  });

  test('a rejection asks why, and the requester reads it', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);

    const asking = await stage.card(id, DEPLOYS, 'Needs approval');
    await stage.hands.press(CLEO, asking, 'reject', { answer: 'Not on a Friday, please.' });

    const card = await stage.card(id, DEPLOYS, 'Rejected', 'Cleo Marsh said no: Not on a Friday, please.');
    expect(await card.buttons(ANNA)).toEqual(['Retry']);
    const news = await stage.reply(id, DEPLOYS, stage.hands.bell(ANNA), 'said no');
    expect(news.words()).toContain('Not on a Friday, please.');
  });
});

describe.each(PLATFORMS)('in $name', ({ chats }) => {
  test('a press on an old copy of the card is answered, not obeyed', async () => {
    stage = await openStage({ chats });
    const id = await deployed(stage);
    const card = await stage.card(id, DEPLOYS, 'Deployed');

    const answer = await stage.told(DINA, () => stage.hands.press(DINA, card, 'approve', { asOf: 'Needs approval' }));

    expect(answer.words()).toContain(`Cleo Marsh has already approved ${id}.`);
    expect(stage.repository.runs).toHaveLength(1);
  });
});
