import { setTimeout } from 'node:timers/promises';

/** Something that works by itself until it is stopped or fails. */
export interface Engine {
  /** Settles when it has ended, however it did. */
  readonly promise: Promise<unknown>;
  /** May reject when it has ended already. */
  stop(): Promise<unknown>;
}

/**
 * Starts an engine, and starts it anew whenever it ends.
 * @param again told why, before each new start
 * @param restMs pause before a new start, in milliseconds
 * @returns what stops it for good
 * @throws what the first start throws
 */
export async function keepRunning(
  start: () => Promise<Engine>,
  again: (why: unknown) => void,
  restMs: number,
): Promise<() => Promise<void>> {
  let stopping = false;
  let engine: Engine | undefined = await start();
  let why: unknown = 'it ended';
  const kept = keep();

  async function keep(): Promise<void> {
    while (!stopping) {
      await engine?.promise.catch((error: unknown) => {
        why = error;
      });
      if (stopping) return;
      again(why);
      await setTimeout(restMs);
      if (stopping) return;
      engine = await start().catch((error: unknown) => {
        why = error;
        return undefined;
      });
    }
  }

  return async () => {
    stopping = true;
    const present = engine;
    await present?.stop().catch(() => undefined);
    await kept;
    // One that was just being started.
    if (engine !== present) await engine?.stop().catch(() => undefined);
  };
}
