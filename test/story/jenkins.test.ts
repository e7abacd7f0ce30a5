import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeJenkins, type RunLever, startFakeJenkins } from '../fakes/jenkins/index.ts';
import { notificationShape } from '../fakes/jenkins/shapes.ts';
import { addJob, type FakeJob } from '../fakes/jenkins/world.ts';
import { BEN, repository, type TestRepository } from '../source/git-repository.ts';
import { until } from '../support/until.ts';
import { ANNA, DEPLOYS, EVERYBODY, SHOP } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked } from './steps.ts';

const HOOK = 'the secret before the at sign';
const REMOTE = 'ssh://git@git.example.com/acme/web.git';

describe('a job of Jenkins', () => {
  let jenkins: FakeJenkins;
  let job: FakeJob;
  let shop: TestRepository;
  let stage: Stage;
  let head: string;

  beforeEach(async () => {
    jenkins = await startFakeJenkins();
    job = addJob(jenkins.world, 'shop/deploy', { remotes: [REMOTE] });
    shop = repository();
    shop.commit('Begin the shop', { author: BEN });
    head = shop.commit('Faster checkout', { author: BEN });
    stage = await openStage({
      rules: {
        environments:
          '  staging: { approval: { rules: [] } }\n  production: { title: live for customers, aliases: [prod], customerFacing: true, waits: answered }',
      },
      code: {
        kind: 'own',
        accounts: 'github',
        source: `{ type: git, folder: ${JSON.stringify(shop.folder)} }`,
        provider: `{ type: jenkins, url: '${jenkins.url}', auth: { user: countersign, apiToken: 'file:jenkins.txt' }, webhookSecret: 'file:jenkins-hook.txt' }`,
        pipeline: `job: shop/deploy, remote: '${REMOTE}'`,
        repository: "'.'",
        secrets: { jenkins: jenkins.doorkeeper.token, 'jenkins-hook': HOOK },
      },
    });
  });
  afterEach(async () => {
    await stage.close();
    await jenkins.close();
    shop.remove();
  });

  async function leverOf(id: string): Promise<RunLever> {
    const run = await until('the run', async () => (await stage.program().store.deployment(id))?.run);
    return jenkins.run(run.id);
  }

  /** The Notification plugin tells of the build. */
  async function told({ job: of, begin }: RunLever, phase: string, secret = HOOK): Promise<number> {
    const answer = await fetch(`${stage.program().url}/webhooks/runs`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`countersign:${secret}`).toString('base64')}` },
      body: JSON.stringify(notificationShape(of, begin(), phase, jenkins.url)),
    });
    return answer.status;
  }

  test('goes from the command over a second person and the queue to every channel', async () => {
    const id = await asked(stage);
    await approved(stage, id);
    const lever = await leverOf(id);

    lever.stage('Build');
    expect(await told(lever, 'STARTED', 'a guess')).toBe(401);
    expect(await told(lever, 'STARTED')).toBe(202);
    await stage.card(id, DEPLOYS, 'Deploying', 'Build');
    lever.stage('Smoke test');
    lever.end('SUCCESS');
    await told(lever, 'FINALIZED');

    await stage.card(id, DEPLOYS, 'Deployed');
    await stage.card(id, SHOP, 'Deployed');
    await stage.card(id, EVERYBODY, 'Acme Shop: a new version is live for customers');
    expect(await stage.reaches(id, 'succeeded')).toMatchObject({ runSha: head });
    expect(lever.item.parameters).toMatchObject({ COUNTERSIGN_SHA: head });
    expect(job.builds).toHaveLength(1);
  });

  test('asks nobody again who has countersigned: its question is answered in their name', async () => {
    const id = await asked(stage);
    await approved(stage, id);
    const lever = await leverOf(id);
    const build = lever.begin();
    build.inputs.push({ id: 'Live', message: 'Go live?', parameters: [], submitter: '' });
    lever.stage('Deploy');

    await told(lever, 'STARTED');
    await until('the answer', () => build.inputs[0]?.answered === 'proceed');
    lever.end('SUCCESS');
    await told(lever, 'FINALIZED');

    await stage.reaches(id, 'succeeded');
    expect(build.description).toBe(`"Go live?" is approved: Countersigned by Cleo Marsh (${id}), in Countersign.`);
  });

  test('goes on after a restart that outlasts the memory of the queue', async () => {
    const id = await asked(stage, 'web staging');
    const lever = await leverOf(id);
    await stage.reaches(id, 'running');

    await stage.stop();
    lever.stage('Build', 'FAILED', 'script returned exit code 1');
    lever.end('FAILURE');
    lever.forget();
    await stage.start();

    await stage.card(id, DEPLOYS, 'Failed', 'Stage "Build" failed: script returned exit code 1');
    expect(job.builds).toHaveLength(1);
  });

  test('is taken out of the queue when the deployment is cancelled', async () => {
    const id = await asked(stage, 'web staging');
    const { item } = await leverOf(id);

    await stage.hands.ask(ANNA, DEPLOYS, `cancel ${id} "Not today"`);

    await stage.reaches(id, 'cancelled');
    expect(item).toMatchObject({ kind: 'LeftItem', cancelled: true });
    expect(job.builds).toEqual([]);
  });

  test('is stopped and failed when it checked out something else', async () => {
    const id = await asked(stage, 'web staging');
    const lever = await leverOf(id);

    lever.begin('0123456789abcdef0123456789abcdef01234567');
    await told(lever, 'STARTED');

    await stage.reaches(id, 'failed');
    await until('the build to be stopped', () => !lever.begin().building);
    await stage.card(id, DEPLOYS, 'Failed', '0123456');
  });
});
