import { afterEach, describe, expect, test } from 'vitest';
import { answers, expectCalm, HOUR, openGoverned, ROADS } from './governance-scenes.ts';
import { ANNA, DEPLOYS, SAM } from './hands.ts';
import type { Stage } from './stage.ts';

const WISH = { service: 'shop', ref: 'ma', environment: 'production', reason: 'Faster checkout' };

let stage: Stage;
afterEach(() => stage.close());

describe.each(ROADS)('in $name, the form', (chats) => {
  test('says that the calendar is closed, keeps what was filled in, and is taken once it opens', async () => {
    // The clock of a story begins on that day at ten.
    const sale = '{ title: Spring sale, from: 2026-03-04T09:00, until: 2026-03-04T18:00, environments: [production] }';
    stage = await openGoverned({ ...chats, more: `calendar: { freezes: [${sale}] }` });

    const closed = await stage.hands.form(ANNA, DEPLOYS, WISH);
    const shown = await stage.hands.offered(ANNA);
    await stage.pass(9 * HOUR);
    const taken = await stage.hands.fillIn(ANNA, {});

    expect([closed, taken]).toEqual([false, true]);
    expect(shown).toContain('Spring sale');
    expect(await stage.reaches('D-1', 'awaiting-approval')).toMatchObject({ reason: WISH.reason, ref: 'main' });
    expect(await stage.program().store.deployments({ limit: 10 })).toHaveLength(1);
    expectCalm(stage, chats);
  });

  test('says who locked it and why, and is taken once it is open', async () => {
    stage = await openGoverned(chats);
    await answers(stage, SAM, 'lock web production stocktaking');

    const closed = await stage.hands.form(ANNA, DEPLOYS, WISH);
    const shown = await stage.hands.offered(ANNA);
    await answers(stage, SAM, 'unlock web production');
    const taken = await stage.hands.fillIn(ANNA, {});

    expect([closed, taken]).toEqual([false, true]);
    expect(shown).toContain('web in production is locked by Sam Reed: stocktaking');
    expect(await stage.reaches('D-1', 'awaiting-approval')).toMatchObject({ reason: WISH.reason });
    expectCalm(stage, chats);
  });
});
