import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import type { FakeRepository } from '../fakes/github/world.ts';
import { type FakeHeroku, startFakeHeroku } from '../fakes/heroku/index.ts';
import { buildShape, delivery, releaseShape } from '../fakes/heroku/shapes.ts';
import { addApp, endRelease, type FakeApp, type FakeBuild, finishBuild } from '../fakes/heroku/world.ts';
import { until } from '../support/until.ts';
import { ANNA, DEPLOYS, EVERYBODY, SHOP } from './hands.ts';
import { openStage, type Stage, shopRepository } from './stage.ts';
import { approved, asked } from './steps.ts';

const HOOK = 'the webhook secret of Heroku';

describe('an app on Heroku', () => {
  let heroku: FakeHeroku;
  let github: FakeGitHub;
  let repository: FakeRepository;
  let app: FakeApp;
  let stage: Stage;

  beforeEach(async () => {
    [heroku, github] = [await startFakeHeroku(), await startFakeGitHub()];
    repository = shopRepository(github);
    app = addApp(heroku.world, 'acme-shop');
    app.releasePhase = true;
    const login = `type: github, apiUrl: '${github.url}', auth: { token: 'file:code.txt' }`;
    stage = await openStage({
      code: {
        kind: 'own',
        accounts: 'github',
        source: `{ ${login} }`,
        provider: `{ type: heroku, url: '${heroku.url}', token: 'file:heroku.txt', webhookSecret: 'file:heroku-hook.txt', archives: { ${login} } }`,
        pipeline: 'app: acme-shop',
        repository: 'acme/web',
        secrets: { code: github.doorkeeper.token, heroku: heroku.token, 'heroku-hook': HOOK },
      },
    });
  });
  afterEach(async () => {
    await stage.close();
    await Promise.all([heroku.close(), github.close()]);
    expect([...heroku.violations, ...github.violations]).toEqual([]);
  });

  function building(): Promise<FakeBuild> {
    return until('the build', () => app.builds.at(-1));
  }

  async function told(build: FakeBuild, secret = HOOK): Promise<number> {
    return post(delivery(app, 'build', buildShape(heroku.url, app, build), secret));
  }

  async function post(call: { headers: Record<string, string>; body: string }): Promise<number> {
    return (await fetch(`${stage.program().url}/webhooks/runs`, { method: 'POST', ...call })).status;
  }

  test('goes from the command over a second person, a build and its release to every channel', async () => {
    const head = repository.branches.get('main');
    const id = await asked(stage);
    await approved(stage, id);
    const build = await building();

    expect(build.source.url).toContain(`/acme/web/legacy.tar.gz/${head}?token=`);
    const release = finishBuild(heroku.world, app, build);
    expect(await told(build, 'a guess')).toBe(401);
    await stage.reaches(id, 'running');
    expect(await told(build)).toBe(202);
    await stage.card(id, DEPLOYS, 'Deploying', 'Release');
    endRelease(app, release, 'succeeded');
    expect(await post(delivery(app, 'release', releaseShape(heroku.url, app, release), HOOK))).toBe(202);

    await stage.card(id, DEPLOYS, 'Deployed');
    await stage.card(id, SHOP, 'Deployed');
    await stage.card(id, EVERYBODY, 'Acme Shop: a new version is live for customers');
    expect(await stage.reaches(id, 'succeeded')).toMatchObject({ runSha: head });
    expect(app.builds).toHaveLength(1);
  });

  test('is found again after a restart, with what its release command said last', async () => {
    const id = await asked(stage, 'web staging');
    const build = await building();
    await stage.reaches(id, 'running');

    await stage.stop();
    const release = finishBuild(heroku.world, app, build);
    release.output = 'Migrating...\nrelation "orders" does not exist\n';
    endRelease(app, release, 'failed');
    await stage.start();

    await stage.card(id, DEPLOYS, 'Failed', 'relation "orders" does not exist');
    expect(app.builds).toHaveLength(1);
  });

  test('cancels the build when the deployment is cancelled', async () => {
    const id = await asked(stage, 'web staging');
    const build = await building();
    await stage.reaches(id, 'running');

    await stage.hands.ask(ANNA, DEPLOYS, `cancel ${id} "Not today"`);

    await until('the build to be cancelled', () => build.status === 'failed');
    await told(build);
    await stage.reaches(id, 'cancelled');
  });
});
