import type { Trouble } from '../domain/trouble.ts';
import type { Clock } from '../ports/clock.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';
import type { Pipeline } from '../ports/pipeline.ts';

/** So many calls in a row without an answer, and a provider counts as down. */
const MOST_FAILURES = 5;
/** How long a provider that is down is left alone before one call tries it: at first, and at most. Milliseconds. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
/** So many calls that have hung for so long take no more beside them: whoever waits for others must not wait for these. */
const MOST_HANGING = 6;
const HANGING_MS = 3_000;

/** One provider behind a circuit breaker (https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker). */
export interface Guarded {
  readonly pipeline: Pipeline;
  /** What is the matter with it now, as this instance sees it; nothing while it answers. */
  trouble(): Trouble | undefined;
}

interface Parts {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The same provider, which is left alone while it does not answer: calls then fail at once, retryable and never in doubt, and now and
 * then one is let through to see whether it is back. Only silence counts; who refuses or paces us is well.
 */
export function guardProvider(pipeline: Pipeline, parts: Parts): Guarded {
  const circuit = createCircuit(pipeline.id, parts);
  const { start, look, stop, find, logs, tidy, record, answer } = pipeline;
  const own: Pipeline = {
    ...pipeline,
    start: (...all) => circuit.pass(() => start(...all)),
    look: (...all) => circuit.pass(() => look(...all)),
    stop: (...all) => circuit.pass(() => stop(...all)),
    find: (...all) => circuit.pass(() => find(...all)),
    ...(logs === undefined ? {} : { logs: (...all) => circuit.pass(() => logs(...all)) }),
    ...(tidy === undefined ? {} : { tidy: (...all) => circuit.pass(() => tidy(...all)) }),
    ...(record === undefined ? {} : { record: (...all) => circuit.pass(() => record(...all)) }),
    ...(answer === undefined ? {} : { answer: (...all) => circuit.pass(() => answer(...all)) }),
  };
  return { pipeline: own, trouble: circuit.trouble };
}

/** What is the matter with any of them. */
export function troublesOf(guarded: Iterable<Guarded>): readonly Trouble[] {
  return [...guarded].flatMap((one) => one.trouble() ?? []);
}

function createCircuit(provider: string, { clock, log }: Parts) {
  const hanging = new Set<{ readonly since: number }>();
  let failures = 0;
  let firstFailure = 0;
  let open: { readonly pauseMs: number; readonly until: number; readonly reason: string } | undefined;
  let trying = false;

  async function pass<T>(call: () => Promise<T>): Promise<T> {
    const trial = open !== undefined;
    if (isShut()) throw shut();
    trying = trial || trying;
    const one = { since: clock.now() };
    hanging.add(one);
    try {
      const result = await call();
      answered();
      return result;
    } catch (error) {
      if (isSilence(error)) silent(error);
      else answered();
      throw error;
    } finally {
      hanging.delete(one);
      if (trial) trying = false;
    }
  }

  function isShut(): boolean {
    if (open !== undefined) return trying || clock.now() < open.until;
    return [...hanging].filter(({ since }) => clock.now() - since > HANGING_MS).length >= MOST_HANGING;
  }

  function shut(): PortFailure {
    const retryAfterMs = Math.max(1000, (open?.until ?? 0) - clock.now());
    const message = `The provider "${provider}" does not answer; it is asked again by itself.`;
    return new PortFailure(message, {
      ...{ port: provider, kind: 'unreachable', retryable: true, retryAfterMs, code: 'circuit-open' },
    });
  }

  function answered(): void {
    if (open !== undefined) log.info({ provider, downMs: clock.now() - firstFailure }, 'a provider answers again');
    failures = 0;
    open = undefined;
  }

  function silent(error: PortFailure): void {
    if (failures === 0) firstFailure = clock.now();
    failures += 1;
    if (failures < MOST_FAILURES) return;
    const pauseMs = open === undefined ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, open.pauseMs * 2);
    if (open === undefined)
      log.warn({ provider, reason: error.message }, 'a provider does not answer and is left alone');
    open = { pauseMs, until: clock.now() + pauseMs, reason: error.message };
  }

  function trouble(): Trouble | undefined {
    if (open === undefined) return undefined;
    return { provider, since: new Date(firstFailure).toISOString(), reason: open.reason };
  }

  return { pass, trouble };
}

/** Did nobody answer? What was held back by a fence or by ourselves says nothing about the other side. */
function isSilence(error: unknown): error is PortFailure {
  if (!(error instanceof PortFailure)) return false;
  const { kind, port } = error.details;
  return port !== 'lease' && port !== 'store' && (kind === 'unreachable' || kind === 'timeout');
}
