import { afterEach, describe, expect, test } from 'vitest';
import { addCommit } from '../fakes/github/world.ts';
import {
  arrives,
  DAY,
  expectCalm,
  MINUTE,
  news,
  openGoverned,
  ROADS,
  SLOW_MS,
  signs,
  there,
  wished,
} from './governance-scenes.ts';
import { ANNA, CLEO, DEPLOYS, EVERYBODY, SAM, SHOP, type Where } from './hands.ts';
import type { Stage } from './stage.ts';
import { launched } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

const ENVIRONMENTS = `  staging: { approval: { rules: [] } }
  production: { title: live for customers, aliases: [prod], customerFacing: true, after: [{ environment: staging, bake: 30m }] }`;

describe.each(ROADS)('in $name, a commit', { timeout: SLOW_MS }, (chats) => {
  test('is brought on by a button to what comes after, once it has stood its time', async () => {
    stage = await openGoverned({ ...chats, rules: { environments: ENVIRONMENTS } });
    const view = there(stage, chats);
    const early = await wished(stage, 'web prod --reason "Too soon"', ['refused']);
    await stage.whispered(ANNA, 'has not succeeded in staging yet');
    const staged = await wished(stage, 'web staging', ['running']);
    await arrives(stage, staged);
    const sha = stage.repository.branches.get('main') ?? '';
    addCommit(stage.repository, { message: 'What nobody has tried yet' });

    await promote(view, staged, 'D-3', 'It is ready');
    const baking = await stage.reaches('D-3', 'refused');
    await stage.pass(30 * MINUTE);
    await promote(view, staged, 'D-4', 'It has stood its time');
    const asked = await stage.reaches('D-4', 'awaiting-approval');
    await signs(view, CLEO, 'D-4');
    await arrives(stage, 'D-4');

    expect(early).toBe('D-1');
    expect(baking.refusals.map(({ code }) => code)).toEqual(['bake-unfinished']);
    expect(asked).toMatchObject({ environment: 'production', ref: sha, requester: { id: 'anna' } });
    expect((await stage.program().store.target('web', 'production')).current?.sha).toBe(sha);
    const card = await view.card('D-4', DEPLOYS, 'Deployed');
    expect((await card.buttons(ANNA)).filter((label) => label.startsWith('Promote'))).toEqual([]);
    expectCalm(stage, chats);
  });
});

/** Presses the button of the staged deployment; the form that asks why is sent with the reason. */
async function promote(view: ReturnType<typeof there>, staged: string, next: string, reason: string): Promise<void> {
  const card = await view.card(staged, DEPLOYS, 'Deployed');
  expect(await card.buttons(ANNA)).toContain('Promote to production');
  await view.hands.press(ANNA, card, 'Promote to production');
  await view.hands.offered(ANNA);
  expect(await view.hands.fillIn(ANNA, { reason })).toBe(true);
  await view.card(next, DEPLOYS, reason);
}

const HOTFIX = 'hotfix web prod --reason "Mend it" --incident https://incidents.example.com/7';
const REGULAR = 'web prod --reason "As every week"';

describe.each(ROADS)('in $name, a channel', { timeout: SLOW_MS }, (chats) => {
  const wish = {
    ...chats,
    hear: [DEPLOYS] as const,
    more: "access: { deploy: '*', cancel: '*', rollback: '*', lock: '*', hotfix: '*' }",
  };

  /** What the bot has said in a place, once nothing more is to be said. */
  async function said(where: Where): Promise<readonly string[]> {
    await stage.quiet();
    return stage.hands.messages(where).map((one) => one.words());
  }

  /** One deployment of something new. */
  async function goes(line: string, end: 'well' | 'badly'): Promise<string> {
    news(stage, `For ${line} ${end}`);
    const id = await wished(stage, line);
    await signs(there(stage, chats), CLEO, id);
    const run = await launched(stage, id);
    await (end === 'well' ? run.succeed() : run.fail());
    await stage.reaches(id, end === 'well' ? 'succeeded' : 'failed');
    return id;
  }

  test('hears once a day or week what it asked for, and nothing where nothing happened', async () => {
    stage = await openGoverned(wish);
    const daily = await stage.told(SAM, () => stage.hands.ask(SAM, SHOP, 'subscribe web production mode:digest'));
    const weekly = 'subscribe * * mode:digest --cadence weekly';
    await stage.told(SAM, () => stage.hands.ask(SAM, EVERYBODY, weekly));
    await stage.pass(DAY);
    expect([await said(SHOP), await said(EVERYBODY)]).toEqual([[], []]);

    const good = await goes(REGULAR, 'well');
    const bad = await goes(REGULAR, 'badly');
    const staged = await wished(stage, 'web staging', ['running']);
    await arrives(stage, staged);
    expect(await said(SHOP)).toEqual([]);
    await stage.pass(DAY);
    const [first, ...more] = await said(SHOP);
    await stage.pass(DAY);
    const later = await said(SHOP);
    const early = await said(EVERYBODY);
    await stage.pass(3 * DAY);
    const [week, ...others] = await said(EVERYBODY);
    await stage.pass(7 * DAY);

    expect(daily.words()).toContain('digest, daily');
    expect(first).toContain('1 deployment succeeded, 1 went wrong');
    for (const id of [good, bad]) expect(first).toMatch(new RegExp(`\\b${id}\\b`));
    expect(first).not.toMatch(new RegExp(`\\b${staged}\\b`));
    expect(week).toContain('2 deployments succeeded, 1 went wrong');
    expect([more, later, early, others]).toEqual([[], [first], [], []]);
    expect([await said(SHOP), await said(EVERYBODY)]).toEqual([[first], [week]]);
    expectCalm(stage, chats);
  });

  test('hears only of what passes its filters, from the moment that it asked for', async () => {
    stage = await openGoverned(wish);
    const line = 'subscribe * * mode:line --events failed --kinds hotfix';
    const typed = await stage.told(SAM, () => stage.hands.ask(SAM, SHOP, line));
    await stage.told(SAM, () =>
      stage.hands.ask(SAM, EVERYBODY, 'subscribe * * mode:line --people anna --events started'),
    );
    await goes(REGULAR, 'badly');
    await goes(HOTFIX, 'well');
    expect(await said(SHOP)).toEqual([]);
    news(stage, 'For nobody yet');
    const waiting = await wished(stage, HOTFIX);
    expect((await said(EVERYBODY)).join()).not.toContain(waiting);
    await signs(there(stage, chats), CLEO, waiting);
    await (await launched(stage, waiting)).fail();
    await stage.reaches(waiting, 'failed');

    expect(typed.words()).toContain('line; events: failed; kinds: hotfix');
    const told = await said(SHOP);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('Failed');
    expect(await stage.roots(waiting, SHOP)).toHaveLength(1);
    expect(await stage.counts(waiting, [EVERYBODY])).toEqual([1]);
    expect(await said(EVERYBODY)).toHaveLength(3);
    expectCalm(stage, chats);
  });
});
