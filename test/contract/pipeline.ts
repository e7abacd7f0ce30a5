import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runEnded } from '../../src/domain/run.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { naming } from './pipeline-artifacts.ts';
import type { PipelineBench, PipelineSubject } from './pipeline-bench.ts';
import { calling, handed } from './pipeline-calls.ts';
import { type Current, failureOf, type Needing, seen, TIME } from './pipeline-tools.ts';

/** Every pipeline provider passes this. */
export function pipelineContract(subject: PipelineSubject): void {
  describe(`${subject.name}, as a pipeline provider`, () => {
    let bench: PipelineBench;

    beforeEach(async () => {
      bench = await subject.open();
    });
    afterEach(() => bench.close());

    const needing: Needing = (need, title, body) => {
      const reason = subject.cannot?.[need];
      it(title, async ({ skip }) => {
        if (reason !== undefined) skip(reason);
        await body();
      });
    };

    describe('starting and finding', () => starting(() => bench, needing));
    describe('looking', () => looking(() => bench, needing));
    describe('stopping and tidying', () => stopping(() => bench, needing));
    describe('failing', () => failing(() => bench, needing));
    describe('naming artifacts', () => naming(() => bench));
    describe('being called', () => calling(() => bench, needing));
    describe('what people hand in and answer', () => handed(() => bench, needing, subject.cannot));

    it.skipIf(subject.abilities === undefined)('can do what it says in the README, and says all that it can', () => {
      const { logs, waits } = subject.abilities ?? {};
      expect({ logs: bench.pipeline.logs !== undefined, waits: bench.pipeline.answer !== undefined }).toEqual({
        logs: logs !== undefined,
        waits: waits !== undefined && subject.cannot?.waits === undefined,
      });
    });
  });
}

function starting(current: Current, needing: Needing): void {
  it('starts one run, and finds it again by what it was started with', async () => {
    const { pipeline, request, started } = current();
    const wish = request();

    const run = await pipeline.start(wish);

    expect(run).toMatchObject({ provider: pipeline.id, id: expect.stringMatching(/./) });
    expect((await pipeline.find(wish))?.id).toBe(run.id);
    expect(await started(wish)).toBe(1);
  });

  it('finds nothing for a request that was never made', async () => {
    const { pipeline, request } = current();
    await pipeline.start(request());

    expect(await pipeline.find(request())).toBeUndefined();
  });

  it('finds the run after a crash between the call and its record', async () => {
    const { pipeline, request, restarted } = current();
    const wish = request();
    const forgotten = await pipeline.start(wish);

    const again = await restarted();

    expect((await again.find(wish))?.id).toBe(forgotten.id);
    expect(runEnded((await again.look(forgotten, wish)).state)).toBe(false);
  });

  it('makes no second run when the same start is asked for twice', async () => {
    const { pipeline, request, started, restarted } = current();
    const wish = request();
    const first = await pipeline.start(wish);

    const second = await (await restarted()).start(wish);

    expect(second.id).toBe(first.id);
    expect(await started(wish)).toBe(1);
  });

  it('starts nothing once the fence has fallen, lets its failure through, and starts for whoever took over', async () => {
    const { pipeline, request, started, restarted } = current();
    const wish = request();
    const lost = new PortFailure('Not ours any more.', { port: 'lease', kind: 'refused', retryable: true });
    const fallen = () => {
      throw lost;
    };
    const first = await pipeline.start(wish, fallen).catch((error: unknown) => error);
    const before = await pipeline.find(wish);

    const run = await (await restarted()).start(wish, () => undefined);

    expect(first).toBe(lost);
    expect(before).toBeUndefined();
    expect((await pipeline.find(wish))?.id).toBe(run.id);
    expect(await started(wish)).toBe(1);
  });

  it('keeps the runs of two requests apart', async () => {
    const { pipeline, request } = current();
    const [one, other] = [request(), request()];

    const runs = [await pipeline.start(one), await pipeline.start(other)];

    expect(runs[0]?.id).not.toBe(runs[1]?.id);
    expect([(await pipeline.find(one))?.id, (await pipeline.find(other))?.id]).toEqual(runs.map((run) => run.id));
  });

  for (const misfortune of ['brokenAfterAccepting', 'droppedAfterAccepting'] as const) {
    needing(
      misfortune,
      `is in doubt when a start is obeyed and the answer lost (${misfortune}), and finds the run`,
      async () => {
        const { pipeline, request, started, ...bench } = current();
        const wish = request();
        bench[misfortune]?.();

        const failure = await failureOf(pipeline.start(wish));
        const found = await pipeline.find(wish);

        expect(failure).toMatchObject({ retryable: true, inDoubt: true });
        expect(found).toBeDefined();
        expect(await started(wish)).toBe(1);
      },
    );
  }
}

function looking(current: Current, needing: Needing): void {
  it('shows the commit, and the steps as they begin and end', async () => {
    const { pipeline, request, begin, succeed, step = 'Build' } = current();
    const wish = request();
    const run = await pipeline.start(wish);

    await begin(run);
    const during = await seen(pipeline, run, wish, ({ steps }) => steps.some(({ state }) => state === 'running'));
    await succeed(run);
    const end = await seen(pipeline, run, wish, ({ state }) => runEnded(state));

    expect(during).toMatchObject({ state: 'running', sha: wish.sha });
    expect(during.steps.find(({ name }) => name === step)).toMatchObject({ state: 'running', startedAt: TIME });
    expect(during.endedAt).toBeUndefined();
    expect(end).toMatchObject({ state: 'succeeded', sha: wish.sha, startedAt: TIME, endedAt: TIME });
    expect(end.steps.find(({ name }) => name === step)).toMatchObject({ state: 'succeeded', endedAt: TIME });
    expect(end.error).toBeUndefined();
  });

  it('says in one line what failed', async () => {
    const { pipeline, request, begin, fail, step = 'Build' } = current();
    const wish = request();
    const run = await pipeline.start(wish);
    await begin(run);

    await fail(run);
    const end = await seen(pipeline, run, wish, ({ state }) => runEnded(state));

    expect(end.state).toBe('failed');
    expect(end.error).toMatch(/^[^\n]{1,300}$/);
    expect(end.steps.find(({ name }) => name === step)?.state).toBe('failed');
  });

  needing('otherCommit', 'reports the commit that the run really has', async () => {
    const { pipeline, request, otherCommit } = current();
    const wish = request();
    const other = otherCommit?.();

    const run = await pipeline.start(wish);

    expect(other).not.toBe(wish.sha);
    expect((await pipeline.look(run, wish)).sha).toBe(other);
  });

  needing('cancelItself', 'sees that the provider cancelled the run by itself', async () => {
    const { pipeline, request, begin, cancelItself } = current();
    const wish = request();
    const run = await pipeline.start(wish);
    await begin(run);

    await cancelItself?.(run);
    const end = await seen(pipeline, run, wish, ({ state }) => runEnded(state));

    expect(end.state).toBe('cancelled');
  });

  needing('unknownWord', 'takes a state that it does not know for unknown, with a warning', async () => {
    const { pipeline, request, begin, unknownWord } = current();
    const wish = request();
    const run = await pipeline.start(wish);
    await begin(run);
    unknownWord?.(run);

    const snapshot = await pipeline.look(run, wish);

    expect(snapshot.state).toBe('unknown');
    expect(snapshot.warning).toMatch(/./);
  });

  needing('logs', 'gives the end of what the run printed', async () => {
    const { pipeline, request, begin, fail } = current();
    const wish = request();
    const run = await pipeline.start(wish);
    await begin(run);
    await fail(run);
    await seen(pipeline, run, wish, ({ state }) => runEnded(state));

    const log = await pipeline.logs?.(run, wish);

    expect(log).toContain('Build broke');
  });
}

function stopping(current: Current, needing: Needing): void {
  needing('stop', 'stops a run, and does not mind stopping it again', async () => {
    const { pipeline, request, begin } = current();
    const wish = request();
    const run = await pipeline.start(wish);
    await begin(run);

    await pipeline.stop(run, wish);
    const end = await seen(pipeline, run, wish, ({ state }) => runEnded(state));
    await pipeline.stop(run, wish);

    expect(end.state).toBe('cancelled');
  });

  it('leaves a run that has ended as it ended', async () => {
    const { pipeline, request, begin, succeed } = current();
    const wish = request();
    const run = await pipeline.start(wish);
    await begin(run);
    await succeed(run);
    await seen(pipeline, run, wish, ({ state }) => runEnded(state));

    await pipeline.stop(run, wish);

    expect((await pipeline.look(run, wish)).state).toBe('succeeded');
  });

  needing('tidy', 'tidies twice, and still knows the run afterwards', async () => {
    const { pipeline, request, begin, succeed } = current();
    const wish = request();
    const run = await pipeline.start(wish);
    await begin(run);
    await succeed(run);
    await seen(pipeline, run, wish, ({ state }) => runEnded(state));

    await pipeline.tidy?.(run, wish);
    await pipeline.tidy?.(run, wish);

    expect((await pipeline.look(run, wish)).state).toBe('succeeded');
    expect((await pipeline.find(wish))?.id).toBe(run.id);
  });
}

function failing(current: Current, needing: Needing): void {
  it('does not know a run that never was', async () => {
    const { pipeline, request } = current();
    const wish = request();
    await pipeline.start(wish);

    const failure = await failureOf(pipeline.look({ provider: pipeline.id, id: '404404' }, wish));

    expect(failure).toMatchObject({ kind: 'not-found', retryable: false });
  });

  needing('lose', 'says that a run is lost, rather than how it ended', async () => {
    const { pipeline, request, lose } = current();
    const wish = request();
    const run = await pipeline.start(wish);
    await lose?.(run);

    const failure = await failureOf(pipeline.look(run, wish));

    expect(failure).toMatchObject({ kind: 'not-found', retryable: false });
  });

  needing(
    'unreachable',
    'can be asked again later when nobody answers, and doubts no start that was never heard',
    async () => {
      const { pipeline, request, unreachable } = current();
      const wish = request();
      const run = await pipeline.start(wish);
      await unreachable?.();

      const failures = await Promise.all([failureOf(pipeline.look(run, wish)), failureOf(pipeline.start(request()))]);

      expect(failures[0]).toMatchObject({ kind: 'unreachable', retryable: true });
      expect(failures[1]).toMatchObject({ kind: 'unreachable', retryable: true });
      expect(failures[1]?.inDoubt ?? false).toBe(false);
    },
  );

  needing('rateLimited', 'waits as long as it is asked to, and no start is in doubt', async () => {
    const { pipeline, request, rateLimited, started } = current();
    const wish = request();
    rateLimited?.(30);

    const failure = await failureOf(pipeline.start(wish));

    expect(failure).toMatchObject({ kind: 'rate-limited', retryable: true, retryAfterMs: 30_000 });
    expect(failure.inDoubt ?? false).toBe(false);
    expect(await started(wish)).toBe(0);
  });

  needing('rateLimited', 'names a pause of its own when it is asked to wait for no time in particular', async () => {
    const { pipeline, request, rateLimited } = current();
    const wish = request();
    const run = await pipeline.start(wish);
    rateLimited?.();

    const failure = await failureOf(pipeline.look(run, wish));

    expect(failure).toMatchObject({ kind: 'rate-limited', retryable: true });
    expect(failure.retryAfterMs).toBeGreaterThan(0);
  });
}
