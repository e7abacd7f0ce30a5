import { afterEach, describe, expect, test } from 'vitest';
import { addCommit, addPull, BEN } from '../fakes/github/world.ts';
import { until } from '../support/until.ts';
import { PLATFORMS } from './chats.ts';
import { ANNA, CLEO, DEPLOYS, EVERYBODY, PLACES, SHOP } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked, deployed, launched } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

describe.each(PLATFORMS)('when $name is not well', ({ chats }) => {
  test.each(['error', 'cut', 'garbage'] as const)(
    'a post that was taken but answered with %s makes one card, or one more where a chat cannot be asked for it',
    async (kind) => {
      stage = await openStage({ chats });
      for (const where of PLACES) stage.hands.weather.doubtful(where, kind);

      const id = await deployed(stage);
      await stage.card(id, DEPLOYS, 'Deployed');
      await stage.card(id, SHOP, 'Deployed');
      await stage.card(id, EVERYBODY, 'live for customers');

      for (const count of await stage.counts(id, PLACES)) expect(count).toBeLessThanOrEqual(stage.hands.copies);
      const calls = (await stage.thread(id, DEPLOYS)).filter((one) => one.words().includes('please look at'));
      expect(calls.length).toBeLessThan(2);
    },
  );

  test('a channel that has to wait does not hold up another', async () => {
    stage = await openStage({ chats });
    stage.hands.weather.wait(SHOP, 3);
    const id = await asked(stage);
    await approved(stage, id);
    const begun = performance.now();

    await stage.card(id, EVERYBODY, 'on its way');
    const others = performance.now() - begun;
    await stage.card(id, SHOP, 'Deploying');

    expect(others).toBeLessThan(2000);
    expect(performance.now() - begun).toBeGreaterThan(2000);
  });

  test('a channel that is shut during a deployment does not stop it', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    await approved(stage, id);
    await stage.card(id, SHOP, 'Deploying');

    await stage.hands.shut(SHOP);
    await (await launched(stage, id)).succeed();

    await stage.card(id, DEPLOYS, 'Deployed');
    await stage.card(id, EVERYBODY, 'live for customers');
    await stage.whispered(ANNA, 'could not be delivered', id);
  });

  test('a root message that somebody removed comes back once, marked as continued', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    const first = await stage.card(id, DEPLOYS, 'Needs approval');
    stage.hands.remove(DEPLOYS, first);
    stage.hands.weather.doubtful(DEPLOYS, 'error');

    await stage.hands.ask(CLEO, DEPLOYS, `approve ${id}`);
    await stage.reaches(id, 'running');
    await (await launched(stage, id)).succeed();

    const second = await stage.card(id, DEPLOYS, 'Deployed');
    expect(second.id).not.toBe(first.id);
    expect(second.words()).toContain('continued');
    expect((await stage.roots(id, DEPLOYS)).length).toBeLessThanOrEqual(stage.hands.copies);
  });
});

describe.each(PLATFORMS)('in $name, when the code is not as expected,', ({ chats }) => {
  test('a branch that moves during the approval changes nothing about what was approved', async () => {
    stage = await openStage({ chats });
    const approvedSha = stage.repository.branches.get('main');
    const id = await asked(stage);
    const later = addCommit(stage.repository, { message: 'Sneaked in' });

    await approved(stage, id);
    const run = await launched(stage, id);

    expect(run.run.sha).toBe(approvedSha);
    expect(run.run.sha).not.toBe(later);
  });

  test('a run that reports another commit is stopped, and the deployment fails loudly', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    stage.github.quirks.otherSha = 'b'.repeat(40);

    await approved(stage, id);
    await stage.reaches(id, 'failed');

    const card = await stage.card(id, DEPLOYS, 'Failed', 'bbbbbbb');
    await until('the run to be stopped', () => stage.repository.runs[0]?.conclusion === 'cancelled');
    const news = await stage.reply(id, DEPLOYS, stage.hands.bell(ANNA), 'bbbbbbb');
    expect(news.rings(ANNA)).toBe(true);
    expect(news.broadcast).toBe(stage.hands.broadcasts);
    expect(await card.buttons(ANNA)).toContain('Retry');
    expect((await stage.program().store.target('web', 'production')).current).toBeUndefined();
  });

  test('a run that began unseen is found and stopped when its deployment was called off meanwhile', async () => {
    stage = await openStage({ chats });
    stage.github.quirks.listingDelay = 3;
    stage.github.faults.plan({ fault: { kind: 'drop', after: true }, method: 'POST', path: '/dispatches' });
    const id = await asked(stage);
    await approved(stage, id);
    await until('the run', () => stage.repository.runs[0]);

    await stage.hands.ask(ANNA, DEPLOYS, `cancel ${id} "Stop"`);
    const row = await stage.reaches(id, 'cancelled');

    expect(row.run?.id).toBe(String(stage.repository.runs[0]?.id));
    await until('the run to be stopped', () => stage.repository.runs[0]?.conclusion === 'cancelled');
  });

  test('a failed run says which step, and Retry asks anew', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    await approved(stage, id);
    const run = await launched(stage, id);
    await run.step('Build');
    await run.step('Smoke test', 'failure');
    await run.fail();

    const card = await stage.card(id, DEPLOYS, 'Failed', 'Step "Smoke test" of job "deploy" failed.');
    await stage.hands.press(ANNA, card, 'Retry');

    const again = await stage.reaches('D-2', 'awaiting-approval');
    expect(again.retryOf).toBe(id);
    await stage.card('D-2', DEPLOYS, `tries ${id} again`);
  });

  test('titles that want to format, shout or reorder do neither, and a card of 120 commits is not lost', async () => {
    stage = await openStage({ chats });
    const nasty = `<!channel> @here *bold* \u202Edrawkcab שלום עולם 🚀 & <script> ${'long '.repeat(60)}`.slice(0, 300);
    for (let index = 0; index < 119; index += 1)
      addCommit(stage.repository, { message: `Change number ${index}`, files: [`db/migrations/${index}.sql`] });
    const sha = addCommit(stage.repository, { message: nasty });
    addPull(stage.repository, { landed: [sha], title: nasty, author: BEN });

    const id = await asked(stage, 'web prod --reason "<!channel> & @here"');
    const card = await stage.card(id, DEPLOYS, 'Needs approval', 'more');

    const shown = card.raw();
    expect(shown).not.toContain('<!channel>');
    expect(shown).not.toContain('\u202E');
    expect(stage.hands.shouts(card)).toEqual([]);
    expect(card.words()).toContain('🚀');
    expect(stage.hands.violations()).toEqual([]);
    await approved(stage, id);
  });
});
