import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import { createFakeProvider } from './pipeline.ts';
import { request } from './pipeline-request.ts';

pipelineContract({
  name: 'the fake provider',
  async open() {
    const provider = createFakeProvider();
    const next = { value: 0 };
    return {
      pipeline: provider.pipeline(),
      restarted: async () => provider.pipeline(),
      request() {
        next.value += 1;
        return request(next.value);
      },
      started: (wish) => provider.runs.filter((run) => run.request.correlation === wish.correlation).length,
      begin: async (run: Run) => provider.step(run.id, 'Build', 'running'),
      succeed: async (run: Run) => provider.end(run.id, 'succeeded'),
      async fail(run: Run) {
        provider.run(run.id).log = 'Build broke';
        provider.end(run.id, 'failed');
      },
      unreachable: () => provider.reachable(false),
      rateLimited(seconds = 60) {
        const details = { kind: 'rate-limited', retryable: true, retryAfterMs: seconds * 1000 } as const;
        provider.failNext('start', details);
        provider.failNext('look', details);
      },
      brokenAfterAccepting: () => provider.failNext('start', { inDoubt: true }, { obeyed: true }),
      droppedAfterAccepting: () => provider.failNext('start', { inDoubt: true }, { obeyed: true }),
      otherCommit() {
        provider.otherCommit('b'.repeat(40));
        return 'b'.repeat(40);
      },
      cancelItself: async (run: Run) => provider.end(run.id, 'cancelled'),
      unknownWord(run: Run) {
        Object.assign(provider.run(run.id), { state: 'unknown', warning: 'A state that nobody knows' });
      },
      nameArtifacts: (run, artifacts) => provider.nameArtifacts(run.id, artifacts),
      toldArtifacts: (run) => provider.toldArtifacts(run.id),
      lose: (run: Run) => provider.lose(run.id),
      webhook: async (run: Run, secret?: string) => provider.webhook(run.id, secret),
      inputOf: (run, name) => provider.run(run.id).request.inputs?.[name],
      wait: (run) => provider.wait(run.id, 'Go on?'),
      answerOf: (run) => provider.run(run.id).answered,
      close: async () => undefined,
    };
  },
  cannot: { staleWebhook: 'its webhooks carry no time' },
});

describe('the script of the fake provider', () => {
  it('ends a step with each look, and the run with the last', async () => {
    const provider = createFakeProvider();
    provider.script({ steps: ['Build', 'Test'], looks: 3, end: 'failed', error: 'Two tests failed.' });
    const pipeline = provider.pipeline();
    const run = await pipeline.start(request(1));

    const looks = [];
    for (let at = 0; at < 4; at += 1) looks.push(await pipeline.look(run, request(1)));

    expect(looks.map(({ state, steps }) => `${state}: ${steps.map((step) => step.state).join(' ')}`)).toEqual([
      'running: running waiting',
      'running: succeeded running',
      'failed: succeeded failed',
      'failed: succeeded failed',
    ]);
    expect(looks[3]?.error).toBe('Two tests failed.');
  });

  it('holds an answer back until it is let go', async () => {
    const provider = createFakeProvider();
    const letGo = provider.hold('start');
    const started = provider.pipeline().start(request(1));

    expect(provider.runs).toHaveLength(0);
    letGo();

    expect((await started).id).toBe('812');
  });
});
