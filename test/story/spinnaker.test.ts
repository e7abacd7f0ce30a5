import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeSpinnaker, startFakeSpinnaker } from '../fakes/spinnaker/index.ts';
import type { RunLever } from '../fakes/spinnaker/lever.ts';
import { addPipeline } from '../fakes/spinnaker/world.ts';
import { BEN, repository, type TestRepository } from '../source/git-repository.ts';
import { until } from '../support/until.ts';
import { ANNA, DEPLOYS, EVERYBODY, SHOP } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked } from './steps.ts';

const HOOK = 'the secret in the header of Echo';

describe('a pipeline of Spinnaker', () => {
  let spinnaker: FakeSpinnaker;
  let shop: TestRepository;
  let stage: Stage;
  let head: string;

  beforeEach(async () => {
    spinnaker = await startFakeSpinnaker();
    addPipeline(spinnaker.world, 'shop', 'Deploy', ['countersign_sha']);
    shop = repository();
    shop.commit('Begin the shop', { author: BEN });
    head = shop.commit('Faster checkout', { author: BEN });
    stage = await openStage({
      code: {
        kind: 'own',
        accounts: 'github',
        source: `{ type: git, folder: ${JSON.stringify(shop.folder)} }`,
        provider: `{ type: spinnaker, url: '${spinnaker.url}', auth: { token: 'file:gate.txt' }, webhookSecret: 'file:echo.txt' }`,
        pipeline: 'application: shop, pipeline: Deploy',
        repository: "'.'",
        secrets: { gate: spinnaker.token, echo: HOOK },
      },
    });
    told();
  });
  afterEach(async () => {
    await stage.close();
    await spinnaker.close();
    shop.remove();
    expect(spinnaker.violations).toEqual([]);
  });

  /** Echo tells the programme that is there now. */
  function told(secret = HOOK): void {
    const url = `${stage.program().url}/webhooks/runs`;
    spinnaker.postman.target = { url, headers: { 'X-Countersign-Token': secret } };
  }

  async function launched(id: string): Promise<RunLever> {
    const run = await until('the run', async () => (await stage.program().store.deployment(id))?.run);
    return spinnaker.run(run.id);
  }

  test('goes from the command over a second person to every channel', async () => {
    const id = await asked(stage);
    await approved(stage, id);
    const run = await launched(id);

    await run.stage('Bake');
    await stage.card(id, DEPLOYS, 'Deploying', 'Bake');
    await run.stage('Bake', 'SUCCEEDED');
    await run.stage('Deploy', 'SUCCEEDED');
    await run.succeed();

    await stage.card(id, DEPLOYS, 'Deployed');
    await stage.card(id, SHOP, 'Deployed');
    await stage.card(id, EVERYBODY, 'Acme Shop: a new version is live for customers');
    expect(await stage.reaches(id, 'succeeded')).toMatchObject({ runSha: head });
    expect(run.execution.trigger).toMatchObject({
      user: 'Anna Lind (Countersign)',
      parameters: { countersign_sha: head },
    });
    expect(spinnaker.world.executions).toHaveLength(1);
    expect(stage.complaints).toEqual([]);
  });

  test('is found again after a restart, and says why it failed', async () => {
    const id = await asked(stage, 'web staging');
    const run = await launched(id);
    await stage.reaches(id, 'running');

    await stage.stop();
    const exception = { details: { errors: ['Two pods crashed'] } };
    await run.stage('Deploy', 'TERMINAL', { context: { exception } });
    await run.end('TERMINAL');
    await stage.start();

    await stage.card(id, DEPLOYS, 'Failed', 'Deploy: Two pods crashed');
    expect(spinnaker.world.executions).toHaveLength(1);
  });

  test('is cancelled there when the deployment is', async () => {
    const id = await asked(stage, 'web staging');
    const run = await launched(id);
    await run.stage('Bake');

    await stage.hands.ask(ANNA, DEPLOYS, `cancel ${id} "Not today"`);

    await stage.reaches(id, 'cancelled');
    expect(run.execution).toMatchObject({ status: 'CANCELED', cancellationReason: expect.stringContaining(id) });
  });

  test('is stopped and failed when it was given something else', async () => {
    spinnaker.quirks.otherSha = '0123456789abcdef0123456789abcdef01234567';
    const id = await asked(stage, 'web staging');

    await stage.reaches(id, 'failed');

    const run = await launched(id);
    await until('the run to be stopped', () => run.execution.status === 'CANCELED');
    await stage.card(id, DEPLOYS, 'Failed', '0123456');
  });
});
