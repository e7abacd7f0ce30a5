import type { Stream } from '../../domain/event.ts';
import { PortFailure } from '../../ports/failure.ts';
import type { Change, Committed } from '../../ports/store.ts';
import type { Bell } from './bell.ts';
import { CHAIN_LOCK } from './chain-lock.ts';
import { type Drafted, draftOf } from './draft.ts';
import { isOccupied } from './fault.ts';
import { look } from './look.ts';
import type { Notices } from './notices.ts';
import type { Server } from './session.ts';
import { write } from './write.ts';

/** Changes written in one transaction at most; it bounds how long the chain is locked. */
const BATCH = 64;

interface Job {
  readonly change: Change;
  readonly resolve: (outcome: Committed) => void;
  readonly reject: (error: unknown) => void;
}

export interface Commits {
  add(change: Change): Promise<Committed>;
  /** Returns when nothing waits any more. */
  settle(): Promise<void>;
}

/**
 * Appends to the chain. What is asked for while a transaction is under way goes together into the next one, and shares its lock, its
 * statements and its wait for the disk.
 */
export function openCommits(server: Server, bell: Bell | undefined, notices: Notices, now: () => number): Commits {
  const waiting: Job[] = [];
  let turning: Promise<void> | undefined;

  async function written(changes: readonly Change[]): Promise<readonly Drafted[]> {
    return await server.transaction(
      async (session) => {
        const { draft, drafted } = draftOf(await look(session, changes), changes);
        if (draft.effects.length === 0) return drafted;
        await write(session, draft, now(), bell);
        await notices.tell(session, [...new Set(draft.sealed.map(({ entry }) => entry.stream))]);
        return drafted;
      },
      { begin: `select pg_advisory_xact_lock(${CHAIN_LOCK})` },
    );
  }

  async function attempt(jobs: readonly Job[]): Promise<void> {
    try {
      const drafted = await written(jobs.map(({ change }) => change));
      for (const [index, job] of jobs.entries()) answer(job, drafted[index]);
    } catch (error) {
      // The server's own fault is everybody's. Else it says no to the whole transaction because of one change: each by itself then.
      const alone = jobs.length === 1 || error instanceof PortFailure;
      for (const job of jobs) await (alone ? refuse(job, error) : attempt([job]));
    }
  }

  function refuse({ resolve, reject }: Job, error: unknown): void {
    if (isOccupied(error)) resolve({ kind: 'occupied' });
    else reject(error);
  }

  function answer({ resolve, reject }: Job, drafted: Drafted | undefined): void {
    if (drafted !== undefined && 'outcome' in drafted) {
      if (drafted.outcome.kind === 'committed') notices.here(streamsOf(drafted.outcome));
      resolve(drafted.outcome);
    } else reject(drafted?.error ?? new Error('A change got no answer.'));
  }

  async function turn(): Promise<void> {
    while (waiting.length > 0) await attempt(waiting.splice(0, BATCH));
    turning = undefined;
  }

  return {
    add: (change) =>
      new Promise((resolve, reject) => {
        waiting.push({ change, resolve, reject });
        // The turn begins when everybody of this moment has asked.
        turning ??= Promise.resolve().then(turn);
      }),
    settle: async () => void (await turning),
  };
}

function streamsOf({ entries }: Extract<Committed, { kind: 'committed' }>): readonly Stream[] {
  return [...new Set(entries.map(({ stream }) => stream))];
}
