import { afterEach, describe, expect, test } from 'vitest';
import { addCommit, addPull, BEN } from '../fakes/github/world.ts';
import { buttonsOf, wordsOf } from '../fakes/slack/index.ts';
import { latest } from '../fakes/slack/world.ts';
import { until } from '../support/until.ts';
import { ANNA, CLEO, DEPLOYS, EVERYBODY, openStage, SHOP, type Stage } from './stage.ts';
import { approved, asked, deployed, launched } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

describe('when Slack is not well', () => {
  test.each(['500-after', 'drop-after', 'garbage'] as const)(
    'a post that was taken but answered with %s makes one card',
    async (kind) => {
      stage = await openStage();
      for (const channel of [DEPLOYS, SHOP, EVERYBODY])
        stage.slack.faults.add({ method: 'chat.postMessage', channel, kind });

      const id = await deployed(stage);
      await stage.card(id, DEPLOYS, 'Deployed');
      await stage.card(id, SHOP, 'Deployed');
      await stage.card(id, EVERYBODY, 'live for customers');

      expect([DEPLOYS, SHOP, EVERYBODY].map((channel) => stage.roots(id, channel).length)).toEqual([1, 1, 1]);
      const calls = stage.thread(id, DEPLOYS).filter((one) => wordsOf(one).includes('please look at'));
      expect(calls.length).toBeLessThan(2);
    },
  );

  test('a channel that has to wait does not hold up another', async () => {
    stage = await openStage();
    stage.slack.faults.add({ method: 'chat.postMessage', channel: SHOP, kind: '429', retryAfter: 3 });
    const id = await asked(stage);
    await approved(stage, id);
    const begun = performance.now();

    await stage.card(id, EVERYBODY, 'on its way');
    const others = performance.now() - begun;
    await stage.card(id, SHOP, 'Deploying');

    expect(others).toBeLessThan(2000);
    expect(performance.now() - begun).toBeGreaterThan(2000);
  });

  test('a channel that is archived during a deployment does not stop it', async () => {
    stage = await openStage();
    const id = await asked(stage);
    await approved(stage, id);
    await stage.card(id, SHOP, 'Deploying');

    stage.slack.archive(SHOP);
    await (await launched(stage, id)).succeed();

    await stage.card(id, DEPLOYS, 'Deployed');
    await stage.card(id, EVERYBODY, 'live for customers');
    const told = await until('the requester to be told', () =>
      stage.slack.privately(ANNA).find((one) => wordsOf(one).includes('could not be delivered')),
    );
    expect(wordsOf(told)).toContain(id);
  });

  test('a root message that somebody removed comes back once, marked as continued', async () => {
    stage = await openStage();
    const id = await asked(stage);
    const first = await stage.card(id, DEPLOYS, 'Needs approval');
    stage.slack.remove({ channel: DEPLOYS, ts: first.ts });
    stage.slack.faults.add({ method: 'chat.postMessage', channel: DEPLOYS, kind: '500-after' });

    await stage.slack.command(CLEO, DEPLOYS, `approve ${id}`);
    await stage.reaches(id, 'running');
    await (await launched(stage, id)).succeed();

    const second = await stage.card(id, DEPLOYS, 'Deployed');
    expect(second.ts).not.toBe(first.ts);
    expect(wordsOf(second)).toContain('continued');
    expect(stage.roots(id, DEPLOYS)).toHaveLength(1);
  });
});

describe('when the code is not as expected', () => {
  test('a branch that moves during the approval changes nothing about what was approved', async () => {
    stage = await openStage();
    const approvedSha = stage.repository.branches.get('main');
    const id = await asked(stage);
    const later = addCommit(stage.repository, { message: 'Sneaked in' });

    await approved(stage, id);
    const run = await launched(stage, id);

    expect(run.run.sha).toBe(approvedSha);
    expect(run.run.sha).not.toBe(later);
  });

  test('a run that reports another commit is stopped, and the deployment fails loudly', async () => {
    stage = await openStage();
    const id = await asked(stage);
    stage.github.quirks.otherSha = 'b'.repeat(40);

    await approved(stage, id);
    await stage.reaches(id, 'failed');

    const card = await stage.card(id, DEPLOYS, 'Failed', 'bbbbbbb');
    await until('the run to be stopped', () => stage.repository.runs[0]?.conclusion === 'cancelled');
    const news = await until('the thread', () => stage.thread(id, DEPLOYS).find((one) => one.broadcast));
    expect(wordsOf(news)).toContain('<@U1>');
    expect(buttonsOf(card)).toContain('Retry');
    expect((await stage.program().store.target('web', 'production')).current).toBeUndefined();
  });

  test('a run that began unseen is found and stopped when its deployment was called off meanwhile', async () => {
    stage = await openStage();
    stage.github.quirks.listingDelay = 3;
    stage.github.faults.plan({ fault: { kind: 'drop', after: true }, method: 'POST', path: '/dispatches' });
    const id = await asked(stage);
    await approved(stage, id);
    await until('the run', () => stage.repository.runs[0]);

    await stage.slack.command(ANNA, DEPLOYS, `cancel ${id} "Stop"`);
    const row = await stage.reaches(id, 'cancelled');

    expect(row.run?.id).toBe(String(stage.repository.runs[0]?.id));
    await until('the run to be stopped', () => stage.repository.runs[0]?.conclusion === 'cancelled');
  });

  test('a failed run says which step, and Retry asks anew', async () => {
    stage = await openStage();
    const id = await asked(stage);
    await approved(stage, id);
    const run = await launched(stage, id);
    await run.step('Build');
    await run.step('Smoke test', 'failure');
    await run.fail();

    const card = await stage.card(id, DEPLOYS, 'Failed', 'Step "Smoke test" of job "deploy" failed.');
    await stage.slack.click(ANNA, card, 'Retry');

    const again = await stage.reaches('D-2', 'awaiting-approval');
    expect(again.retryOf).toBe(id);
    await stage.card('D-2', DEPLOYS, `tries ${id} again`);
  });

  test('titles that want to format, shout or reorder do neither, and a card of 120 commits is not lost', async () => {
    stage = await openStage();
    const nasty = `<!channel> @here *bold* \u202Edrawkcab שלום עולם 🚀 & <script> ${'long '.repeat(60)}`.slice(0, 300);
    for (let index = 0; index < 119; index += 1)
      addCommit(stage.repository, { message: `Change number ${index}`, files: [`db/migrations/${index}.sql`] });
    const sha = addCommit(stage.repository, { message: nasty });
    addPull(stage.repository, { landed: [sha], title: nasty, author: BEN });

    const id = await asked(stage, 'web prod --reason "<!channel> & @here"');
    const card = await stage.card(id, DEPLOYS, 'Needs approval', 'more');

    const shown = JSON.stringify(latest(card));
    expect(shown).not.toContain('<!channel>');
    expect(shown).not.toContain('\u202E');
    expect(shown).not.toMatch(/@here/);
    expect(wordsOf(card)).toContain('🚀');
    expect(stage.slack.calls('chat.postMessage').map(({ outcome }) => outcome)).not.toContain('invalid_blocks');
    await approved(stage, id);
  });
});
