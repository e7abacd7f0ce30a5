import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Lever } from '../fakes/argo-cd/controller.ts';
import { type FakeArgoCd, startFakeArgoCd } from '../fakes/argo-cd/index.ts';
import { notified } from '../fakes/argo-cd/notifications.ts';
import { addApplication } from '../fakes/argo-cd/world.ts';
import { BEN, repository, type TestRepository } from '../source/git-repository.ts';
import { until } from '../support/until.ts';
import { PLATFORMS } from './chats.ts';
import { DEPLOYS, EVERYBODY, SHOP } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked } from './steps.ts';

const HOOK = 'the secret of the notifications';
const REMOTE = 'ssh://git@git.example.com/acme/web.git';

describe.each(PLATFORMS)('an application of Argo CD, in $name', ({ chats }) => {
  let argo: FakeArgoCd;
  let lever: Lever;
  let shop: TestRepository;
  let stage: Stage;
  let head: string;

  beforeEach(async () => {
    argo = await startFakeArgoCd();
    const source = { repoURL: 'https://git.example.com/acme/web', path: 'deploy', targetRevision: 'main' };
    addApplication(argo.world, 'shop', { source });
    lever = argo.lever('shop');
    shop = repository();
    shop.commit('Begin the shop', { author: BEN });
    head = shop.commit('Faster checkout', { author: BEN });
    stage = await openStage({
      chats,
      code: {
        kind: 'own',
        accounts: 'github',
        source: `{ type: git, folder: ${JSON.stringify(shop.folder)} }`,
        provider: `{ type: argo-cd, url: '${argo.url}', token: 'file:argo.txt', webhookSecret: 'file:argo-hook.txt' }`,
        pipeline: `application: shop, repository: '${REMOTE}'`,
        repository: "'.'",
        secrets: { argo: argo.token, 'argo-hook': HOOK },
      },
    });
  });
  afterEach(async () => {
    await stage.close();
    await argo.close();
    shop.remove();
    expect(argo.violations).toEqual([]);
  });

  /** Argo CD Notifications tell of the application. */
  async function told(secret = HOOK): Promise<number> {
    const delivery = notified(secret, lever.application);
    return (await fetch(`${stage.program().url}/webhooks/runs`, { method: 'POST', ...delivery })).status;
  }

  test('goes from the command over a second person to every channel, once it is healthy', async () => {
    const id = await asked(stage);
    await approved(stage, id);
    await until('the run', async () => (await stage.program().store.deployment(id))?.run);

    lever.begin();
    expect(await told('a guess')).toBe(401);
    expect(await told()).toBe(202);
    await stage.card(id, DEPLOYS, 'Deploying', 'Build');
    lever.apply('Progressing');
    await told();
    lever.health('Healthy');
    await told();

    await stage.card(id, DEPLOYS, 'Deployed');
    await stage.card(id, SHOP, 'Deployed');
    await stage.card(id, EVERYBODY, 'Acme Shop: a new version is live for customers');
    expect(await stage.reaches(id, 'succeeded')).toMatchObject({ runSha: head });
    expect(lever.application.told).toMatchObject([{ sync: { revision: head } }]);
  });

  test('that syncs by itself is left alone, with what to do', async () => {
    lever.application.automated = {};
    const id = await asked(stage);
    await approved(stage, id);

    await stage.reaches(id, 'failed');

    await stage.card(
      id,
      DEPLOYS,
      'Failed',
      'Automated sync of the application shop is on',
      'automatedSync: switch-off',
    );
    expect(lever.application.told).toEqual([]);
  });
});
