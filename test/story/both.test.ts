import { afterEach, describe, expect, test } from 'vitest';
import type { State } from '../../src/domain/deployment.ts';
import { addCommit } from '../fakes/github/world.ts';
import {
  approvedIn,
  askedIn,
  expectNoComplaint,
  openBoth,
  SOON_MS,
  shownInBoth,
  shownOnPage,
  WAYS,
} from './both-scenes.ts';
import { ANNA, BEN_U, CLEO, DEPLOYS, DINA, EVERYBODY, PLACES, SHOP } from './hands.ts';
import type { Stage } from './stage.ts';
import { launched } from './steps.ts';

const SLOW_MS = 40_000;

let stage: Stage;
afterEach(() => stage.close());

describe.each(WAYS)('one deployment in both chats, asked for in %s and approved in %s,', (here, there) => {
  test('is told to engineers, the line and everybody in both, by one message each', async () => {
    stage = await openBoth();
    const id = await askedIn(stage, here);
    const [one, other] = [stage.in(here), stage.in(there)];
    const heard = one.hands.privately(CLEO).length;

    const answer = await other.told(CLEO, async () =>
      other.hands.press(CLEO, await other.card(id, DEPLOYS, 'Needs approval'), 'approve'),
    );
    expect(answer.words()).toContain(`You have countersigned ${id}.`);
    const run = await launched(stage, id);
    await run.begin();
    for (const view of [one, other]) {
      await view.card(id, DEPLOYS, 'Deploying', 'Approved by', 'Cleo Marsh');
      await view.card(id, SHOP, 'Deploying');
      await view.card(id, EVERYBODY, 'a new version is on its way');
    }
    await run.succeed();

    for (const view of [one, other]) {
      await view.card(id, DEPLOYS, 'Deployed', 'It runs there now.');
      await view.card(id, SHOP, 'Deployed');
      await view.card(id, EVERYBODY, 'Acme Shop: a new version is live for customers');
      expect(await view.counts(id, PLACES)).toEqual([1, 1, 1]);
    }
    expect(one.hands.privately(CLEO)).toHaveLength(heard);
    expect(stage.repository.runs).toHaveLength(1);
    expect((await stage.reaches(id, 'succeeded')).countersignatures).toHaveLength(1);
    expectNoComplaint(stage);
  });

  test('rings the approvers in both, and the requester where a rejection is told', async () => {
    stage = await openBoth();
    const id = await askedIn(stage, here);
    const [one, other] = [stage.in(here), stage.in(there)];
    for (const { reply, hands } of [one, other]) {
      const call = await reply(id, DEPLOYS, 'please look at');
      expect(call.words()).toContain(`${hands.bell(CLEO)}, ${hands.bell(DINA)}, please look at ${id}`);
      expect([call.rings(CLEO), call.rings(DINA), call.rings(ANNA)]).toEqual([true, true, false]);
    }

    const asking = await other.card(id, DEPLOYS, 'Needs approval');
    await other.hands.press(CLEO, asking, 'reject', { answer: 'Not on a Friday, please.' });

    await shownInBoth(stage, id, 'rejected');
    for (const { card, reply } of [one, other]) {
      await card(id, DEPLOYS, 'Rejected', 'Cleo Marsh said no: Not on a Friday, please.');
      expect((await reply(id, DEPLOYS, 'said no', 'Not on a Friday, please.')).rings(ANNA)).toBe(true);
    }
    expectNoComplaint(stage);
  });

  test('is the same human in the other chat, who may not approve it there either', async () => {
    stage = await openBoth();
    const id = await askedIn(stage, here);
    const other = stage.in(there);
    const card = await other.card(id, DEPLOYS, 'Needs approval');

    const said = async (who: typeof ANNA | typeof BEN_U) => {
      const sees = (await card.buttons(who)).includes('Approve');
      const act = () =>
        sees ? other.hands.press(who, card, 'approve') : other.hands.ask(who, DEPLOYS, `approve ${id}`);
      return (await other.told(who, act)).words();
    };

    expect(await said(ANNA)).toContain('You asked for this deployment, so you cannot also approve it.');
    expect(await said(BEN_U)).toContain('You cannot approve this, because you had a hand in it');
    expect((await stage.reaches(id, 'awaiting-approval')).countersignatures).toHaveLength(0);
  });

  test('counts an approver of both chats once, where two are needed', async () => {
    stage = await openBoth({ count: 2 });
    const id = await askedIn(stage, here);
    const [one, other] = [stage.in(here), stage.in(there)];

    await one.hands.press(CLEO, await one.card(id, DEPLOYS, 'Needs approval'), 'approve');
    await other.card(id, DEPLOYS, 'Needs approval', '1 of 2 so far');
    const again = await other.told(CLEO, () => other.hands.ask(CLEO, DEPLOYS, `approve ${id}`));
    expect(again.words()).toContain('You have already countersigned this.');
    expect((await stage.reaches(id, 'awaiting-approval')).countersignatures).toHaveLength(1);

    await other.hands.press(DINA, await other.card(id, DEPLOYS, '1 of 2 so far'), 'approve');
    await stage.reaches(id, 'running');
  });

  test('tells the requester privately where the request was made, and nowhere else', async () => {
    stage = await openBoth();
    const [one, other] = [stage.in(here), stage.in(there)];

    await one.hands.ask(ANNA, DEPLOYS, 'web@no-such-branch prod --reason "Try it"');

    await one.whispered(ANNA, 'no-such-branch');
    await stage.quiet();
    expect(other.hands.privately(ANNA)).toHaveLength(0);
  });

  test(
    'is shown alike in both and at the console within two seconds of every change',
    async () => {
      stage = await openBoth({ console: true });
      const { hands } = stage.in(here);
      const took: number[] = [];
      const look = async (id: string, state: State) => {
        took.push(...(await Promise.all([shownInBoth(stage, id, state), shownOnPage(stage, id, state)])));
      };

      await hands.ask(ANNA, DEPLOYS, 'web prod --reason "The first"');
      await look('D-1', 'awaiting-approval');
      await approvedIn(stage, there, 'D-1');
      await look('D-1', 'running');
      const run = await launched(stage, 'D-1');
      await run.begin();
      await run.step('Build');
      await run.succeed();
      await look('D-1', 'succeeded');
      addCommit(stage.repository, { message: 'One more' });
      await hands.ask(ANNA, DEPLOYS, 'web prod --reason "The second"');
      await look('D-2', 'awaiting-approval');
      await stage.in(there).hands.ask(DINA, DEPLOYS, 'reject D-2 "Not today"');
      await look('D-2', 'rejected');
      expect(Math.max(...took)).toBeLessThan(SOON_MS);
    },
    SLOW_MS,
  );

  test('goes on in the same messages of both when the programme is started anew in the middle', async () => {
    stage = await openBoth();
    const id = await askedIn(stage, here);
    const [one, other] = [stage.in(here), stage.in(there)];
    const before = [await one.card(id, DEPLOYS), await other.card(id, DEPLOYS)];

    await stage.stop();
    await stage.start();
    await approvedIn(stage, there, id);
    const run = await launched(stage, id);
    await shownInBoth(stage, id, 'running');
    await stage.stop();
    await run.succeed();
    await stage.start();
    await shownInBoth(stage, id, 'succeeded');

    const after = [await one.card(id, DEPLOYS, 'Deployed'), await other.card(id, DEPLOYS, 'Deployed')];
    expect(after.map((card) => card.id)).toEqual(before.map((card) => card.id));
    for (const view of [one, other]) {
      await view.card(id, EVERYBODY, 'live for customers');
      expect(await view.counts(id, PLACES)).toEqual([1, 1, 1]);
    }
    expect(stage.repository.runs).toHaveLength(1);
  });
});
