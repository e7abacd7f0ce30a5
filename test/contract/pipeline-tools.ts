import { expect } from 'vitest';
import type { Run, Snapshot } from '../../src/domain/run.ts';
import { type FailureDetails, PortFailure } from '../../src/ports/failure.ts';
import type { Pipeline, StartRequest, WebhookVerdict } from '../../src/ports/pipeline.ts';
import { until } from '../support/until.ts';
import type { Misfortunes, PipelineBench, WebhookCall } from './pipeline-bench.ts';

export type Current = () => PipelineBench;
export type Need = keyof Misfortunes | 'stop' | 'logs' | 'tidy' | 'inputs' | 'waits' | 'signedBody';
/** A test that needs something of the bench; where that does not exist, the reason stands in the report. */
export type Needing = (need: Need, title: string, body: () => Promise<void>) => void;

export const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

/** The details of the PortFailure that a call ends with; anything else fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<FailureDetails> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PortFailure);
  return (error as PortFailure).details;
}

/** Looks until the run fits. */
export function seen(
  pipeline: Pipeline,
  run: Run,
  wish: StartRequest,
  fits: (snapshot: Snapshot) => boolean,
): Promise<Snapshot> {
  return until(
    'the run looks as expected',
    async () => {
      const snapshot = await pipeline.look(run, wish);
      return fits(snapshot) ? snapshot : undefined;
    },
    15_000,
  );
}

/** What the provider says of a call to our webhook. */
export async function verdictOn(
  pipeline: Pipeline,
  call: WebhookCall | undefined,
): Promise<WebhookVerdict | undefined> {
  return call === undefined ? undefined : pipeline.verify?.(new Headers(call.headers), call.body);
}
