import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addCommit, addPull, BEN } from '../fakes/github/world.ts';
import { type FakeGitLab, startFakeGitLab } from '../fakes/gitlab/index.ts';
import { addProject, type FakeProject } from '../fakes/gitlab/world.ts';
import { until } from '../support/until.ts';
import { ANNA, BEN_U, DEPLOYS, EVERYBODY, SHOP } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked } from './steps.ts';

const SIGNING = `whsec_${Buffer.from('the signing token of the stories').toString('base64')}`;

describe('a project on GitLab', () => {
  let gitlab: FakeGitLab;
  let project: FakeProject;
  let stage: Stage;
  let head: string;

  beforeEach(async () => {
    gitlab = await startFakeGitLab();
    project = addProject(gitlab.world, 'acme/shop/web');
    addCommit(project.git, { message: 'Begin the shop' });
    head = addCommit(project.git, { message: 'Faster checkout', files: ['src/checkout.ts'] });
    addPull(project.git, { landed: [head], title: 'Faster checkout', author: BEN, mergedBy: BEN });
    project.statuses.set(head, [{ name: 'tests', status: 'success' }]);
    const login = `type: gitlab, url: '${gitlab.url}', token: 'file:gitlab.txt'`;
    stage = await openStage({
      code: {
        kind: 'own',
        accounts: 'gitlab',
        source: `{ ${login} }`,
        provider: `{ ${login}, webhookSigningToken: 'file:gitlab-hook.txt' }`,
        pipeline: 'variables: { REGION: eu }',
        repository: project.path,
        secrets: { gitlab: gitlab.token, 'gitlab-hook': SIGNING },
      },
    });
    gitlab.postman.target = { url: `${stage.program().url}/webhooks/runs`, signingToken: SIGNING };
  });
  afterEach(async () => {
    await stage.close();
    await gitlab.close();
  });

  test('goes from the command over a second person to every channel, without any GitHub', async () => {
    const id = await asked(stage);
    await stage.card(id, DEPLOYS, 'Needs approval', 'Faster checkout', '1 passed');
    await approved(stage, id);
    const row = await until('the pipeline', async () => {
      const found = await stage.program().store.deployment(id);
      return found?.run === undefined ? undefined : found;
    });
    const run = gitlab.run(row.run?.id ?? '');

    await run.begin();
    await stage.card(id, DEPLOYS, 'Deploying', 'Build');
    await run.succeed();

    await stage.card(id, DEPLOYS, 'Deployed');
    await stage.card(id, SHOP, 'Deployed');
    await stage.card(id, EVERYBODY, 'Acme Shop: a new version is live for customers');
    expect(run.run).toMatchObject({
      sha: head,
      ref: `countersign/${id}`,
      variables: { REGION: 'eu', COUNTERSIGN_SHA: head },
    });
    await until('the tag to be gone', () => !project.git.tags.has(`countersign/${id}`));
    expect(project.pipelines).toHaveLength(1);
    expect(gitlab.violations).toEqual([]);
    expect(stage.github.asked).toEqual([]);
    expect(stage.complaints).toEqual([]);
  });

  test('is refused to whoever wrote it, known by the account at GitLab', async () => {
    const id = await asked(stage);
    const card = await stage.card(id, DEPLOYS, 'Needs approval');

    const sees = (await card.buttons(BEN_U)).includes('Approve');
    const answer = await stage.told(BEN_U, () =>
      sees ? stage.hands.press(BEN_U, card, 'approve') : stage.hands.ask(BEN_U, DEPLOYS, `approve ${id}`),
    );

    expect(answer.words()).toContain('You cannot approve this, because you had a hand in it');
    expect(project.pipelines).toEqual([]);
  });

  test('is stopped where it waits for a person, and says so', async () => {
    const id = await asked(stage, 'web staging');
    await stage.reaches(id, 'running');
    const row = await until('the pipeline', async () => (await stage.program().store.deployment(id))?.run);
    const run = gitlab.run(row.id);
    await run.begin();
    await run.wait('Go on?');

    await stage.hands.ask(ANNA, DEPLOYS, `cancel ${id} "Not today"`);

    await stage.reaches(id, 'cancelled');
    expect(run.run.status).toBe('canceled');
  });
});
