import { afterEach, expect, test } from 'vitest';
import { addCommit } from '../fakes/github/world.ts';
import { buttonsOf, wordsOf } from '../fakes/slack/index.ts';
import { until } from '../support/until.ts';
import { ANNA, CLEO, DEPLOYS, EVERYBODY, openStage, SHOP, type Stage } from './stage.ts';
import { approved, asked, deployed, launched } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

test('a rollback by command brings the former version back at once and locks the target', async () => {
  stage = await openStage();
  const first = stage.repository.branches.get('main');
  const good = await deployed(stage);
  addCommit(stage.repository, { message: 'A worse checkout' });
  const bad = await deployed(stage);

  const answer = await stage.told(ANNA, () =>
    stage.slack.command(ANNA, DEPLOYS, 'rollback web prod --reason "Checkout fails"'),
  );
  expect(wordsOf(answer)).toContain('Requested D-3: rollback of web in production.');
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
  const news = await until('the news for everybody', () => stage.thread(bad, EVERYBODY).at(-1));
  expect(wordsOf(news)).toContain('Acme Shop');
  expect(stage.roots('D-3', EVERYBODY)).toHaveLength(0);

  const refused = await stage.told(ANNA, () => stage.slack.command(ANNA, DEPLOYS, 'web prod --reason "Again"'));
  expect(wordsOf(refused)).toContain('locked');
  await stage.told(CLEO, () => stage.slack.command(CLEO, DEPLOYS, 'unlock web prod "Mended"'));
  expect((await stage.program().store.target('web', 'production')).lock).toBeUndefined();
});

test('the rollback button asks why first', async () => {
  stage = await openStage();
  await deployed(stage);
  addCommit(stage.repository, { message: 'A worse checkout' });
  const bad = await deployed(stage);

  await stage.slack.click(ANNA, await stage.card(bad, DEPLOYS, 'Deployed'), 'Roll Back');
  const dialog = await until('the question', () => stage.slack.dialogs(ANNA)[0]);
  await stage.slack.submit(dialog.id, { answer: 'Checkout fails' });

  const row = await stage.reaches('D-3', 'running');
  expect(row).toMatchObject({ kind: 'rollback', reason: 'Checkout fails', undoes: bad });
});

test('a running deployment is cancelled at the provider, and says by whom', async () => {
  stage = await openStage();
  const id = await asked(stage);
  await approved(stage, id);
  const run = await launched(stage, id);
  await run.begin();

  await stage.slack.click(ANNA, await stage.card(id, DEPLOYS, 'Deploying', 'deploy'), 'cancel');
  await stage.reaches(id, 'cancelled');

  const card = await stage.card(id, DEPLOYS, 'Cancelled', 'Anna Lind called it off');
  expect(run.run.conclusion).toBe('cancelled');
  expect(buttonsOf(card)).toContain('Retry');
  await stage.card(id, EVERYBODY, 'the new version was called off', 'the former version stays');
});

test('two who ask for one target wait in a queue that says behind whom', async () => {
  stage = await openStage();
  const first = await asked(stage);
  await approved(stage, first);
  addCommit(stage.repository, { message: 'One more' });
  const second = await asked(stage);
  await stage.slack.click(CLEO, await stage.card(second, DEPLOYS, 'Needs approval'), 'approve');

  await stage.card(second, DEPLOYS, 'Queued', `behind ${first} (Anna Lind)`);
  await (await launched(stage, first)).succeed();

  await stage.reaches(second, 'running', 'awaiting-approval');
  expect(stage.repository.runs.filter(({ status }) => status !== 'completed').length).toBeLessThan(2);
});
