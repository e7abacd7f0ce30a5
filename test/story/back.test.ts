import { afterEach, describe, expect, test } from 'vitest';
import { addCommit } from '../fakes/github/world.ts';
import { until } from '../support/until.ts';
import { PLATFORMS } from './chats.ts';
import { ANNA, CLEO, DEPLOYS, EVERYBODY, SHOP } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked, deployed, launched } from './steps.ts';

describe.each(PLATFORMS)('in $name', ({ chats }) => {
  let stage: Stage;
  afterEach(() => stage.close());

  test('a rollback by command brings the former version back at once and locks the target', async () => {
    stage = await openStage({ chats });
    const first = stage.repository.branches.get('main');
    const good = await deployed(stage);
    addCommit(stage.repository, { message: 'A worse checkout' });
    const bad = await deployed(stage);

    const answer = await stage.told(ANNA, () =>
      stage.hands.ask(ANNA, DEPLOYS, 'rollback web prod --reason "Checkout fails"'),
    );
    expect(answer.words()).toContain('Requested D-3: rollback of web in production.');
    const run = await launched(stage, 'D-3');
    expect(run.run.sha).toBe(first);
    await stage.card(bad, DEPLOYS, 'Rolling back');
    await run.succeed();

    await stage.reaches('D-3', 'succeeded');
    await stage.reaches(bad, 'rolled-back');
    await stage.card('D-3', DEPLOYS, 'Rollback: Deployed', `Brings back ${good} in place of ${bad}`);
    await stage.card(bad, DEPLOYS, 'Rolled back', 'brought back by D-3');
    await stage.card(bad, EVERYBODY, 'the new version was taken back');
    await stage.card('D-3', SHOP, 'Deployed');
    const news = await until('the news for everybody', async () => (await stage.thread(bad, EVERYBODY)).at(-1));
    expect(news.words()).toContain('Acme Shop');
    expect(await stage.roots('D-3', EVERYBODY)).toHaveLength(0);

    const refused = await stage.told(ANNA, () => stage.hands.ask(ANNA, DEPLOYS, 'web prod --reason "Again"'));
    expect(refused.words()).toContain('locked');
    await stage.told(CLEO, () => stage.hands.ask(CLEO, DEPLOYS, 'unlock web prod "Mended"'));
    expect((await stage.program().store.target('web', 'production')).lock).toBeUndefined();
  });

  test('the rollback button asks why first', async () => {
    stage = await openStage({ chats });
    await deployed(stage);
    addCommit(stage.repository, { message: 'A worse checkout' });
    const bad = await deployed(stage);

    const card = await stage.card(bad, DEPLOYS, 'Deployed');
    await stage.hands.press(ANNA, card, 'Roll Back', { answer: 'Checkout fails' });

    const row = await stage.reaches('D-3', 'running');
    expect(row).toMatchObject({ kind: 'rollback', reason: 'Checkout fails', undoes: bad });
  });

  test('a running deployment is cancelled at the provider, and says by whom', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    await approved(stage, id);
    const run = await launched(stage, id);
    await run.begin();

    await stage.hands.press(ANNA, await stage.card(id, DEPLOYS, 'Deploying', 'deploy'), 'cancel');
    await stage.reaches(id, 'cancelled');

    const card = await stage.card(id, DEPLOYS, 'Cancelled', 'Anna Lind called it off');
    expect(run.run.conclusion).toBe('cancelled');
    expect(await card.buttons(ANNA)).toContain('Retry');
    await stage.card(id, EVERYBODY, 'the new version was called off', 'the former version stays');
  });

  test('two who ask for one target wait in a queue that says behind whom', async () => {
    stage = await openStage({ chats });
    const first = await asked(stage);
    await approved(stage, first);
    addCommit(stage.repository, { message: 'One more' });
    const second = await asked(stage);
    await stage.hands.press(CLEO, await stage.card(second, DEPLOYS, 'Needs approval'), 'approve');

    await stage.card(second, DEPLOYS, 'Queued', `behind ${first} (Anna Lind)`);
    await (await launched(stage, first)).succeed();

    await stage.reaches(second, 'running', 'awaiting-approval');
    expect(stage.repository.runs.filter(({ status }) => status !== 'completed').length).toBeLessThan(2);
  });
});
