import { afterEach, describe, expect, test } from 'vitest';
import { PLATFORMS } from './chats.ts';
import { expectCalm, openGoverned, page, recordOf, signs, there } from './governance-scenes.ts';
import { ANNA, CLEO, DEPLOYS, EVERYBODY } from './hands.ts';
import type { Stage } from './stage.ts';
import { launched } from './steps.ts';

const NOTE = `spring sale ${'x'.repeat(120)}`;
const TARGETS = `      { staging: {}, production: { url: 'https://shop.example.com' } }
    inputs:
      region: { type: enum, title: Region, options: [eu, us], required: true, environments: [production] }
      dry-run: { type: boolean, default: false }
      note: { type: text, title: Note }`;

let stage: Stage;
afterEach(() => stage.close());

describe.each(PLATFORMS)('in $name, what a service takes', (chats) => {
  test('is asked for in the form, shown to approvers, and given to the run', async () => {
    stage = await openGoverned({ ...chats, rules: { targets: TARGETS } });
    stage.repository.workflows.set('deploy.yml', ['countersign_id', 'region', 'dry-run', 'note']);
    const view = there(stage, chats);

    await stage.hands.ask(ANNA, DEPLOYS, `web production --reason "Sale" --input note="${NOTE}"`);
    const shown = await stage.hands.offered(ANNA);
    const closed = await stage.hands.fillIn(ANNA, { 'input-region': 'us' });
    await stage.reaches('D-1', 'awaiting-approval');
    const card = (await view.card('D-1', DEPLOYS, 'Needs approval')).words();
    await signs(view, CLEO, 'D-1');
    const run = await launched(stage, 'D-1');
    const given = await stage.reaches('D-1', 'running');
    await run.succeed();
    await stage.reaches('D-1', 'succeeded');

    expect(closed).toBe(true);
    expect(shown).toContain('Region');
    expect(card).toMatch(/Region[\s\S]*us/);
    expect(card).not.toContain(NOTE);
    expect(given.plan?.inputs).toEqual({ 'dry-run': 'false', note: NOTE, region: 'us' });
    expect(await recordOf(stage, 'D-1')).toMatchObject({ inputs: { note: NOTE } });
    expect(await page(stage, '/deployments/D-1', 'Region', 'us')).toContain('Note');
    expect(
      stage.hands
        .messages(EVERYBODY)
        .map((one) => one.raw())
        .join('\n'),
    ).not.toMatch(/Region|spring sale/);
    expectCalm(stage, chats);
  });
});
