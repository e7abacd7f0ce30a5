import { afterEach, describe, expect, test } from 'vitest';
import {
  answers,
  arrives,
  DAY,
  expectCalm,
  openGoverned,
  ROADS,
  recordOf,
  there,
  wished,
  written,
} from './governance-scenes.ts';
import { ANNA, CLEO, DEPLOYS, DINA } from './hands.ts';
import type { Stage } from './stage.ts';

const ASK = 'web prod --reason "Faster checkout"';

let stage: Stage;
afterEach(() => stage.close());

describe.each(ROADS)('in $name, the glass', (chats) => {
  const groups = '  platform: { people: [anna, ben, cleo, dina] }';
  const approval = '  { rules: [{ group: platform }], breakGlass: [anna] }';

  test('is broken in two steps, loudly, and leaves a review that somebody else closes', async () => {
    stage = await openGoverned({ ...chats, rules: { groups, approval } });
    const id = await wished(stage, ASK);
    const view = there(stage, chats);
    const line = `break-glass ${id} the shop is down`;

    const other = await answers(view, CLEO, line);
    const question = await stage.told(ANNA, () => stage.hands.ask(ANNA, DEPLOYS, line));
    expect(await written(stage, `deployment:${id}`)).not.toContain('glass-broken');
    expect(question.words()).toContain(`${id} would go on without the countersignatures that are still needed.`);
    await stage.told(ANNA, () => stage.hands.press(ANNA, question, 'Break the Glass'));
    await stage.reaches(id, 'running');
    const loud = await view.reply(id, DEPLOYS, 'BREAK GLASS: ', `lets ${id} go without the countersignatures`);
    await stage.card(id, DEPLOYS, 'Glass broken by', 'the shop is down', 'Review');
    await arrives(stage, id);

    expect(other).toContain('You may not break the glass here.');
    expect(loud.broadcast).toBe(view.hands.broadcasts);
    await stage.pass(2 * DAY);
    await stage.whispered(CLEO, `${id} is to be reviewed until`);
    expect(await answers(stage, ANNA, `review ${id} I was right`)).toContain('somebody else must review it');
    expect(await answers(view, DINA, `review ${id} it was needed`)).toContain(`The review of ${id} is closed`);
    await stage.card(id, DEPLOYS, 'closed by', 'it was needed');
    expect(await recordOf(stage, id)).toMatchObject({
      exceptions: expect.arrayContaining(['break-glass']),
      glass: { by: { id: 'anna' }, reason: 'the shop is down' },
      review: { causes: ['break-glass'], closed: { by: { id: 'dina' } } },
    });
    expectCalm(stage, chats);
  });

  test('stays whole where nobody is named', async () => {
    stage = await openGoverned({ ...chats });
    const id = await wished(stage, ASK);

    expect(await answers(stage, ANNA, `break-glass ${id} the shop is down`)).toContain(
      'Nobody may break the glass of web in production.',
    );
    expect((await stage.reaches(id, 'awaiting-approval')).glass).toBeUndefined();
  });
});
