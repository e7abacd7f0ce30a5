import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { PLATFORMS } from './chats.ts';
import { handClock } from './hand-clock.ts';
import { DEPLOYS, EVERYBODY, SHOP, type Where } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked, launched } from './steps.ts';

describe.each(PLATFORMS)('a workflow that is run past us, with $name', ({ chats }) => {
  let stage: Stage;
  afterEach(() => stage.close());

  const told = (where: Where) =>
    stage.hands
      .messages(where)
      .map((one) => one.words())
      .filter((words) => words.includes('outside Countersign'));
  const shows = (where: Where, words: string) =>
    until(`"${words}" in ${where}`, async () => told(where).some((one) => one.includes(words)) || undefined, 10_000);

  test('is told to engineers and the line once, with its end, and written on its targets', async () => {
    stage = await openStage({ chats, clock: handClock(new Date().toISOString()) });
    const run = await stage.github.startByHand(stage.repository);
    await run.begin();
    await stage.pass(31_000);
    await shows(DEPLOYS, 'the run is running');
    await run.fail();
    for (const delivery of [...stage.github.postman.deliveries]) await stage.github.postman.redeliver(delivery);
    await stage.pass(31_000);
    await shows(DEPLOYS, 'the run failed');
    await shows(SHOP, 'the run failed');
    await stage.pass(120_000);
    await stage.quiet();

    expect(told(DEPLOYS)).toHaveLength(1);
    expect(told(DEPLOYS)[0]).toContain('ben started deploy.yml');
    expect(told(DEPLOYS)[0]).toContain('web → production');
    expect(told(SHOP)).toHaveLength(1);
    expect(told(EVERYBODY)).toEqual([]);
    const entries = await stage.program().store.entries({ stream: 'target:web/production', limit: 100 });
    expect(entries.map(({ event }) => event)).toMatchObject([
      { type: 'outside-run', actor: 'ben', state: 'running' },
      { type: 'outside-run', actor: 'ben', state: 'failed' },
    ]);
    expect(stage.github.violations).toEqual([]);
    expect(stage.hands.violations()).toEqual([]);
    expect(stage.complaints).toEqual([]);
  });

  test('is never said of our own, whose webhook comes before the start is answered', async () => {
    stage = await openStage({ chats, clock: handClock(new Date().toISOString()) });
    stage.github.quirks.webhookFirst = true;
    const id = await asked(stage);
    await approved(stage, id);
    const run = await launched(stage, id);
    await run.begin();
    await stage.pass(31_000);
    await run.succeed();
    await stage.reaches(id, 'succeeded');
    await stage.pass(61_000);
    await stage.quiet();

    expect([...told(DEPLOYS), ...told(SHOP)]).toEqual([]);
  });
});
