import { setTimeout } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { isCut } from './fault.ts';

/** How long a statement is tried again, in milliseconds; a server that is away longer ends the engine, which is then started anew. */
const LONGEST_MS = 600_000;

/**
 * A pool for the job engine in which a statement is tried again on another connection when its own was cut. Without it one cut
 * connection at a bad moment is an unhandled rejection in graphile-worker 0.18 (it does not wait for `completeJob`), and that ends the
 * programme. Only for single statements that may be done twice: the engine's are such.
 */
export function steady(pool: Pool): Pool {
  const query = async (...args: readonly unknown[]): Promise<unknown> => {
    const end = performance.now() + LONGEST_MS;
    for (let pause = 50; ; pause = Math.min(2 * pause, 1000)) {
      try {
        return await once(pool, args);
      } catch (error) {
        if (!isCut(error) || pool.ending || performance.now() > end) throw error;
      }
      await setTimeout(pause);
    }
  };
  const client = { query, release: () => undefined } as unknown as PoolClient;
  return new Proxy(pool, {
    get(target, name) {
      // The engine listens on a connection that it asks for with a callback: that must be a real one.
      if (name === 'connect') {
        return (listener?: Parameters<Pool['connect']>[0]) =>
          listener === undefined ? Promise.resolve(client) : target.connect(listener);
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function once(pool: Pool, args: readonly unknown[]): Promise<unknown> {
  const client = await pool.connect();
  let cut = false;
  try {
    return await Reflect.apply(client.query, client, args);
  } catch (error) {
    cut = isCut(error);
    throw error;
  } finally {
    client.release(cut);
  }
}
