import { afterEach, describe, expect, test } from 'vitest';
import { CHATS } from './chats.ts';
import { ANNA, BEN_U, CLEO, DEPLOYS, DINA, EVERYBODY, PLACES, SAM, SHOP, STRANGER, type Who } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked, deployed, launched } from './steps.ts';

describe.each(CHATS)('a deployment through $name', ({ chats }) => {
  let stage: Stage;
  afterEach(() => stage.close());

  test('goes from the command over a second person to every channel', async () => {
    stage = await openStage({ chats });
    const head = stage.repository.branches.get('main') ?? '';

    const answer = await stage.told(ANNA, () =>
      stage.hands.ask(ANNA, DEPLOYS, 'web prod --reason "Faster checkout for everybody"'),
    );
    expect(answer.words()).toContain('Requested D-1: web@main to production.');
    const card = await stage.card('D-1', DEPLOYS, 'Needs approval', '2 changes by 1 person', '1 passed');
    expect(card.words()).toContain('Faster checkout (#1)');
    expect(await card.buttons(CLEO)).toEqual(['Approve', 'Reject', 'View Changes', 'Cancel', 'Nudge']);
    expect(stage.hands.messages(EVERYBODY)).toHaveLength(0);

    await approved(stage, 'D-1');
    const run = await launched(stage, 'D-1');
    await run.begin();
    await run.step('Build');
    await run.step('Smoke test');
    expect(run.run.sha).toBe(head);
    await stage.card('D-1', DEPLOYS, 'Deploying', 'Approved by', 'Cleo Marsh', '2 of 2: Smoke test');
    await stage.card('D-1', SHOP, 'Deploying', 'Smoke test');
    await stage.card('D-1', EVERYBODY, 'a new version is on its way');

    await run.succeed();
    const done = await stage.card('D-1', DEPLOYS, 'Deployed', 'It runs there now.');
    const line = await stage.card('D-1', SHOP, 'Deployed');
    const news = await stage.card('D-1', EVERYBODY, 'Acme Shop: a new version is live for customers');
    expect(await done.buttons(CLEO)).toContain('Roll Back');
    expect(await done.buttons(CLEO)).not.toContain('Approve');
    expect(line.blocks()).toBeLessThan(4);
    expect(news.words()).toContain('#team-shop');
    expect(news.words()).not.toContain(head.slice(0, 7));
    expect(await stage.counts('D-1', PLACES)).toEqual([1, 1, 1]);
    expect(stage.repository.runs).toHaveLength(1);
    expect(stage.github.violations).toEqual([]);
    expect(stage.hands.violations()).toEqual([]);
    expect(stage.complaints).toEqual([]);
  });

  test('shows at once that it ended, however fast, and does not wait behind progress', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    await approved(stage, id);
    const run = await launched(stage, id);
    await run.begin();
    await run.step('Build');
    await run.succeed();
    await stage.reaches(id, 'succeeded');
    const begun = performance.now();

    await stage.card(id, DEPLOYS, 'Deployed');

    // Mere progress is shown no more often than every three seconds.
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test('is refused to everybody who had a hand in it, with the reason, privately', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    const card = await stage.card(id, DEPLOYS, 'Needs approval');

    // Where a chat keeps the button from those whom it is not for, they type it.
    const said = async (who: Who) => {
      const sees = (await card.buttons(who)).includes('Approve');
      const act = () =>
        sees ? stage.hands.press(who, card, 'approve') : stage.hands.ask(who, DEPLOYS, `approve ${id}`);
      return (await stage.told(who, act)).words();
    };
    const answers = {
      ben: await said(BEN_U),
      anna: await said(ANNA),
      stranger: await said(STRANGER),
      sam: await said(SAM),
    };

    expect(answers.ben).toContain('You cannot approve this, because you had a hand in it: you wrote commits of it');
    expect(answers.anna).toContain('You asked for this deployment, so you cannot also approve it.');
    expect(answers.stranger).toContain('Nobody has said whose account "nobody" is');
    expect(answers.sam).toContain('Only @platform can decide on this.');
    expect((await stage.reaches(id, 'awaiting-approval')).countersignatures).toHaveLength(0);
    expect(stage.repository.runs).toHaveLength(0);
  });

  test('changes nothing when every delivery of the chat and GitHub comes twice', async () => {
    stage = await openStage({ chats });
    const id = await deployed(stage);
    await stage.quiet();
    const before = await stage.program().store.entries({ limit: 1000 });
    const posts = stage.hands.posts();

    await stage.hands.redeliverAll();
    for (const delivery of [...stage.github.postman.deliveries]) await stage.github.postman.redeliver(delivery);
    await stage.quiet();

    expect(await stage.program().store.entries({ limit: 1000 })).toHaveLength(before.length);
    expect(stage.hands.posts()).toBe(posts);
    expect(stage.repository.runs).toHaveLength(1);
    expect(await stage.roots(id, DEPLOYS)).toHaveLength(1);
  });

  test('rings the approvers once, and answers the one who pressed', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    const card = await stage.card(id, DEPLOYS, 'Needs approval');

    const answer = await stage.told(CLEO, () => stage.hands.press(CLEO, card, 'approve'));
    await (await launched(stage, id)).succeed();
    await stage.card(id, DEPLOYS, 'Deployed');
    await stage.quiet();

    const calls = (await stage.thread(id, DEPLOYS)).filter((one) => one.words().includes('please look at'));
    expect(calls).toHaveLength(1);
    const bells = ([CLEO, DINA] as const).map((who) => stage.hands.bell(who)).join(', ');
    expect(calls.map((one) => one.words()).join()).toContain(`⏸ ${bells}, please look at D-1: web to production.`);
    expect(answer.words()).toContain('You have countersigned D-1.');
  });
});
