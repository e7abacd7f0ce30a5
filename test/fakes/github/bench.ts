import { tmpdir } from 'node:os';
import type { AdapterTools } from '../../../adapters/shared/adapter.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import { systemClock } from '../../../src/system/clock.ts';

/** The real time, with a lever: `skip` moves it on and wakes whoever waits for a moment that has come by it. */
export interface SkippingClock extends Clock {
  skip(milliseconds: number): void;
  /** Somebody waits for a moment at least so far away, in milliseconds. */
  waits(atLeast: number): boolean;
}

export function skippingClock(): SkippingClock {
  const real = systemClock();
  const waiting = new Set<{ readonly at: number; readonly wake: () => void; readonly off: () => void }>();
  let skipped = 0;
  const now = () => real.now() + skipped;

  function at(due: number, wake: () => void): () => void {
    const entry = { at: due, wake: once, off: real.at(due - skipped, once) };
    function once(): void {
      if (waiting.delete(entry)) wake();
    }
    waiting.add(entry);
    return () => {
      waiting.delete(entry);
      entry.off();
    };
  }

  function skip(milliseconds: number): void {
    skipped += milliseconds;
    for (const entry of [...waiting]) {
      if (entry.at > now()) continue;
      entry.off();
      entry.wake();
    }
  }

  return { now, at, skip, waits: (atLeast) => [...waiting].some((entry) => entry.at - now() >= atLeast) };
}

/** What an adapter of a test gets; secrets are looked up in the table given. */
export function adapterTools(secrets: Readonly<Record<string, string>>, clock: Clock = systemClock()): AdapterTools {
  const quiet = () => undefined;
  const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const read = async (reference: string) => secrets[reference] ?? '';
  return { clock, log, secrets: { read }, dataFolder: tmpdir() };
}
