import { afterEach, describe, expect, test } from 'vitest';
import { BOTH } from './chats.ts';
import {
  answers,
  arrives,
  expectCalm,
  MINUTE,
  openGoverned,
  ROADS,
  recordOf,
  signs,
  there,
  wished,
  written,
} from './governance-scenes.ts';
import { ANNA, BEN_U, CLEO, DEPLOYS, SAM } from './hands.ts';
import type { Stage } from './stage.ts';

const ASK = 'web prod --reason "Faster checkout"';

const rules = {
  groups: '  platform: { people: [anna, ben, cleo] }',
  approval: '  { rules: [{ group: platform }], expires: 4h }',
};

let stage: Stage;
afterEach(() => stage.close());

describe.each(ROADS)('in $name, whoever is away', (chats) => {
  test('has somebody else decide until then, and the log says in whose stead', async () => {
    stage = await openGoverned({ ...chats, rules });
    const id = await wished(stage, ASK);
    const view = there(stage, chats);
    const before = await answers(view, SAM, `approve ${id}`);

    const gone = await answers(stage, CLEO, 'away 2h to @sam at the dentist');
    await stage.whispered(SAM, 'Cleo Marsh asks you to decide in their stead', 'at the dentist');
    await signs(view, SAM, id);
    await arrives(stage, id);

    expect(before).toContain('Only @platform can decide on this.');
    expect(gone).toContain('Sam Reed decides in your stead until');
    expect(await recordOf(stage, id)).toMatchObject({
      approvals: [{ by: { id: 'sam' }, onBehalfOf: { id: 'cleo' }, groups: ['platform'] }],
    });
    await stage.card(id, DEPLOYS, 'in the stead of Cleo Marsh');
    expect(await answers(view, ANNA, `evidence ${id}`)).toContain('Sam Reed on behalf of Cleo Marsh');
    expect(await written(stage, 'person:cleo')).toEqual(['delegated']);
    expectCalm(stage, chats);
  });
});

describe.each([BOTH])('in $name, whoever is away', (chats) => {
  test('decides in person again once back, and once the time is over', async () => {
    stage = await openGoverned({ ...chats, rules });
    const id = await wished(stage, ASK);
    const view = there(stage, chats);
    await answers(stage, CLEO, 'away 2h to @sam');
    await stage.whispered(SAM, 'asks you to decide in their stead');
    const back = await answers(stage, CLEO, 'back');
    await stage.whispered(SAM, 'Cleo Marsh decides in person again.');
    const returned = await answers(view, SAM, `approve ${id}`);
    const twice = await answers(stage, CLEO, 'back');
    await answers(stage, CLEO, 'away 30m to @sam');
    await stage.quiet();
    await stage.pass(31 * MINUTE);
    const over = await answers(view, SAM, `approve ${id}`);
    await signs(view, CLEO, id);

    expect(back).toContain('You decide in person again.');
    expect(twice).toContain('Nobody decides in your stead.');
    for (const said of [returned, over]) expect(said).toContain('Only @platform can decide on this.');
    expect(await written(stage, 'person:cleo')).toEqual(['delegated', 'delegation-ended', 'delegated']);
  });

  test('lends nobody a word on their own work', async () => {
    stage = await openGoverned({ ...chats, rules });
    await answers(stage, BEN_U, 'away 2h to @sam');
    const id = await wished(stage, ASK);

    expect(await answers(there(stage, chats), SAM, `approve ${id}`)).toContain('Only @platform can decide on this.');
  });
});
