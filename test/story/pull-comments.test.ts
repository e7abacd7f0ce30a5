import { afterEach, expect, test } from 'vitest';
import { addCommit, addPull, BEN } from '../fakes/github/world.ts';
import { until } from '../support/until.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked, deployed, launched } from './steps.ts';

const TARGETS = "      { staging: {}, production: { url: 'https://shop.example.com' } }\n    pullRequestComments: true";

let stage: Stage;
afterEach(() => stage.close());

test('a pull request is told how its deployment went, in one comment', async () => {
  stage = await openStage({ rules: { targets: TARGETS } });
  const { repository, github } = stage;
  const told = (words: string) =>
    until(words, () => repository.comments.find(({ body }) => body.includes(words)), 10_000);
  await deployed(stage);
  const sha = addCommit(repository, { message: 'Bigger basket (#2)' });
  addPull(repository, { landed: [sha], title: 'Bigger basket', author: BEN, mergedBy: BEN });
  repository.checks.set(sha, [{ name: 'tests', status: 'completed', conclusion: 'success' }]);

  const failed = await asked(stage);
  await approved(stage, failed);
  await (await launched(stage, failed)).fail();
  await told('Not deployed: web → production');
  const good = await deployed(stage);
  const comment = await told('Deployed: web → production');

  expect(comment).toMatchObject({ pull: 2, body: expect.stringContaining(good) });
  expect(comment.body).toMatch(/^<!-- countersign:web\/production -->\n/);
  expect(comment.body).toContain('approved by Cleo Marsh');
  expect(repository.comments).toHaveLength(1);
  expect(github.violations).toEqual([]);
  expect(stage.complaints).toEqual([]);
});
