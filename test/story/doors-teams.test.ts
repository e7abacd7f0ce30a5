import { afterEach, expect, test } from 'vitest';
import { FORGERIES } from '../fakes/teams/login.ts';
import { until } from '../support/until.ts';
import { CLEO, DEPLOYS, DINA } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { asked } from './steps.ts';

let stage: Stage;
afterEach(() => stage.close());

test("what Microsoft did not sign, or signed for another tenant or bot, is told nothing and changes nothing in Teams' own way", async () => {
  stage = await openStage({ chats: ['teams'] });
  const { teams } = stage.teams();
  const id = await asked(stage);
  await stage.card(id, DEPLOYS, 'Needs approval');
  const before = await stage.program().store.entries({ limit: 1000 });
  await stage.quiet();
  const calls = teams.world.calls.length;

  const answers: [string, number][] = [];
  for (const forgery of FORGERIES) {
    teams.forge(forgery);
    answers.push([forgery, (await teams.say(CLEO, DEPLOYS, `approve ${id}`)).status]);
  }
  await stage.quiet();

  for (const [forgery, status] of answers) expect([401, 403], forgery).toContain(status);
  expect(teams.world.calls).toHaveLength(calls);
  expect(await stage.program().store.entries({ limit: 1000 })).toHaveLength(before.length);
});

test('a card that stands twice, since Teams cannot be asked for the first, decides once by either copy', async () => {
  stage = await openStage({ chats: ['teams'], count: 2 });
  const { hands } = stage;
  const id = await asked(stage);
  hands.remove(DEPLOYS, await stage.card(id, DEPLOYS, 'Needs approval'));
  hands.weather.doubtful(DEPLOYS, 'error');
  await hands.ask(CLEO, DEPLOYS, `approve ${id}`);
  const copies = await until('both copies', () => {
    const roots = hands.messages(DEPLOYS).filter(({ under }) => under === undefined);
    return roots.length === 2 && roots;
  });
  const [first, second] = copies;
  if (first === undefined || second === undefined) throw new Error('there are not two');
  const late = await hands.aim(DINA, second, 'approve');

  const answer = await stage.told(DINA, () => hands.press(DINA, first, 'approve'));
  const no = await stage.told(DINA, late);

  expect(answer.words()).toContain(`You have countersigned ${id}.`);
  expect(no.words()).toContain(`Dina Wolf has already approved ${id}.`);
  await stage.card(id, DEPLOYS, 'Deploying');
  // The card says so as soon as the provider is told; the run is there a moment later.
  await until('the run', () => stage.repository.runs.length > 0);
  await stage.quiet();
  expect(stage.repository.runs).toHaveLength(1);
  // Nobody changes the copy that is not known, but whoever may approve and looks at it again is shown how things stand.
  expect(await first.buttons(DINA)).not.toContain('Approve');
});
