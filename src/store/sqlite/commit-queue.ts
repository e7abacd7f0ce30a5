import type { Change, Committed } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { isOccupied, translated } from './fault.ts';

/** Changes written in one transaction at most; it bounds how long the process stands still. */
const BATCH = 64;

interface Job {
  readonly change: Change;
  readonly resolve: (outcome: Committed) => void;
  readonly reject: (error: unknown) => void;
}

type Attempt = { readonly job: Job } & ({ readonly outcome: Committed } | { readonly error: unknown });

export interface CommitQueue {
  add(change: Change): Promise<Committed>;
  /** Writes what waits, at once. */
  flush(): void;
}

/**
 * Changes asked for in the same turn of the event loop share one transaction, and so one wait for the disk. Each has a savepoint
 * of its own: one that is refused takes nothing else with it. Nobody is answered before the transaction is on the disk.
 * @param write writes one change, and throws to have it taken back
 * @param told hears of each committed change, after it is on the disk and before its promise is
 */
export function commitQueue(
  { client }: Connection,
  write: (change: Change) => Committed,
  told: (outcome: Extract<Committed, { kind: 'committed' }>) => void,
): CommitQueue {
  const waiting: Job[] = [];
  const one = client.transaction(write);
  const all = client.transaction((jobs: readonly Job[]) => jobs.map((job) => attempt(job, () => one(job.change))));

  function attempt(job: Job, work: () => Committed): Attempt {
    try {
      return { job, outcome: work() };
    } catch (error) {
      // A full disk, say, ends the whole transaction, and nothing that was done in it stands any more.
      if (client.inTransaction || isOccupied(error)) return { job, error };
      throw error;
    }
  }

  function run(jobs: readonly Job[]): readonly Attempt[] {
    const [only] = jobs;
    try {
      if (jobs.length > 1 || only === undefined) return all.immediate(jobs);
      return [attempt(only, () => one.immediate(only.change))];
    } catch (error) {
      return jobs.map((job) => ({ job, error }));
    }
  }

  function answer(attempted: Attempt): void {
    const { job } = attempted;
    if ('outcome' in attempted) {
      if (attempted.outcome.kind === 'committed') told(attempted.outcome);
      job.resolve(attempted.outcome);
    } else if (isOccupied(attempted.error)) job.resolve({ kind: 'occupied' });
    else job.reject(translated(attempted.error));
  }

  function flush(): void {
    while (waiting.length > 0) run(waiting.splice(0, BATCH)).forEach(answer);
  }

  return {
    add: (change) =>
      new Promise((resolve, reject) => {
        waiting.push({ change, resolve, reject });
        if (waiting.length === 1) queueMicrotask(flush);
      }),
    flush,
  };
}
