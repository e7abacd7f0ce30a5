import { afterEach, describe, expect, test } from 'vitest';
import { BOTH, PLATFORMS } from './chats.ts';
import { ANNA, BEN_U, CLEO, DEPLOYS, EVERYBODY, PLACES, SHOP } from './hands.ts';
import { openStage, type Stage, type StageWish } from './stage.ts';
import { launched } from './steps.ts';
import { TARGETS } from './train-targets.ts';

const LINE = 'train web api worker to prod --reason "Spring sale"';

const SLOW_MS = 60_000;

describe.each([...PLATFORMS, BOTH])('a train through $name', ({ chats }) => {
  let stage: Stage;
  afterEach(() => stage.close());
  const opened = (more: StageWish = {}) => openStage({ chats, rules: { targets: TARGETS }, ...more });

  async function asked(line = LINE): Promise<string> {
    const answer = await stage.told(ANNA, () => stage.hands.ask(ANNA, DEPLOYS, line));
    for (const id of ['D-1', 'D-2', 'D-3']) await stage.reaches(id, 'awaiting-approval');
    return answer.words();
  }

  async function succeeds(id: string): Promise<void> {
    await (await launched(stage, id)).succeed();
    await stage.reaches(id, 'succeeded');
  }

  test('is one card and one press, and goes one after the other to its end', { timeout: SLOW_MS }, async () => {
    stage = await opened({ console: true });
    expect(await asked()).toContain('Requested T-1: web, api, worker to production, one after the other.');
    const card = await stage.card(
      'T-1',
      DEPLOYS,
      'Needs approval',
      'train T-1',
      'web Needs approval',
      'worker Needs approval',
    );
    expect(card.words()).toContain('web needs 1 of');
    expect(await card.buttons(BEN_U)).not.toContain(chats[0] === 'teams' ? 'Approve' : 'nothing');
    expect(await card.buttons(CLEO)).toContain('Approve');
    await stage.hands.press(CLEO, card, 'approve');
    await succeeds('D-1');
    await stage.card('T-1', DEPLOYS, 'Deploying', 'web Deployed');
    await stage.card('T-1', SHOP, '1 of 3 deployed');
    await stage.card('T-1', EVERYBODY, 'new versions are on their way');
    await succeeds('D-2');
    await succeeds('D-3');

    await stage.card('T-1', DEPLOYS, 'Deployed', '3 of 3 deployed', 'Approved by', 'Cleo Marsh');
    await stage.card('T-1', SHOP, '3 of 3 deployed');
    await stage.card('T-1', EVERYBODY, 'new versions are live for customers');
    await stage.quiet();
    expect(await stage.counts('T-1', PLACES)).toEqual([1, 1, 1]);
    for (const id of ['D-1', 'D-2', 'D-3']) expect(await stage.counts(id, PLACES)).toEqual([0, 0, 0]);
    expect((await stage.reaches('D-3', 'succeeded')).countersignatures).toMatchObject([{ by: { id: 'cleo' } }]);
    expect(stage.repository.runs).toHaveLength(3);
    const page = async (path: string) => (await fetch(new URL(path, stage.program().url))).text();
    expect(await page('/?channel=%23deploys')).toContain('train T-1');
    expect(await page('/deployments/D-2')).toContain('T-1, 2 of 3, one after the other: D-1 web, D-2 api, D-3 worker');
    expect(stage.hands.violations()).toEqual([]);
    expect(stage.complaints).toEqual([]);
  });

  test('stops at the first that fails, over a restart, and what had arrived can be brought back', {
    timeout: SLOW_MS,
  }, async () => {
    stage = await opened();
    await asked();
    await stage.hands.press(CLEO, await stage.card('T-1', DEPLOYS, 'worker needs 1 of'), 'approve');
    const first = await launched(stage, 'D-1');
    await stage.stop();
    await stage.start();
    await first.succeed();
    await stage.reaches('D-1', 'succeeded');
    await (await launched(stage, 'D-2')).fail();

    await stage.reaches('D-3', 'cancelled');
    const card = await stage.card('T-1', DEPLOYS, 'Failed', 'stopped: D-2 (api) failed');
    expect(await card.buttons(CLEO)).toEqual(expect.arrayContaining(['Roll Back web', 'Roll Back api']));
    await stage.reply('T-1', DEPLOYS, 'train T-1 is stopped', 'worker (D-3)');
    await stage.card('T-1', EVERYBODY, 'not all new versions arrived');
    await stage.quiet();
    expect(await stage.counts('T-1', PLACES)).toEqual([1, 1, 1]);
    expect(stage.repository.runs).toHaveLength(2);
  });
});
