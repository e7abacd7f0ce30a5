import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Settings } from '../../adapters/pipeline/heroku/schema.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { startFakeGitHub } from '../fakes/github/index.ts';
import { addCommit, addRepository } from '../fakes/github/world.ts';
import { addApp, addBuild, endRelease, finishBuild } from '../fakes/heroku/world.ts';
import { type HerokuBench, herokuBench, OTHER_SHA, SHA } from './heroku-bench.ts';

let bench: HerokuBench;

beforeEach(async () => {
  bench = await herokuBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

/** An app on which a build of this commit was released. */
function released(name: string, ...shas: readonly string[]) {
  const { world } = bench.fake;
  const app = world.apps.get(name) ?? addApp(world, name);
  for (const sha of shas) finishBuild(world, app, addBuild(app, { url: 'https://example.com/a.tar.gz', version: sha }));
  return app;
}

describe('a build', () => {
  it('is of the archive of the commit, and carries the commit and our id', async () => {
    const wish = bench.wish();

    const run = await bench.pipeline.start(wish);

    expect(bench.build(run).source).toEqual({
      url: `https://archives.example.com/acme/web/${SHA}.tar.gz`,
      version: `${SHA} countersign:${wish.correlation}`,
    });
    expect(run.url).toBe(`https://dashboard.heroku.com/apps/acme-shop/activity/builds/${run.id}`);
  });

  it('has from GitHub an address that is good for some minutes, and never the login', async () => {
    const github = await startFakeGitHub();
    const repository = addRepository(github.world, 'acme/web');
    const sha = addCommit(repository);
    const auth = { apiUrl: github.url, auth: { token: 'env:GITHUB' } };
    const provider = await bench.provider(
      { archives: { type: 'github', ...auth } },
      { 'env:GITHUB': github.doorkeeper.token },
    );

    const run = await provider.start(bench.wish({ sha }, {}));

    expect(bench.build(run).source.url).toBe(`https://codeload.github.com/acme/web/legacy.tar.gz/${sha}?token=AAAA`);
    expect(JSON.stringify(bench.build(run))).not.toContain(github.doorkeeper.token);
    expect(github.violations).toEqual([]);
    await github.close();
  });

  it('is not begun when GitHub does not know the commit', async () => {
    const github = await startFakeGitHub();
    addRepository(github.world, 'acme/web');
    const auth = { apiUrl: github.url, auth: { token: 'env:GITHUB' } };
    const secrets = { 'env:GITHUB': github.doorkeeper.token };
    const provider = await bench.provider({ archives: { type: 'github', ...auth } }, secrets);

    expect(await failureOf(provider.start(bench.wish({}, {})))).toMatchObject({ kind: 'not-found', retryable: false });
    expect(bench.app.builds).toEqual([]);
    await github.close();
  });

  it('is refused where nobody says where the code is', async () => {
    const failure = await failureOf(bench.pipeline.start(bench.wish({}, {})));

    expect(failure).toMatchObject({ kind: 'refused', code: 'no-archive', retryable: false });
    expect(bench.app.builds).toEqual([]);
  });

  it('is refused with inputs, which Heroku would never hear of', async () => {
    const failure = await failureOf(bench.pipeline.start(bench.wish({ inputs: { region: 'eu' } })));

    expect(failure).toMatchObject({ kind: 'refused', code: 'no-inputs', retryable: false });
    expect(bench.app.builds).toEqual([]);
  });

  it('is found behind many pages, and another id that begins alike is not taken for it', async () => {
    const wish = bench.wish();
    const run = await bench.pipeline.start(wish);
    for (const more of ['x', 'y', 'z'])
      await bench.pipeline.start({ ...wish, correlation: `${wish.correlation}${more}` });
    bench.fake.quirks.page = 1;

    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });
});

describe('a promotion', () => {
  const promoting = (more = {}) => bench.wish(more, { promoteFrom: 'acme-staging' });

  it('releases the very slug that was built of the commit before, once, and follows it', async () => {
    const staging = released('acme-staging', OTHER_SHA, SHA);
    bench.app.releasePhase = true;
    const wish = promoting();

    const run = await bench.pipeline.start(wish);
    const again = await (await bench.restarted()).start(wish);
    const during = await bench.pipeline.look(run, wish);
    const [release] = bench.app.releases;
    if (release === undefined) throw new Error('nothing was released');
    endRelease(bench.app, release, 'succeeded');
    const end = await bench.pipeline.look(run, wish);

    expect(again.id).toBe(run.id);
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
    expect(bench.app.releases).toHaveLength(1);
    expect(bench.app.builds).toEqual([]);
    expect(release.slug).toBe(staging.builds[1]?.slug);
    expect(release.description).toBe(`Promote 69eec518 from acme-staging countersign:${wish.correlation}`);
    expect(during).toMatchObject({ state: 'running', sha: SHA, steps: [{ name: 'Release', state: 'running' }] });
    expect(end).toMatchObject({ state: 'succeeded', sha: SHA, steps: [{ name: 'Release', state: 'succeeded' }] });
  });

  it('is refused when the app before never ran the commit', async () => {
    released('acme-staging', OTHER_SHA);

    const failure = await failureOf(bench.pipeline.start(promoting()));

    expect(failure).toMatchObject({ kind: 'refused', code: 'not-on-source', retryable: false });
    expect(bench.app.releases).toEqual([]);
  });

  it('takes nothing that failed there', async () => {
    const staging = released('acme-staging', SHA);
    const [release] = staging.releases;
    if (release !== undefined) endRelease(staging, release, 'failed');

    expect(await failureOf(bench.pipeline.start(promoting()))).toMatchObject({ code: 'not-on-source' });
  });
});

describe('the way back', () => {
  it('releases the former slug again, and builds nothing', async () => {
    released('acme-shop', SHA, OTHER_SHA);
    const wish = bench.wish({ kind: 'rollback' });

    const run = await bench.pipeline.start(wish);
    const end = await bench.pipeline.look(run, wish);

    expect(bench.app.builds).toHaveLength(2);
    expect(bench.app.releases.map(({ slug }) => slug)).toEqual([
      bench.app.builds[0]?.slug,
      bench.app.builds[1]?.slug,
      bench.app.builds[0]?.slug,
    ]);
    expect(bench.app.releases[2]?.description).toBe(`Back to 69eec518 countersign:${wish.correlation}`);
    expect(end).toMatchObject({ state: 'succeeded', sha: SHA });
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });

  it('builds the former commit where no release of it is left', async () => {
    released('acme-shop', OTHER_SHA);
    const wish = bench.wish({ kind: 'rollback' });

    const run = await bench.pipeline.start(wish);

    expect(bench.build(run).source.version).toContain(SHA);
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });
});

describe('settings', () => {
  it.each([
    ['an archive that is bound to no commit', { app: 'shop', archive: 'https://example.com/main.tar.gz' }, '{sha}'],
    [
      'an archive beside a promotion',
      { app: 'shop', archive: 'https://e.com/{sha}', promoteFrom: 'staging' },
      'not built',
    ],
    ['an app that cannot be', { app: '../account' }, 'Name the app'],
  ])('refuse %s', (_what, settings, words) => {
    expect(JSON.stringify(Settings.safeParse(settings).error?.issues)).toContain(words);
  });
});
