import { afterEach, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { answers, arrives, HOUR, MINUTE, openGoverned, page, signs, wished, written } from './governance-scenes.ts';
import { CLEO, DINA, SAM, type Who } from './hands.ts';
import type { Stage } from './stage.ts';

const CHATS = { name: 'Slack', chats: ['slack-socket'] } as const;
const CHANNEL = '/?channel=%23deploys';

let stage: Stage;
afterEach(() => stage.close());

/** The page of one's own, as the chat shows it: the console does not know who looks. */
const home = (who: Who) => answers(stage, who, 'home');

test('a hotfix, its approval and its review stand on the pages of the console', async () => {
  stage = await openGoverned({ ...CHATS, more: "access: { deploy: '*', hotfix: '*', lock: '*' }" });
  await answers(stage, SAM, 'freeze production the sale is on');
  await page(stage, '/targets', 'the sale is on', 'Sam Reed');
  const line = 'hotfix web prod --reason "Checkout fails" --incident https://incidents.example.com/7';
  const id = await wished(stage, line);
  await page(stage, CHANNEL, 'Hotfix: ', 'https://incidents.example.com/7', 'HOTFIX: ');
  for (const who of [CLEO, DINA] as const) expect(await home(who)).toContain(id);

  await signs(stage, CLEO, id);
  await arrives(stage, id);
  await page(stage, `/deployments/${id}`, 'open until');
  for (const words of ['Reviews you may do', id]) expect(await home(DINA)).toContain(words);
  expect(await home(CLEO)).not.toContain(id);
  await stage.pass(36 * HOUR);
  await stage.whispered(DINA, `${id} is to be reviewed until`);
  await answers(stage, DINA, `review ${id} the fix is right`);

  await page(stage, `/deployments/${id}`, 'closed by', 'the fix is right');
  await page(stage, `/deployments/${id}/evidence`, 'Dina Wolf', 'the fix is right');
  expect(await home(DINA)).not.toContain(id);
  expect(stage.complaints).toEqual([]);
});

test('a lock, and who decides in whose stead, stand there until their time is over', async () => {
  stage = await openGoverned({ ...CHATS, rules: { groups: '  platform: { people: [anna, ben, cleo] }' } });
  const id = await wished(stage, 'web prod --reason "Faster checkout"');
  await answers(stage, SAM, 'lock web production stocktaking --for 30m');
  await answers(stage, CLEO, 'away 20m to @sam at lunch');
  await stage.whispered(SAM, 'Cleo Marsh asks you to decide in their stead');
  await page(stage, '/targets', 'stocktaking', 'Sam Reed');
  expect(await home(CLEO)).toContain('Sam Reed');
  for (const word of ['Cleo Marsh', 'stocktaking']) expect(await home(SAM)).toContain(word);
  await signs(stage, SAM, id);
  await page(stage, `/deployments/${id}`, 'in the stead of', 'Cleo Marsh', 'Waiting: the target is locked by Sam Reed');

  await stage.pass(31 * MINUTE);
  await until('the lock to end', async () => (await written(stage, 'target:web/production')).includes('unlocked'));

  await stage.whispered(SAM, 'Your lock of web in production has expired.');
  expect(await page(stage, '/targets')).not.toContain('stocktaking');
  expect(await home(SAM)).not.toContain('Cleo Marsh');
  expect(await home(CLEO)).not.toContain('Sam Reed');
});

test('what was approved and then met a freeze says so on its page', async () => {
  // The clock of a story begins on that day at ten.
  const sale = '{ title: Spring sale, from: 2026-03-04T10:30, until: 2026-03-04T18:00 }';
  stage = await openGoverned({ ...CHATS, more: `calendar: { freezes: [${sale}] }` });
  const id = await wished(stage, 'web prod --reason "Faster checkout"');
  await stage.pass(31 * MINUTE);
  await signs(stage, CLEO, id);
  await stage.reaches(id, 'queued');

  await page(stage, `/deployments/${id}`, 'Waiting for the calendar to open: Spring sale.');
  expect(await answers(stage, CLEO, `why ${id}`)).toContain('Spring sale');
  await stage.pass(8 * HOUR);
  await arrives(stage, id);
});
