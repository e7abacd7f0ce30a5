import { afterEach, describe, expect, test } from 'vitest';
import { BOTH } from './chats.ts';
import {
  answers,
  arrives,
  expectCalm,
  HOUR,
  MINUTE,
  openGoverned,
  page,
  ROADS,
  recordOf,
  signs,
  there,
  wished,
  written,
} from './governance-scenes.ts';
import { CLEO, DEPLOYS, DINA, SAM } from './hands.ts';
import type { Stage } from './stage.ts';

const ASK = 'web prod --reason "Faster checkout"';
const TWO_GROUPS = {
  groups: `  platform: { people: [anna, ben, cleo] }
  release: { people: [dina] }
  night: { people: [sam] }`,
  approval: `  rules: [{ group: platform }, { group: release }]
  expires: 60m
  escalations: [{ after: 20m, to: night }]`,
};

let stage: Stage;
afterEach(() => stage.close());

describe.each(ROADS)('in $name, of two groups that must approve', (chats) => {
  test('one is silent: the next is told in time, decides in its place, and the evidence says so', async () => {
    stage = await openGoverned({ ...chats, rules: TWO_GROUPS });
    const id = await wished(stage, ASK);
    const view = there(stage, chats);
    await view.card(id, DEPLOYS, '0 of 1 so far', '@platform', '@release');
    await signs(view, CLEO, id);
    await stage.card(id, DEPLOYS, 'Waiting for a countersignature: 1 of @release.');
    const early = await answers(view, SAM, `approve ${id}`);

    await stage.pass(19 * MINUTE);
    await stage.quiet();
    expect(await written(stage, `deployment:${id}`)).not.toContain('escalated');
    await stage.pass(2 * MINUTE);
    const call = await view.reply(id, DEPLOYS, 'nobody has decided on');
    await stage.card(id, DEPLOYS, '@night may decide instead');
    const why = await answers(view, SAM, `why ${id}`);
    await signs(view, SAM, id);
    await arrives(stage, id);

    expect(early).toContain('Only @platform, @release can decide on this.');
    expect([call.rings(SAM), call.rings(CLEO), call.rings(DINA)]).toEqual([true, false, false]);
    expect(why).toContain('@night may decide instead');
    expect(why).toMatch(new RegExp(`You may decide on it: \\W?approve ${id}`));
    const types = await written(stage, `deployment:${id}`);
    expect(types.filter((type) => type === 'escalated')).toHaveLength(1);
    expect(types.indexOf('escalated')).toBeLessThan(types.lastIndexOf('countersigned'));
    const record = await recordOf(stage, id);
    expect(record).toMatchObject({
      rules: [
        { group: 'platform', count: 1, by: [{ id: 'cleo' }] },
        { group: 'release', count: 1, by: [{ id: 'sam' }] },
      ],
      escalations: [{ group: 'release', to: 'night' }],
      approvals: [
        { by: { id: 'cleo' }, groups: ['platform'] },
        { by: { id: 'sam' }, groups: ['night'] },
      ],
    });
    await page(stage, `/deployments/${id}/evidence`, '@release', '@night', 'Sam Reed');
    expect(await answers(view, SAM, `evidence ${id}`)).toContain('Cleo Marsh, Sam Reed');
    expectCalm(stage, chats);
  });
});

describe.each([BOTH])('in $name, of two groups that must approve', (chats) => {
  test('one decides itself in time: nobody else is troubled', async () => {
    stage = await openGoverned({ ...chats, rules: TWO_GROUPS });
    const id = await wished(stage, ASK);
    const view = there(stage, chats);
    await signs(view, CLEO, id);
    await stage.pass(19 * MINUTE);
    await signs(view, DINA, id);
    await arrives(stage, id);
    await stage.pass(HOUR);
    await stage.quiet();

    const said = (await view.thread(id, DEPLOYS)).map((one) => one.words()).join('\n');
    expect(said).not.toContain('nobody has decided');
    expect(await recordOf(stage, id)).toMatchObject({ escalations: [] });
  });
});
