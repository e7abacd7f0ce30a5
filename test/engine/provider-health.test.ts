import { describe, expect, it } from 'vitest';
import { guardProvider } from '../../src/engine/provider-health.ts';
import { type FailureDetails, PortFailure } from '../../src/ports/failure.ts';
import { manualClock } from '../fakes/clock.ts';
import { createFakeProvider } from '../fakes/pipeline.ts';
import { request } from '../fakes/pipeline-request.ts';

const DOWN = { kind: 'unreachable', retryable: true } as const;

function bench() {
  const clock = manualClock();
  const provider = createFakeProvider('ci', clock.now);
  const said: string[] = [];
  const log = {
    debug: () => undefined,
    info: (_: object, words: string) => void said.push(words),
    warn: (_: object, words: string) => void said.push(words),
    error: () => undefined,
  };
  const { pipeline, trouble } = guardProvider(provider.pipeline(), { clock, log });
  const tries = async (times: number, details: Partial<FailureDetails> = DOWN) => {
    provider.failNext('find', details, { times });
    for (let at = 0; at < times; at += 1) await failureOf(pipeline.find(request(1)));
  };
  const finds = () => provider.calls.filter((call) => call.startsWith('find')).length;
  return { clock, provider, pipeline, trouble, said, tries, finds };
}

async function failureOf(call: Promise<unknown>): Promise<FailureDetails> {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PortFailure);
  return (error as PortFailure).details;
}

describe('a provider that does not answer', () => {
  it('is left alone after five calls in a row, and what is asked of it fails at once and never in doubt', async () => {
    const { clock, pipeline, trouble, tries, finds, said } = bench();
    const since = new Date(clock.now()).toISOString();

    await tries(4);
    const before = trouble();
    await tries(1);
    const failures = [await failureOf(pipeline.find(request(1))), await failureOf(pipeline.start(request(1)))];

    expect(before).toBeUndefined();
    expect(trouble()).toEqual({ provider: 'ci', since, reason: 'The fake provider was told to fail.' });
    expect(failures[0]).toMatchObject({ kind: 'unreachable', retryable: true, code: 'circuit-open' });
    expect(failures[1]).toMatchObject({ code: 'circuit-open', retryAfterMs: 5000 });
    expect(failures[1]?.inDoubt).toBeUndefined();
    expect(finds()).toBe(5);
    expect(said).toEqual(['a provider does not answer and is left alone']);
  });

  it('is tried by one call at a time, ever more seldom, at least once a minute', async () => {
    const { clock, pipeline, provider, tries, finds } = bench();
    await tries(5);
    const pauses: number[] = [];

    for (let round = 0; round < 6; round += 1) {
      const asked = finds();
      const since = clock.now();
      provider.failNext('find', DOWN);
      while (finds() === asked) {
        clock.advance(1000);
        await Promise.allSettled([pipeline.find(request(1)), pipeline.find(request(1))]);
      }
      expect(finds()).toBe(asked + 1);
      pauses.push((clock.now() - since) / 1000);
    }

    expect(pauses).toEqual([5, 10, 20, 40, 60, 60]);
  });

  it('is well again with the first answer', async () => {
    const { clock, pipeline, trouble, tries, said } = bench();
    await tries(5);
    clock.advance(5000);

    await pipeline.find(request(1));

    expect(trouble()).toBeUndefined();
    await pipeline.start(request(1));
    expect(said.at(-1)).toBe('a provider answers again');
  });

  it.each([
    ['refuses', { kind: 'refused', retryable: false }],
    ['paces us', { kind: 'rate-limited', retryable: true, retryAfterMs: 1000 }],
    ['does not know it', { kind: 'not-found', retryable: false }],
    ['lets our fence fall', { kind: 'unreachable', retryable: true, port: 'lease' }],
  ] as const)('is not one that %s', async (_what, details) => {
    const { tries, trouble } = bench();

    await tries(20, details);

    expect(trouble()).toBeUndefined();
  });

  it('does not count calls that failed long apart from each other, with answers between', async () => {
    const { pipeline, trouble, tries } = bench();

    for (let round = 0; round < 5; round += 1) {
      await tries(4);
      await pipeline.find(request(1));
    }

    expect(trouble()).toBeUndefined();
  });

  it('takes no more calls beside six that hang, so that others need not wait behind them', async () => {
    const { clock, pipeline, provider } = bench();
    const release = provider.hold('look');
    const run = await pipeline.start(request(1));
    const hanging = Array.from({ length: 6 }, () => pipeline.look(run, request(1)));
    clock.advance(3001);

    const seventh = await failureOf(pipeline.look(run, request(1)));
    release();
    await Promise.all(hanging);

    expect(seventh).toMatchObject({ code: 'circuit-open', retryable: true });
    expect((await pipeline.look(run, request(1))).state).toBe('queued');
  });
});
