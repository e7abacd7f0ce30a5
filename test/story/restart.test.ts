import { afterEach, describe, expect, test } from 'vitest';
import { CHATS } from './chats.ts';
import { DEPLOYS, EVERYBODY, PLACES, SHOP } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked, launched } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

describe.each(CHATS)('after a restart, in $name,', ({ chats }) => {
  test('a request still waits, and the same message shows how it goes on', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    const before = await stage.card(id, DEPLOYS, 'Needs approval');

    await stage.stop();
    await stage.start();
    await approved(stage, id);
    await (await launched(stage, id)).succeed();

    const after = await stage.card(id, DEPLOYS, 'Deployed');
    expect(after.id).toBe(before.id);
    const calls = (await stage.thread(id, DEPLOYS)).filter((one) => one.words().includes('please look at'));
    expect(calls.length).toBeLessThan(2);
  });

  test('a run that ended meanwhile is seen, and no second one is started', async () => {
    stage = await openStage({ chats });
    const id = await asked(stage);
    await approved(stage, id);
    const run = await launched(stage, id);
    const before = await stage.card(id, DEPLOYS, 'Deploying');
    const news = await stage.card(id, EVERYBODY, 'on its way');
    await stage.card(id, SHOP, 'Deploying');

    await stage.stop();
    await run.succeed();
    await stage.start();

    const after = await stage.card(id, DEPLOYS, 'Deployed');
    expect(after.id).toBe(before.id);
    expect((await stage.card(id, EVERYBODY, 'live for customers')).id).toBe(news.id);
    await stage.card(id, SHOP, 'Deployed');
    expect(await stage.counts(id, PLACES)).toEqual([1, 1, 1]);
    expect(stage.repository.runs).toHaveLength(1);
  });
});
