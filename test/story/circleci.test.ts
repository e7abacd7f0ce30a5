import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeCircleCI, type Lever, startFakeCircleCI } from '../fakes/circleci/index.ts';
import { addProject, type FakeProject } from '../fakes/circleci/world.ts';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import { addCommit } from '../fakes/github/world.ts';
import { until } from '../support/until.ts';
import { ANNA, DEPLOYS, EVERYBODY, SHOP } from './hands.ts';
import { openStage, type Stage, shopRepository } from './stage.ts';
import { approved, asked } from './steps.ts';

const HOOK = 'the webhook secret of CircleCI';

describe('a project of CircleCI', () => {
  let circleci: FakeCircleCI;
  let github: FakeGitHub;
  let project: FakeProject;
  let stage: Stage;

  beforeEach(async () => {
    [circleci, github] = [await startFakeCircleCI(), await startFakeGitHub()];
    project = addProject(circleci.world, 'gh/acme/web', shopRepository(github));
    const login = `type: github, apiUrl: '${github.url}', auth: { token: 'file:code.txt' }`;
    stage = await openStage({
      code: {
        kind: 'own',
        accounts: 'github',
        source: `{ ${login} }`,
        provider: `{ type: circleci, url: '${circleci.url}', token: 'file:circle.txt', webhookSecret: 'file:circle-hook.txt', tags: { ${login} } }`,
        pipeline: 'workflow: deploy',
        repository: 'acme/web',
        secrets: { code: github.doorkeeper.token, circle: circleci.token, 'circle-hook': HOOK },
      },
    });
    circleci.postman.target = { url: `${stage.program().url}/webhooks/runs`, secret: HOOK };
  });
  afterEach(async () => {
    await stage.close();
    await Promise.all([circleci.close(), github.close()]);
    expect([...circleci.violations, ...github.violations]).toEqual([]);
  });

  async function leverOf(id: string): Promise<Lever> {
    const run = await until('the run', async () => (await stage.program().store.deployment(id))?.run);
    return circleci.lever(run.id);
  }

  test('goes from the command over a second person to every channel, on a tag that goes afterwards', async () => {
    const head = project.repository.branches.get('main');
    const id = await asked(stage);
    addCommit(project.repository, { message: 'Sneaked in' });
    await approved(stage, id);
    const lever = await leverOf(id);

    lever.begin('Build');
    await lever.endJob('Build', 'success');
    lever.begin('Smoke test');
    await stage.card(id, DEPLOYS, 'Deploying');
    await lever.end('success');

    await stage.card(id, DEPLOYS, 'Deployed');
    await stage.card(id, SHOP, 'Deployed');
    await stage.card(id, EVERYBODY, 'Acme Shop: a new version is live for customers');
    expect(await stage.reaches(id, 'succeeded')).toMatchObject({ runSha: head });
    expect(lever.pipeline).toMatchObject({ ref: { tag: `countersign/${id}` }, sha: head });
    await until('the tag to be gone', () => project.repository.tags.size === 0);
    expect(project.pipelines.filter(({ trigger }) => trigger === 'api')).toHaveLength(1);
    expect(stage.complaints).toEqual([]);
  });

  test('is stopped when the deployment is cancelled', async () => {
    const id = await asked(stage, 'web staging');
    const lever = await leverOf(id);
    lever.begin('Build');

    await stage.hands.ask(ANNA, DEPLOYS, `cancel ${id} "Not today"`);

    await stage.reaches(id, 'cancelled');
    expect(lever.pipeline.workflows.map(({ status }) => status)).toEqual(['canceled']);
  });

  test('is stopped and failed when it has another commit', async () => {
    const other = addCommit(project.repository, { message: 'Another', branch: false });
    circleci.world.quirks.otherSha = other;

    const id = await asked(stage, 'web staging');
    const lever = await leverOf(id);

    await stage.reaches(id, 'failed');
    await until('the workflow to be cancelled', () => lever.pipeline.workflows[0]?.status === 'canceled');
    await stage.card(id, DEPLOYS, 'Failed', other.slice(0, 7));
  });
});
