import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROLLBACK_MARK } from '../../adapters/pipeline/argo-cd/operation.ts';
import type { Run } from '../../src/domain/run.ts';
import type { StartRequest } from '../../src/ports/pipeline.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { notified } from '../fakes/argo-cd/notifications.ts';
import { type ArgoBench, argoBench, OTHER_SHA, SECRET, SHA } from './argo-cd-bench.ts';

let bench: ArgoBench;
beforeEach(async () => {
  bench = await argoBench();
});
afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

async function begun(settings: Parameters<ArgoBench['wish']>[0] = {}): Promise<{
  readonly wish: StartRequest;
  readonly run: Run;
  readonly lever: ReturnType<ArgoBench['lever']>;
  readonly seen: () => ReturnType<ArgoBench['pipeline']['look']>;
}> {
  const wish = bench.wish(settings);
  const run = await bench.pipeline.start(wish);
  return { wish, run, lever: bench.lever(wish), seen: () => bench.pipeline.look(run, wish) };
}

describe('a sync that has succeeded', () => {
  it('is not over while the application was not compared since: its health may be that of the former version', async () => {
    const { lever, seen } = await begun();
    lever.applyUnseen();

    expect(await seen()).toMatchObject({
      state: 'running',
      steps: expect.arrayContaining([{ name: 'Health', state: 'running', startedAt: expect.any(String) }]),
    });
    lever.health('Healthy');
    expect((await seen()).state).toBe('succeeded');
  });

  it('goes on while the application progresses', async () => {
    const { lever, seen } = await begun();
    lever.apply('Progressing');

    const during = await seen();
    lever.health('Healthy');

    expect(during).toMatchObject({ state: 'running', sha: SHA });
    expect(during.endedAt).toBeUndefined();
    expect(await seen()).toMatchObject({ state: 'succeeded', endedAt: expect.any(String) });
  });

  it('has failed once the application is degraded for longer than the target allows, and says what is', async () => {
    const { lever, seen } = await begun({ degradedGraceSeconds: 30 });
    lever.apply('Degraded', 'Deployment "web" exceeded its progress deadline\nsecond line');

    const before = await seen();
    bench.clock.skip(31_000);
    const after = await seen();

    expect(before.state).toBe('running');
    expect(after).toMatchObject({
      state: 'failed',
      error: 'Deployment web is degraded after the sync: Deployment "web" exceeded its progress deadline',
    });
    expect(after.steps.at(-1)).toMatchObject({ name: 'Health', state: 'failed' });
  });

  it('is in no known state when the health is not known', async () => {
    const { lever, seen } = await begun();
    lever.apply('Unknown');

    expect(await seen()).toMatchObject({ state: 'unknown', warning: expect.stringContaining('"Unknown"') });
  });

  it('has failed when the controller took another commit, however healthy it is', async () => {
    bench.fake.world.quirks.otherSha = OTHER_SHA;
    const { lever, seen } = await begun();
    lever.succeed();

    expect(await seen()).toMatchObject({
      state: 'failed',
      sha: OTHER_SHA,
      error: expect.stringContaining('instead of the approved commit'),
    });
  });

  it('is a success with a word about what stayed or differs', async () => {
    const { lever, seen } = await begun();
    lever.succeed();
    lever.application.sync = { status: 'OutOfSync', revision: SHA };
    const differing = await seen();
    for (const one of lever.application.state?.syncResult.resources ?? [])
      if (one.kind === 'Deployment') one.status = 'PruneSkipped';

    expect(differing).toMatchObject({ state: 'succeeded', warning: expect.stringContaining('OutOfSync') });
    expect((await seen()).warning).toBe('1 resource of the former version stayed, because prune is off.');
  });

  it('does not mind that the branch of the application is further on', async () => {
    const { lever, seen } = await begun();
    lever.succeed();
    lever.application.sync = { status: 'OutOfSync', revision: OTHER_SHA };

    const end = await seen();

    expect(end).toMatchObject({ state: 'succeeded', sha: SHA });
    expect(end.warning).toBeUndefined();
  });
});

describe('another operation on the application', () => {
  it.each([
    ['a person', { username: 'alice' }, 'alice'],
    ['automated sync', { automated: true }, 'automated sync'],
  ])('ends ours and says who (%s)', async (_who, initiatedBy, words) => {
    const { lever, seen, wish } = await begun();
    lever.succeed();
    lever.sync({ initiatedBy, sync: { revision: OTHER_SHA } });

    expect(await seen()).toMatchObject({
      state: 'cancelled',
      error: expect.stringMatching(new RegExp(`to ffff.+begun by ${words}`)),
    });
    expect(await bench.pipeline.find(wish)).toBeUndefined();
    await bench.pipeline.stop({ provider: 'argo', id: `shop-1/${wish.correlation}` }, wish);
    expect(lever.application.state?.phase).toBe('Running');
  });
});

describe('an operation that was not taken up yet', () => {
  it('is queued, found, and bound to its commit', async () => {
    bench.fake.world.quirks.idle = true;
    const { wish, run, seen } = await begun();

    expect(await seen()).toMatchObject({ state: 'queued', sha: SHA, steps: [] });
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });

  it('cannot be ended yet, which is said so that it is tried again', async () => {
    bench.fake.world.quirks.idle = true;
    const { wish, run, lever, seen } = await begun();

    const failure = await failureOf(bench.pipeline.stop(run, wish));
    bench.fake.world.quirks.idle = false;
    lever.begin();
    await bench.pipeline.stop(run, wish);

    expect(failure).toMatchObject({ retryable: true, code: 'not-begun' });
    expect((await seen()).state).toBe('cancelled');
  });
});

describe('steps', () => {
  it('are hooks by name, everything else by kind, and never more than twenty', async () => {
    const { lever, seen } = await begun();
    lever.begin();
    const results = lever.application.state?.syncResult.resources ?? [];
    const hook = (name: string, phase: string) => ({
      group: 'batch',
      version: 'v1',
      kind: 'Job',
      namespace: 'shop',
      name,
      hookType: phase,
      syncPhase: phase,
      hookPhase: 'Succeeded',
      status: 'Synced',
      message: '',
    });
    results.push(
      ...Array.from({ length: 9 }, (_, index) => hook(`smoke-${index}-1a2b3c4-postsync-1767268800`, 'PostSync')),
    );
    for (let index = 0; index < 12; index += 1)
      results.push({
        group: '',
        version: 'v1',
        kind: `Kind${index}`,
        namespace: 'shop',
        name: 'x',
        hookPhase: '',
        syncPhase: 'Sync',
        status: index < 9 ? 'Synced' : '',
        message: '',
      });

    const deployment = results.find(({ kind }) => kind === 'Deployment');
    Object.assign(deployment ?? {}, { status: 'Synced', hookPhase: 'Running' });
    const { steps } = await seen();

    expect(steps.map(({ name }) => name)).toEqual([
      'Build',
      'Deployment',
      'Kind0',
      'Kind1',
      'Kind2',
      'Kind3',
      'Kind4',
      'Kind5',
      'Other kinds',
      'Smoke 0',
      'Smoke 1',
      'Smoke 2',
      'Smoke 3',
      '5 more hooks',
      'Health',
    ]);
    expect(steps.find(({ name }) => name === 'Other kinds')?.state).toBe('running');
    // Applied, and waited for before the next wave.
    expect(steps.find(({ name }) => name === 'Deployment')?.state).toBe('running');
    expect(steps.at(-1)).toEqual({ name: 'Health', state: 'waiting' });
  });
});

describe('what is suspended', () => {
  it('is no wait where it is meant to be', async () => {
    const { lever, seen } = await begun();
    lever.pause('CronJob is suspended', { group: 'batch', kind: 'CronJob' });

    expect((await seen()).state).toBe('succeeded');
  });

  it('is a wait that only Argo CD can be answered in, where it is no Rollout', async () => {
    const { lever, seen, run, wish } = await begun();
    lever.pause('Deployment is paused', { group: 'apps', kind: 'Deployment' });

    const { state, waits } = await seen();
    const [wait] = waits ?? [];

    expect({ state, wait }).toMatchObject({
      state: 'waiting',
      wait: { name: 'Deployment is paused', answerable: false },
    });
    if (wait === undefined) throw new Error('nothing is waited for');
    const failure = await failureOf(bench.pipeline.answer?.(run, wish, wait, 'approve', 'Ben') ?? Promise.resolve());
    expect(failure).toMatchObject({ code: 'not-answerable' });
  });

  it('shows, and can be answered, while the sync still runs: a paused Rollout holds the next wave', async () => {
    const { lever, seen, run, wish } = await begun();
    lever.begin();
    const rollout = {
      group: 'argoproj.io',
      version: 'v1alpha1',
      kind: 'Rollout',
      namespace: 'shop',
      name: 'web',
      status: 'Synced',
    };
    lever.application.resources = [{ ...rollout, health: { status: 'Suspended', message: 'CanaryPauseStep' } }];
    lever.application.state?.syncResult.resources.push({
      ...rollout,
      status: '',
      message: '',
      hookPhase: '',
      syncPhase: 'Sync',
    });
    const former = await seen();
    lever.application.state?.syncResult.resources.push({
      ...rollout,
      message: '',
      hookPhase: 'Running',
      syncPhase: 'Sync',
    });

    const now = await seen();
    const [wait] = now.waits ?? [];
    if (wait !== undefined) await bench.pipeline.answer?.(run, wish, wait, 'approve', 'Ben');

    // Before this sync came to it, it was paused for some other reason.
    expect(former.state).toBe('running');
    expect(now).toMatchObject({ state: 'waiting', waits: [{ name: 'CanaryPauseStep', answerable: true }] });
    expect(lever.application.acted).toMatchObject([{ action: 'resume' }]);
  });

  it.each([
    ['Argo CD before 3.1', { actionsV2: false }, 'resume: Ben'],
    ['a token that may not note who answered', { mayUpdate: false }, ''],
  ])('is answered with %s', async (_what, quirks, words) => {
    Object.assign(bench.fake.world.quirks, quirks);
    const { lever, seen, run, wish } = await begun();
    lever.pause('CanaryPauseStep');
    const [wait] = (await seen()).waits ?? [];
    if (wait === undefined) throw new Error('nothing is waited for');

    await bench.pipeline.answer?.(run, wish, wait, 'approve', 'Ben');

    expect(lever.application.acted).toEqual([{ action: 'resume', resource: 'web', words }]);
  });

  it('is answered no more when it went on meanwhile', async () => {
    bench.fake.world.quirks.wentOn = true;
    const { lever, seen, run, wish } = await begun();
    lever.pause('CanaryPauseStep');
    const [wait] = (await seen()).waits ?? [];
    if (wait === undefined) throw new Error('nothing is waited for');

    await bench.pipeline.answer?.(run, wish, wait, 'approve', 'Ben');

    expect(lever.application.acted).toEqual([]);
  });

  it('goes back when the run is stopped, once', async () => {
    const { lever, seen, run, wish } = await begun({ degradedGraceSeconds: 0 });
    lever.pause('CanaryPauseStep');

    await bench.pipeline.stop(run, wish);
    await bench.pipeline.stop(run, wish);

    expect(lever.application.acted).toEqual([
      { action: 'abort', resource: 'web', words: 'abort: the deployment was stopped' },
    ]);
    expect(await seen()).toMatchObject({ state: 'failed', error: expect.stringContaining('RolloutAborted') });
  });

  it('is not answered for an operation of somebody else', async () => {
    const { lever, seen, run, wish } = await begun();
    lever.pause('CanaryPauseStep');
    const [wait] = (await seen()).waits ?? [];
    lever.sync({ initiatedBy: { username: 'alice' }, sync: { revision: OTHER_SHA } });
    if (wait === undefined) throw new Error('nothing is waited for');

    const failure = await failureOf(bench.pipeline.answer?.(run, wish, wait, 'approve', 'Ben') ?? Promise.resolve());

    expect(failure).toMatchObject({ code: 'superseded' });
    expect(lever.application.acted).toEqual([]);
  });
});

describe('logs', () => {
  it('are what failed and what its pods printed last, without secrets', async () => {
    const { lever, run, wish } = await begun();
    lever.begin();
    lever.fail();
    lever.application.logs.get('build')?.push('password=hunter2hunter2');

    const log = await bench.pipeline.logs?.(run, wish);

    expect(log).toContain('Job build: Job has reached the specified backoff limit');
    expect(log).toContain('line 2\nBuild broke: no such table\n');
    expect(log).not.toContain('hunter2');
  });

  it('are what failed alone, when the pods are gone', async () => {
    const { lever, run, wish } = await begun();
    lever.begin();
    lever.fail();
    bench.fake.faults.plan({ path: '/logs', fault: { kind: 'status', status: 404 } });

    expect(await bench.pipeline.logs?.(run, wish)).toMatch(/completed unsuccessfully\nJob build: Job has reached/);
  });
});

describe('a notification', () => {
  it('by the template of the documentation says what the fake says', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/argo-cd.md'), 'utf8');
    const [, template = ''] = /body: \|\n([\s\S]+?\n {8}\})\n/.exec(page) ?? [];
    const { application } = bench.lever(bench.wish());

    const filled = JSON.parse(template.replaceAll(/\{\{ .+\}\}(?=,?\n)/g, 'null'));

    expect(Object.keys(filled)).toEqual(Object.keys(JSON.parse(notified(SECRET, application).body)));
    expect(template).toContain(ROLLBACK_MARK);
  });

  it('of a rollback names its run too; one of somebody else names none', async () => {
    const headers = new Headers({ 'x-countersign-token': SECRET });
    const told = (more: object) =>
      bench.pipeline.verify?.(headers, JSON.stringify({ application: 'shop', info: null, ...more }));

    expect(await told({ rollback: 'cs-7 2026-09-01T08:00:00Z' })).toMatchObject({ kind: 'runs', runs: ['shop/cs-7'] });
    expect(await told({ info: [{ name: 'countersign', value: 'cs-8' }], rollback: null })).toMatchObject({
      runs: ['shop/cs-8'],
    });
    expect(await told({ info: [{ name: 'ticket', value: 'X-1' }] })).toEqual({ kind: 'other' });
    expect(await bench.pipeline.verify?.(headers, 'no JSON')).toEqual({ kind: 'other' });
  });
});
