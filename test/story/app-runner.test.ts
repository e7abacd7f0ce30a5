import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type FakeAppRunner, startFakeAppRunner } from '../fakes/app-runner/index.ts';
import { addService, endOperation, type FakeService } from '../fakes/app-runner/world.ts';
import { BEN, repository, type TestRepository } from '../source/git-repository.ts';
import { until } from '../support/until.ts';
import { handClock } from './hand-clock.ts';
import { ANNA, DEPLOYS, EVERYBODY, SHOP } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked } from './steps.ts';

const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web';
const LOOK_MS = 10_000;

describe('a service of App Runner', () => {
  let cloud: FakeAppRunner;
  let service: FakeService;
  let shop: TestRepository;
  let stage: Stage;
  let head: string;

  beforeEach(async () => {
    cloud = await startFakeAppRunner();
    vi.stubEnv('AWS_ACCESS_KEY_ID', cloud.key.id);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', cloud.key.secret);
    service = addService(cloud.world, 'shop', `${IMAGE}:0123456789abcdef0123456789abcdef01234567`);
    shop = repository();
    shop.commit('Begin the shop', { author: BEN });
    head = shop.commit('Faster checkout', { author: BEN });
    stage = await openStage({
      clock: handClock(),
      code: {
        kind: 'own',
        accounts: 'github',
        source: `{ type: git, folder: ${JSON.stringify(shop.folder)} }`,
        provider: `{ type: app-runner, endpoint: '${cloud.url}' }`,
        pipeline: `service: '${service.arn}', image: '${IMAGE}:{sha}'`,
        repository: "'.'",
        secrets: {},
      },
    });
  });
  afterEach(async () => {
    await stage.close();
    await cloud.close();
    shop.remove();
    vi.unstubAllEnvs();
    expect(cloud.violations).toEqual([]);
  });

  /** App Runner calls nobody: it is looked at once the time has come. */
  async function running(id: string): Promise<void> {
    await until('the run', async () => (await stage.program().store.deployment(id))?.run);
  }

  test('goes from the command over a second person to every channel, by asking alone', async () => {
    const id = await asked(stage);
    await approved(stage, id);
    await running(id);
    expect(service.image).toBe(`${IMAGE}:${head}`);

    Object.assign(service.operations.at(-1) ?? {}, { Status: 'IN_PROGRESS' });
    await stage.pass(LOOK_MS);
    await stage.card(id, DEPLOYS, 'Deploying', 'Deploy');
    endOperation(service, 'SUCCEEDED');
    await stage.pass(2 * LOOK_MS);

    await stage.card(id, DEPLOYS, 'Deployed');
    await stage.card(id, SHOP, 'Deployed');
    await stage.card(id, EVERYBODY, 'Acme Shop: a new version is live for customers');
    expect(await stage.reaches(id, 'succeeded')).toMatchObject({ runSha: head });
    expect(service.operations).toHaveLength(2);
  });

  test('has failed when App Runner went back by itself, also over a restart', async () => {
    const id = await asked(stage, 'web staging');
    await running(id);

    await stage.stop();
    service.image = `${IMAGE}:0123456789abcdef0123456789abcdef01234567`;
    endOperation(service, 'ROLLBACK_SUCCEEDED');
    await stage.start();
    await stage.pass(2 * LOOK_MS);

    await stage.card(id, DEPLOYS, 'Failed', 'App Runner went back to the version before by itself');
    expect(service.operations).toHaveLength(2);
  });

  test('is not stopped by a cancellation, and its end is told as it was', async () => {
    const id = await asked(stage, 'web staging');
    await running(id);

    const before = cloud.asked.length;
    await stage.hands.ask(ANNA, DEPLOYS, `cancel ${id} "Not today"`);
    await until('the wish to stop', () => cloud.asked.slice(before).includes('ListOperations'));
    endOperation(service, 'SUCCEEDED');
    await stage.pass(2 * LOOK_MS);

    expect(await stage.reaches(id, 'succeeded', 'cancelled', 'failed')).toMatchObject({ state: 'succeeded' });
    expect(cloud.asked).not.toContain('PauseService');
  });
});
