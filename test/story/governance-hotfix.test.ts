import { afterEach, describe, expect, test } from 'vitest';
import { BOTH } from './chats.ts';
import {
  answers,
  arrives,
  DAY,
  expectCalm,
  HOUR,
  news,
  openGoverned,
  page,
  ROADS,
  recordOf,
  SLOW_MS,
  signs,
  there,
  wished,
  written,
} from './governance-scenes.ts';
import { ANNA, CLEO, DEPLOYS, DINA, EVERYBODY, SAM } from './hands.ts';
import type { Stage } from './stage.ts';
import { launched } from './steps.ts';

const INCIDENT = 'https://incidents.example.com/7';
const HOTFIX = `hotfix web prod --reason "Checkout fails" --incident ${INCIDENT}`;
const more = "access: { deploy: '*', cancel: '*', rollback: '*', lock: '*', hotfix: '*' }";

let stage: Stage;
afterEach(() => stage.close());

describe.each(ROADS)('in $name, a hotfix', (chats) => {
  test(
    'goes before those who wait and through the freeze, loudly, with an approver of its own',
    async () => {
      stage = await openGoverned({ ...chats, more });
      const view = there(stage, chats);
      const running = await wished(stage, 'web prod --reason "The first"');
      await signs(view, CLEO, running);
      const run = await launched(stage, running);
      const waiting: string[] = [];
      for (const name of ['second', 'third']) {
        news(stage, `The ${name}`);
        const id = await wished(stage, `web prod --reason "The ${name}"`);
        await signs(view, CLEO, id);
        await stage.reaches(id, 'queued');
        waiting.push(id);
      }
      expect(await answers(stage, SAM, 'freeze production the sale is on')).toContain('is frozen; hotfixes pass');
      news(stage, 'Mend the checkout');
      const refused = await answers(stage, ANNA, 'web prod --reason "One more"');

      const id = await wished(stage, HOTFIX);
      const loud = await view.reply(id, DEPLOYS, `HOTFIX: `, `asks for ${id}, web to production: Checkout fails.`);
      await view.card(id, DEPLOYS, 'Hotfix: Needs approval', INCIDENT);
      const own = await answers(view, ANNA, `approve ${id}`);
      await run.succeed();
      await stage.reaches(running, 'succeeded');
      await stage.quiet();
      expect((await stage.reaches(id, 'awaiting-approval')).countersignatures).toEqual([]);
      await signs(view, DINA, id);
      await stage.reaches(id, 'running');

      expect(refused).toContain('the sale is on');
      expect(loud.broadcast).toBe(view.hands.broadcasts);
      expect(own).toContain('You asked for this deployment, so you cannot also approve it.');
      for (const one of waiting) {
        const why = await answers(view, ANNA, `why ${one}`);
        expect(why).toContain('the sale is on');
        expect(why).toContain(`Ahead of it: ${id} by Anna Lind`);
        await view.card(one, DEPLOYS, 'Waiting: everything in production is frozen by Sam Reed', 'the sale is on');
      }
      expect(await answers(view, ANNA, `why ${waiting[1]}`)).toContain('It is number 2 in the queue.');
      expect(stage.repository.runs).toHaveLength(2);
      await page(stage, '/me');
      await arrives(stage, id);
      await view.card(id, EVERYBODY, 'live for customers');

      expect(await answers(stage, SAM, 'unfreeze production')).toContain('production is no longer frozen.');
      const [second, third] = waiting;
      await stage.reaches(second ?? '', 'awaiting-approval', 'running', 'refused');
      await stage.reaches(third ?? '', 'queued', 'awaiting-approval', 'running', 'refused');
      expectCalm(stage, chats);
    },
    SLOW_MS,
  );

  test('is reviewed afterwards by a third person, who is chased until then', async () => {
    stage = await openGoverned({ ...chats, more });
    const view = there(stage, chats);
    const id = await wished(stage, HOTFIX);
    await signs(view, CLEO, id);
    await stage.card(id, DEPLOYS, 'Review', 'open until');
    await arrives(stage, id);

    await stage.pass(36 * HOUR);
    await stage.whispered(DINA, `${id} is to be reviewed until`);
    await stage.pass(36 * HOUR);
    await stage.whispered(DINA, `${id} should have been reviewed by`, `review ${id} what you found`);
    await stage.pass(DAY);
    await stage.quiet();
    const asked = stage.hands.privately(DINA).filter((one) => one.words().includes('reviewed'));
    expect(asked).toHaveLength(3);
    expect(await written(stage, `review:${id}`)).toEqual(['review-opened', ...Array(3).fill('review-chased')]);
    const told = ([CLEO, ANNA] as const).map((who) =>
      stage.hands
        .privately(who)
        .map((one) => one.words())
        .join(),
    );
    for (const words of told) expect(words).not.toContain('should have been reviewed');

    expect(await answers(view, SAM, 'reviews')).toContain(id);
    for (const who of [ANNA, CLEO] as const)
      expect(await answers(view, who, `review ${id} it is fine`)).toContain(
        `You had a part in ${id}, so somebody else must review it.`,
      );
    expect(await recordOf(stage, id)).toMatchObject({ exceptions: expect.arrayContaining(['review-missing']) });
    expect(await answers(view, DINA, `review ${id} the fix is right`)).toContain(`The review of ${id} is closed`);
    await stage.whispered(ANNA, `Dina Wolf reviewed ${id}: the fix is right`);
    await stage.card(id, DEPLOYS, 'Review', 'closed by', 'the fix is right');
    await stage.pass(3 * DAY);
    await stage.quiet();
    expect(stage.hands.privately(DINA).filter((one) => one.words().includes('should have been'))).toHaveLength(2);
    expect(await recordOf(stage, id)).toMatchObject({
      exceptions: expect.not.arrayContaining(['review-missing']),
      asked: { incident: INCIDENT },
      review: { closed: { by: { id: 'dina' }, note: 'the fix is right' } },
    });
    expectCalm(stage, chats);
  });
});

describe.each([BOTH])('in $name, a hotfix', (chats) => {
  test('is refused without its incident, its reason, or the right to it', async () => {
    stage = await openGoverned({ ...chats, more: "access: { deploy: '*', hotfix: [platform] }" });

    expect(await answers(stage, ANNA, 'hotfix web prod --reason "Checkout fails"')).toContain(
      'A hotfix needs the address of the incident that it mends.',
    );
    expect(await answers(stage, ANNA, `hotfix web prod --incident ${INCIDENT}`)).toContain('reason');
    expect(await answers(stage, SAM, HOTFIX)).toContain('You may not');
    expect(await stage.program().store.deployments({ limit: 10 })).toEqual([]);
  });
});
