import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../contract/pipeline-tools.ts';
import { type ArgoBench, argoBench, OTHER_SHA, SHA } from './argo-cd-bench.ts';

let bench: ArgoBench;
beforeEach(async () => {
  bench = await argoBench();
});
afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

const messageOf = (call: Promise<unknown>) =>
  call.then(
    () => 'nothing went wrong',
    (error: Error) => error.message,
  );
const lastCall = (method: string) => bench.fake.asked.findLast((call) => call.method === method)?.body;
const source = (more: object) => ({
  repoURL: 'https://github.com/acme/web.git',
  path: 'deploy',
  targetRevision: 'main',
  ...more,
});

describe('what a sync is told', () => {
  it('is the commit, our id, and who wants what why', async () => {
    const wish = bench.wish(
      {
        prune: true,
        strategy: 'apply',
        syncOptions: ['ServerSideApply=true'],
        project: 'shop',
        appNamespace: 'argocd',
      },
      { reason: 'Faster checkout', url: 'https://bot.example.com/D-1' },
    );

    await bench.pipeline.start(wish);

    expect(lastCall('POST')).toEqual({
      name: 'shop-1',
      appNamespace: 'argocd',
      project: 'shop',
      revision: SHA,
      prune: true,
      dryRun: false,
      strategy: { apply: {} },
      syncOptions: { items: ['ServerSideApply=true'] },
      infos: [
        { name: 'countersign', value: wish.correlation },
        { name: 'deployment', value: 'D-1' },
        { name: 'requester', value: 'Anna Lind' },
        { name: 'reason', value: 'Faster checkout' },
        { name: 'url', value: 'https://bot.example.com/D-1' },
      ],
    });
  });

  it("names only the sources that are the service's repository, wherever they stand, and reads theirs back", async () => {
    const sources = [
      source({ repoURL: 'https://charts.example.com', chart: 'web', targetRevision: '4.2.0' }),
      source({ repoURL: 'git@github.com:Acme/Web.git' }),
    ];
    const wish = bench.wish({}, {}, { sources });

    const run = await bench.pipeline.start(wish);
    const during = await bench.pipeline.look(run, wish);
    bench.lever(wish).succeed();

    expect(lastCall('POST')).toMatchObject({ revisions: [SHA], sourcePositions: [2] });
    expect(during).toMatchObject({ state: 'running', sha: SHA });
    expect(await bench.pipeline.look(run, wish)).toMatchObject({ state: 'succeeded', sha: SHA });
  });

  it('is never another commit on a second try, even where the application wants the newest then', async () => {
    const retry = { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '3m' }, refresh: true };
    const wish = bench.wish({}, {}, { retry });

    await bench.pipeline.start(wish);
    await bench.pipeline.start(bench.wish({}, {}, { retry: { limit: 2 } }));

    const [first, second] = bench.fake.asked.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(first).toMatchObject({ retryStrategy: { ...retry, refresh: false } });
    expect(second).not.toHaveProperty('retryStrategy');
  });

  it('cannot hold inputs, so that a request with inputs is refused before anything happens', async () => {
    const wish = bench.wish({}, { inputs: { region: 'eu' } });

    expect(await failureOf(bench.pipeline.start(wish))).toMatchObject({
      kind: 'refused',
      code: 'inputs',
      retryable: false,
    });
    expect(bench.fake.asked).toEqual([]);
  });
});

describe('an application of another repository', () => {
  it.each([
    ['git@github.com:acme/web.git', 'acme/web', undefined],
    ['ssh://git@github.com:22/acme/web', 'Acme/Web', undefined],
    ['https://robot:secret@git.example.com/acme/web/', 'acme/web', undefined],
    ['https://git.example.com/scm/acme/web.git', '.', 'ssh://git@git.example.com/scm/acme/web'],
  ])('is none: %s for %s', async (repoURL, repository, address) => {
    const wish = bench.wish(
      address === undefined ? {} : { repository: address },
      { repository },
      { source: source({ repoURL }) },
    );

    expect((await bench.pipeline.start(wish)).id).toBe(`shop-1/${wish.correlation}`);
  });

  it.each([
    ['https://github.com/acme/manifests.git', 'acme/web', undefined],
    ['https://github.com/other/acme/web.git', 'acme/web', undefined],
    ['https://github.com/acme/web.git', '.', undefined],
    ['https://github.com/acme/web.git', 'acme/web', 'https://git.example.com/acme/web'],
  ])('is refused with advice: %s for %s', async (repoURL, repository, address) => {
    const wish = bench.wish(
      address === undefined ? {} : { repository: address },
      { repository },
      { source: source({ repoURL }) },
    );

    expect(await failureOf(bench.pipeline.start(wish))).toMatchObject({ code: 'other-repository', retryable: false });
    expect(await messageOf(bench.pipeline.start(wish))).toMatch(
      /deploys from https:.+Use an application whose manifests/,
    );
    expect(bench.lever(wish).application.told).toEqual([]);
  });

  it('is a chart, too, and no login of an address is ever told', async () => {
    const sources = [source({ repoURL: 'https://robot:secret@github.com/acme/manifests' }), source({ chart: 'web' })];
    const message = await messageOf(bench.pipeline.start(bench.wish({}, {}, { sources })));

    expect(message).toContain('https://github.com/acme/manifests');
    expect(message).not.toContain('secret');
  });
});

describe('an application that is busy', () => {
  const byAlice = { initiatedBy: { username: 'alice' }, sync: { revision: OTHER_SHA } };

  it('is told so, with who made it so, and can be asked again', async () => {
    const wish = bench.wish();
    bench.lever(wish).sync(byAlice);

    expect(await failureOf(bench.pipeline.start(wish))).toMatchObject({
      kind: 'refused',
      code: 'busy',
      retryable: true,
      retryAfterMs: 10_000,
    });
    expect(await messageOf(bench.pipeline.start(wish))).toContain('begun by alice');
    bench.lever(wish).succeed();
    await bench.pipeline.start(wish);
    expect(await bench.started(wish)).toBe(1);
  });

  it('is told so when the other one came between our question and our order', async () => {
    const wish = bench.wish();
    bench.fake.faults.plan({
      method: 'POST',
      fault: {
        kind: 'status',
        status: 400,
        message: 'error setting app operation: another operation is already in progress',
      },
    });

    const failure = await failureOf(bench.pipeline.start(wish));

    expect(failure).toMatchObject({ kind: 'refused', code: 'busy', retryable: true });
    expect(failure.inDoubt ?? false).toBe(false);
  });

  it('is no obstacle when the other one turns out to be ours', async () => {
    const wish = bench.wish();
    const info = [{ name: 'countersign', value: wish.correlation }];
    const fence = () => {
      if (bench.lever(wish).application.operation === undefined)
        bench.lever(wish).sync({ info, initiatedBy: { username: 'countersign' }, sync: { revision: SHA } });
    };

    const run = await bench.pipeline.start(wish, fence);

    expect(run.id).toBe(`shop-1/${wish.correlation}`);
    expect(await bench.started(wish)).toBe(1);
  });
});

describe('what Argo CD refuses', () => {
  it('is told with what to do about a closed sync window', async () => {
    bench.fake.world.quirks.windowClosed = true;
    const wish = bench.wish();

    expect(await failureOf(bench.pipeline.start(wish))).toMatchObject({ code: 'sync-window', retryable: false });
    expect(await messageOf(bench.pipeline.start(wish))).toContain('allow manual syncs');
  });

  it('is told apart: no such application, or one that is not ours to see', async () => {
    const named = bench.wish({ project: 'shop' });
    const wish = bench.wish();
    bench.fake.world.applications.clear();

    expect(await failureOf(bench.pipeline.start(named))).toMatchObject({ kind: 'not-found' });
    expect(await failureOf(bench.pipeline.start(wish))).toMatchObject({ kind: 'forbidden' });
    expect(await messageOf(bench.pipeline.start(wish))).toContain('with its `project` in the settings');
  });
});
