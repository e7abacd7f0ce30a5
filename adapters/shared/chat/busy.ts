import type { Log } from '../../../src/ports/log.ts';

/** What is under way, so that stopping can wait for it. */
export interface Busy {
  /** Runs one piece of work to its end. Its faults are logged, never thrown. */
  run(work: () => Promise<void>): Promise<void>;
  /** The same for work whose result somebody waits for; its faults are theirs. */
  held<Result>(work: () => Promise<Result>): Promise<Result>;
  idle(): Promise<void>;
}

/** @param fault what is logged when a piece of work fails, e.g. `slack delivery failed` */
export function createBusy(log: Log, fault: string): Busy {
  const running = new Set<Promise<unknown>>();

  function held<Result>(work: () => Promise<Result>): Promise<Result> {
    const done: Promise<Result> = work().finally(() => running.delete(done));
    running.add(done);
    return done;
  }

  return {
    held,
    run: (work) => held(() => work().catch((error: unknown) => log.error({ error }, fault))),
    idle: async () => {
      while (running.size > 0) await Promise.allSettled([...running]);
    },
  };
}
