import { afterEach, describe, expect, test } from 'vitest';
import {
  answers,
  arrives,
  expectCalm,
  HOUR,
  MINUTE,
  openGoverned,
  ROADS,
  recordOf,
  SLOW_MS,
  signs,
  there,
  wished,
  written,
} from './governance-scenes.ts';
import { ANNA, BEN_U, CLEO, DEPLOYS, DINA, SAM } from './hands.ts';
import type { Stage } from './stage.ts';

const ASK = 'web prod --reason "Faster checkout"';
const more = "access: { deploy: '*', cancel: '*', rollback: '*', lock: '*', steal: [platform] }";

let stage: Stage;
afterEach(() => stage.close());

describe.each(ROADS)('in $name, a lock', { timeout: SLOW_MS }, (chats) => {
  test('ends by itself, its owner is told, and what was held back goes on', async () => {
    stage = await openGoverned({ ...chats, more });
    const view = there(stage, chats);
    const id = await wished(stage, ASK);
    const done = await answers(view, SAM, 'lock web production the index is rebuilt --for 30m');
    await view.card(id, DEPLOYS, 'Once approved, it waits until that is opened.', 'the index is rebuilt');
    await signs(view, CLEO, id);
    await stage.reaches(id, 'queued');
    await stage.card(id, DEPLOYS, 'Waiting: the target is locked by Sam Reed', 'the index is rebuilt');
    const why = await answers(view, ANNA, `why ${id}`);
    await stage.pass(29 * MINUTE);
    await stage.quiet();
    expect((await stage.reaches(id, 'queued')).state).toBe('queued');

    await stage.pass(2 * MINUTE);
    await stage.reaches(id, 'running');
    await stage.whispered(SAM, 'Your lock of web in production has expired.');
    await arrives(stage, id);

    expect(done).toContain('It opens by itself');
    expect(why).toContain('the index is rebuilt');
    expect(why).toContain('unlock web production');
    expect(await written(stage, 'target:web/production')).toEqual(['locked', 'unlocked', 'deployed']);
    expect(await recordOf(stage, id)).toMatchObject({ approvals: [{ by: { id: 'cleo' } }] });
    expectCalm(stage, chats);
  });

  test('of somebody else is taken over by nobody by the way, and only with a word to its owner', async () => {
    stage = await openGoverned({ ...chats, more });
    const view = there(stage, chats);
    await answers(stage, SAM, 'lock web production stocktaking');

    const again = await answers(view, CLEO, 'lock web production me too');
    const opened = await answers(view, ANNA, 'unlock web production it is counted');
    await stage.whispered(SAM, 'Anna Lind opened your lock of web in production: it is counted');
    await answers(stage, SAM, 'lock web staging stocktaking');
    const bare = await answers(view, CLEO, 'steal web staging');
    const mine = await answers(view, CLEO, 'steal web staging the release goes on --for 1h');
    await stage.whispered(SAM, 'Cleo Marsh took over your lock of web in staging: the release goes on');
    const barred = await answers(view, SAM, 'steal web staging give it back');
    const shut = await answers(view, SAM, 'unlock web staging');

    expect(again).toContain('stocktaking');
    expect(again).toContain('steal');
    expect(opened).toContain('web in production is open for deployments again.');
    expect(bare).not.toContain('is yours');
    expect(mine).toContain("It was Sam Reed's (stocktaking); they are told.");
    expect(barred).toContain('may not');
    expect(shut).toContain("you may not open somebody else's lock");
    expect(await answers(view, ANNA, 'locks')).toContain('Cleo Marsh');
    expect(await written(stage, 'target:web/staging')).toEqual(['locked', 'lock-taken']);
    await stage.pass(HOUR);
    await stage.whispered(CLEO, 'Your lock of web in staging has expired.');
    expectCalm(stage, chats);
  });
});

describe.each(ROADS)('in $name, what is scheduled', { timeout: SLOW_MS }, (chats) => {
  // The clock of a story begins on Wednesday at ten.
  const AT = '--at 2026-03-04T14:00';
  const checked = { approval: '  { rules: [{ group: platform }], checks: required }' };

  async function ahead(): Promise<string> {
    const id = await wished(stage, `${ASK} ${AT}`);
    await signs(there(stage, chats), CLEO, id);
    await stage.reaches(id, 'queued');
    await stage.card(id, DEPLOYS, 'Approved; begins 2026-03-04 14:00 UTC.', 'Scheduled for');
    return id;
  }

  async function comes(id: string, state: 'running' | 'refused') {
    await stage.pass(3 * HOUR);
    await stage.quiet();
    expect((await stage.reaches(id, 'queued')).state).toBe('queued');
    await stage.pass(HOUR);
    return stage.reaches(id, state);
  }

  test('is approved ahead and goes at its moment, though it had to be asked again whether it may', async () => {
    stage = await openGoverned({ ...chats, rules: checked });
    const id = await ahead();
    const why = await answers(there(stage, chats), ANNA, `why ${id}`);

    const { startedAt } = await comes(id, 'running');
    await arrives(stage, id);

    expect(why).toContain('It is scheduled for later.');
    expect(startedAt?.slice(0, 16)).toBe('2026-03-04T14:00');
    const types = await written(stage, `deployment:${id}`);
    expect(types.filter((type) => type === 'findings-gathered').length).toBeGreaterThan(1);
    expectCalm(stage, chats);
  });

  test.each([
    ['its checks are red', () => red(stage), 'failed: tests'],
    ['somebody locked it', () => answers(stage, SAM, 'lock web production stocktaking'), 'stocktaking'],
    ['there is a freeze', () => answers(stage, SAM, 'freeze production the sale is on'), 'the sale is on'],
  ] as const)(
    'is refused at its moment when %s, and the requester and the channel are told',
    async (_name, spoil, sign) => {
      stage = await openGoverned({ ...chats, rules: checked });
      const view = there(stage, chats);
      const id = await ahead();
      await spoil();

      await comes(id, 'refused');

      const reply = await view.reply(id, DEPLOYS, sign);
      expect(reply.rings(ANNA)).toBe(true);
      await stage.whispered(ANNA, sign, id);
      await stage.card(id, DEPLOYS, 'Refused', sign, 'What to do');
      expect(stage.repository.runs).toEqual([]);
      expect(([BEN_U, DINA] as const).flatMap((who) => stage.hands.privately(who))).toEqual([]);
      expectCalm(stage, chats);
    },
  );
});

/** The checks of what would be deployed fail. */
function red({ repository }: Stage): void {
  const sha = repository.branches.get('main') ?? '';
  repository.checks.set(sha, [{ name: 'tests', status: 'completed', conclusion: 'failure' }]);
}
