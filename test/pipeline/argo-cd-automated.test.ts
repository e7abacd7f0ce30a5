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

const AUTOMATED = { automated: { prune: true, selfHeal: true } };
const writes = () => bench.fake.asked.filter(({ method }) => method !== 'GET');
const source = { repoURL: 'https://github.com/acme/web.git', path: 'deploy', targetRevision: SHA };

describe('an application that syncs by itself', () => {
  it('is refused with both ways out, and nothing is changed', async () => {
    const wish = bench.wish({}, {}, AUTOMATED);

    const failure = await bench.pipeline.start(wish).catch((error: unknown) => error);

    expect(failure).toMatchObject({ details: { kind: 'refused', code: 'automated-sync', retryable: false } });
    expect(String(failure)).toMatch(/tracks main.+Switch it off there, or set `automatedSync: switch-off`/);
    expect(writes()).toEqual([]);
  });

  it('is not refused where it is there and yet off, or tracks the very commit', async () => {
    const off = bench.wish({}, {}, { automated: { enabled: false } });
    const pinned = bench.wish({}, {}, { ...AUTOMATED, source });

    const runs = [await bench.pipeline.start(off), await bench.pipeline.start(pinned)];

    expect(runs.map(({ id }) => id)).toEqual([`shop-1/${off.correlation}`, `shop-2/${pinned.correlation}`]);
    expect((await bench.pipeline.look(runs[1] ?? { provider: '', id: '' }, pinned)).warning).toBeUndefined();
    expect(writes().map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  it('is switched off where the target says so, and says so for as long as it is off', async () => {
    const wish = bench.wish(
      { automatedSync: 'switch-off' },
      {},
      { ...AUTOMATED, owner: { kind: 'ApplicationSet', name: 'shops' } },
    );

    const run = await bench.pipeline.start(wish);
    const during = await bench.pipeline.look(run, wish);
    bench.lever(wish).succeed();
    const end = await bench.pipeline.look(run, wish);
    await bench.pipeline.tidy?.(run, wish);

    const { automated, annotations } = bench.lever(wish).application;
    expect(automated).toBeUndefined();
    expect(JSON.parse(annotations['countersign/automated-sync'] ?? '')).toEqual({
      by: 'D-1',
      was: AUTOMATED.automated,
    });
    expect(during.steps[0]).toMatchObject({ name: 'Automated sync switched off', state: 'succeeded' });
    expect(end).toMatchObject({
      state: 'succeeded',
      warning: expect.stringMatching(/off since D-1.+ApplicationSet shops may switch it on/),
    });
  });

  it('is left as it is while another operation runs', async () => {
    const wish = bench.wish({ automatedSync: 'switch-off' }, {}, AUTOMATED);
    bench.lever(wish).sync({ initiatedBy: { automated: true }, sync: { revision: OTHER_SHA } });

    expect(await failureOf(bench.pipeline.start(wish))).toMatchObject({ code: 'busy', retryable: true });
    expect(writes()).toEqual([]);
  });

  it('is left as it is when the start was not ours any more', async () => {
    const wish = bench.wish({ automatedSync: 'switch-off' }, {}, AUTOMATED);
    const fallen = () => {
      throw new Error('not ours any more');
    };

    await expect(bench.pipeline.start(wish, fallen)).rejects.toThrow('not ours any more');

    expect(bench.lever(wish).application.automated).toEqual(AUTOMATED.automated);
  });

  it('leaves no start in doubt when only the switching off is', async () => {
    const wish = bench.wish({ automatedSync: 'switch-off' }, {}, AUTOMATED);
    bench.fake.faults.plan({ method: 'PATCH', fault: { kind: 'drop', after: true } });

    const failure = await failureOf(bench.pipeline.start(wish));
    await bench.pipeline.start(wish);

    expect(failure).toMatchObject({ retryable: true, inDoubt: false });
    expect(await bench.started(wish)).toBe(1);
  });

  it('is told of when it was switched on again meanwhile', async () => {
    const wish = bench.wish({ automatedSync: 'switch-off' }, {}, AUTOMATED);
    const run = await bench.pipeline.start(wish);
    bench.lever(wish).application.automated = {};

    expect((await bench.pipeline.look(run, wish)).warning).toContain('Argo CD may undo this deployment');
  });
});

describe('automated sync is switched on again', () => {
  const settings = { automatedSync: 'switch-off', restoreAutomatedSync: true } as const;

  async function ended(more: { kind?: 'regular' | 'rollback'; tracks?: string; fails?: boolean; wanted?: boolean }) {
    const { kind = 'regular', tracks = SHA, fails = false, wanted = true } = more;
    const wish = bench.wish({ ...settings, restoreAutomatedSync: wanted }, { kind }, AUTOMATED);
    const run = await bench.pipeline.start(wish);
    const lever = bench.lever(wish);
    lever.begin();
    if (fails) lever.fail();
    else lever.succeed();
    lever.application.sync = { status: tracks === SHA ? 'Synced' : 'OutOfSync', revision: tracks };
    await bench.pipeline.tidy?.(run, wish);
    await bench.pipeline.tidy?.(run, wish);
    return lever.application;
  }

  it('as it was, after a success of what it tracks', async () => {
    const { automated, annotations } = await ended({});

    expect(automated).toEqual(AUTOMATED.automated);
    expect(annotations).not.toHaveProperty('countersign/automated-sync');
    expect(writes().filter(({ method }) => method === 'PATCH')).toHaveLength(2);
  });

  it.each([
    ['after a rollback', { kind: 'rollback' as const }],
    ['while its branch holds another commit', { tracks: OTHER_SHA }],
    ['after a failure', { fails: true }],
    ['where the target does not ask for it', { wanted: false }],
  ])('never %s', async (_when, more) => {
    expect((await ended(more)).automated).toBeUndefined();
  });
});

describe('a rollback', () => {
  /** An application that deployed the commit once, and another since. */
  async function afterTwo(
    settings: Parameters<ArgoBench['wish']>[0] = {},
    application: Parameters<ArgoBench['wish']>[2] = {},
  ) {
    const wish = bench.wish(settings, { kind: 'rollback' }, application);
    const lever = bench.lever(wish);
    for (const revision of [SHA, OTHER_SHA]) {
      lever.sync({
        initiatedBy: { username: 'alice' },
        sync: { revision, source: { ...source, path: `was/${revision[0]}` } },
      });
      lever.succeed();
    }
    // The next operation begins in a later second.
    bench.clock.skip(2000);
    return { wish, lever };
  }

  it("goes by Argo CD's history, with the parameters of that time, and is found, followed and not doubled", async () => {
    const { wish, lever } = await afterTwo();
    const before = await bench.pipeline.find(wish);

    const run = await bench.pipeline.start(wish);
    const again = await (await bench.restarted()).start(wish);
    const during = await bench.pipeline.look(run, wish);
    lever.succeed();

    expect(before).toBeUndefined();
    expect(again.id).toBe(run.id);
    expect(lever.application.told.slice(2)).toEqual([
      expect.objectContaining({
        sync: expect.objectContaining({ revision: SHA, source: { ...source, path: 'was/1' } }),
      }),
    ]);
    expect(during).toMatchObject({ state: 'running', sha: SHA });
    expect(await bench.pipeline.look(run, wish)).toMatchObject({ state: 'succeeded', sha: SHA });
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });

  it('of a deployment that comes after an equal one is not taken for that one', async () => {
    const { wish, lever } = await afterTwo();
    await bench.pipeline.start(wish);
    lever.succeed();
    bench.clock.skip(2000);
    const next = { ...wish, correlation: 'cs-next', deployment: 'D-9' };

    expect(await bench.pipeline.find(next)).toBeUndefined();
    const run = await bench.pipeline.start(next);

    expect(lever.application.told).toHaveLength(4);
    expect((await bench.pipeline.find(next))?.id).toBe(run.id);
    expect(await bench.pipeline.find(wish)).toBeUndefined();
  });

  it('that was marked and then not begun is not taken for the equal one before it', async () => {
    const { wish, lever } = await afterTwo();
    await bench.pipeline.start(wish);
    lever.succeed();
    const next = { ...wish, correlation: 'cs-next', deployment: 'D-9' };
    bench.fake.faults.plan({ method: 'POST', path: '/rollback', fault: { kind: 'drop' } });

    await failureOf(bench.pipeline.start(next));

    expect(lever.application.annotations['countersign/rollback']).toContain('cs-next');
    expect(await bench.pipeline.find(next)).toBeUndefined();
  });

  it('goes to the newest of equal entries', async () => {
    const { wish, lever } = await afterTwo();
    for (const path of ['newer', 'newest']) {
      lever.sync({ initiatedBy: { username: 'alice' }, sync: { revision: SHA, source: { ...source, path } } });
      lever.succeed();
    }
    bench.clock.skip(2000);

    await bench.pipeline.start(wish);

    expect(lever.application.told.at(-1)?.sync.source?.path).toBe('newest');
  });

  it('is found when its answer was lost', async () => {
    const { wish, lever } = await afterTwo();
    bench.fake.faults.plan({ method: 'POST', path: '/rollback', fault: { kind: 'drop', after: true } });

    const failure = await failureOf(bench.pipeline.start(wish));

    expect(failure).toMatchObject({ retryable: true, inDoubt: true });
    expect((await bench.pipeline.find(wish))?.id).toBe(`shop-1/${wish.correlation}`);
    expect(lever.application.told).toHaveLength(3);
  });

  it('switches automated sync off before, where the target says so, else is refused', async () => {
    const { wish, lever } = await afterTwo({ automatedSync: 'switch-off' }, AUTOMATED);
    const { wish: other } = await afterTwo({}, AUTOMATED);

    await bench.pipeline.start(wish);

    expect(lever.application.automated).toBeUndefined();
    expect(lever.application.told).toHaveLength(3);
    expect(await failureOf(bench.pipeline.start(other))).toMatchObject({ code: 'automated-sync' });
  });

  it.each([
    [
      'the history no longer has the commit',
      {},
      (lever: ReturnType<ArgoBench['lever']>) => lever.application.history.splice(0),
    ],
    ['the token may not mark the application', {}, () => Object.assign(bench.fake.world.quirks, { mayUpdate: false })],
    ['the target wants it', { rollback: 'sync' as const }, () => undefined],
  ])('is a sync to the commit where %s', async (_why, settings, arrange) => {
    const { wish, lever } = await afterTwo(settings);
    arrange(lever);

    const run = await bench.pipeline.start(wish);

    expect(writes().at(-1)).toMatchObject({ path: '/api/v1/applications/shop-1/sync', body: { revision: SHA } });
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });
});
