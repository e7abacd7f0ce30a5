import { afterEach, expect, test } from 'vitest';
import { FORGERIES } from '../fakes/teams/login.ts';
import { CLEO, DEPLOYS } from './hands.ts';
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
