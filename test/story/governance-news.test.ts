import { afterEach, describe, expect, test } from 'vitest';
import { addCommit } from '../fakes/github/world.ts';
import {
  answers,
  arrives,
  DAY,
  expectCalm,
  HOUR,
  MINUTE,
  news,
  openGoverned,
  ROADS,
  signs,
  there,
  wished,
} from './governance-scenes.ts';
import { ANNA, CLEO, DEPLOYS, SAM, SHOP, type Where } from './hands.ts';
import type { Stage } from './stage.ts';
import { launched } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

const ENVIRONMENTS = `  staging: { approval: { rules: [] } }
  production: { title: live for customers, aliases: [prod], customerFacing: true, after: [{ environment: staging, bake: 30m }] }`;

describe.each(ROADS)('in $name, a commit', (chats) => {
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

describe.each(ROADS)('in $name, a channel', (chats) => {
  const more = `access: { deploy: '*', cancel: '*', rollback: '*', lock: '*', hotfix: '*' }
timeZone: Etc/UTC`;
  const HOTFIX = 'hotfix web prod --reason "Mend it" --incident https://incidents.example.com/7';

  /** What the bot has said in a place from some message on. */
  const said = (where: Where, from: number) =>
    stage.hands
      .messages(where)
      .slice(from)
      .map((one) => one.words());

  test('hears what it asked for once a day, and nothing where nothing happened', async () => {
    stage = await openGoverned({ ...chats, more });
    const view = there(stage, chats);
    expect(await answers(stage, SAM, 'subscribe web production mode:digest')).toContain('digest, daily');
    await stage.pass(DAY);
    await stage.quiet();
    expect(said(DEPLOYS, 0)).toEqual([]);

    const good = await wished(stage, 'web prod --reason "Good"');
    await signs(view, CLEO, good);
    await arrives(stage, good);
    news(stage, 'It breaks');
    const bad = await wished(stage, 'web prod --reason "Bad"');
    await signs(view, CLEO, bad);
    await (await launched(stage, bad)).fail();
    await stage.reaches(bad, 'failed');
    const staged = await wished(stage, 'web staging', ['running']);
    await arrives(stage, staged);
    await stage.quiet();
    const before = stage.hands.messages(DEPLOYS).length;
    await stage.pass(DAY);
    await stage.quiet();
    const digests = said(DEPLOYS, before);
    await stage.pass(DAY);
    await stage.quiet();

    expect(digests).toHaveLength(1);
    expect(digests[0]).toContain('1 deployment succeeded, 1 went wrong');
    expect(digests[0]).toContain(good);
    expect(digests[0]).toContain(bad);
    expect(digests[0]).not.toContain(staged);
    expect(said(DEPLOYS, before)).toEqual(digests);
    expectCalm(stage, chats);
  });

  test('hears only of what passes its filters', async () => {
    stage = await openGoverned({ ...chats, more: `${more}\n` });
    const view = there(stage, chats);
    const typed = await answers(stage, SAM, 'subscribe * * mode:line --events failed --kinds hotfix');
    await stage.hands.ask(SAM, SHOP, 'subscriptions');
    const good = await wished(stage, HOTFIX);
    await signs(view, CLEO, good);
    await arrives(stage, good);
    news(stage, 'It breaks');
    const bad = await wished(stage, HOTFIX, ['awaiting-approval'], ANNA);
    await signs(view, CLEO, bad);
    await (await launched(stage, bad)).fail();
    await stage.reaches(bad, 'failed');
    await stage.quiet();

    expect(typed).toContain('line; events: failed; kinds: hotfix');
    expect(await answers(stage, SAM, 'subscriptions')).toContain('line; events: failed; kinds: hotfix');
    await stage.pass(HOUR);
    expectCalm(stage, chats);
  });
});
