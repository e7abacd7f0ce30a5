import { afterEach, describe, expect, test } from 'vitest';
import { wordsOf } from '../fakes/slack/index.ts';
import { DEPLOYS, EVERYBODY, openStage, SHOP, type Stage } from './stage.ts';
import { approved, asked, launched } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

describe.each(['socket', 'http'] as const)('after a restart, by %s,', (mode) => {
  test('a request still waits, and the same message shows how it goes on', async () => {
    stage = await openStage({ mode });
    const id = await asked(stage);
    const before = await stage.card(id, DEPLOYS, 'Needs approval');

    await stage.stop();
    await stage.start();
    await approved(stage, id);
    await (await launched(stage, id)).succeed();

    const after = await stage.card(id, DEPLOYS, 'Deployed');
    expect(after.ts).toBe(before.ts);
    expect(stage.thread(id, DEPLOYS).filter((one) => wordsOf(one).includes('please look at')).length).toBeLessThan(2);
  });

  test('a run that ended meanwhile is seen, and no second one is started', async () => {
    stage = await openStage({ mode });
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
    expect(after.ts).toBe(before.ts);
    expect((await stage.card(id, EVERYBODY, 'live for customers')).ts).toBe(news.ts);
    await stage.card(id, SHOP, 'Deployed');
    expect([DEPLOYS, SHOP, EVERYBODY].map((channel) => stage.roots(id, channel).length)).toEqual([1, 1, 1]);
    expect(stage.repository.runs).toHaveLength(1);
  });
});
