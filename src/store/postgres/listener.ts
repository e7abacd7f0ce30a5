import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';

/** Pause before a lost connection is made anew, in milliseconds. */
const PAUSE_MS = 300;
/** A connection on which nothing is heard may be dead without knowing: it is asked this often. */
const ASK_MS = 5000;

/**
 * Hears what is notified on a channel, on a connection of its own that is made anew whenever it is lost; `lost` is told then, because
 * something may have been missed. Returns when it hears. The function returned ends it.
 */
export async function listener(
  pool: Pool,
  channel: string,
  told: (payload: string) => void,
  lost: () => void,
): Promise<() => Promise<void>> {
  let ended = false;
  let leave: () => void = () => undefined;
  let asking: NodeJS.Timeout | undefined;

  async function hear(): Promise<void> {
    const client = await pool.connect();
    let gone = false;
    const end = () => {
      if (gone) return;
      gone = true;
      clearInterval(asking);
      client.release(true);
      if (!ended) void again();
    };
    client.on('error', end);
    client.on('end', end);
    client.on('notification', (message) => told(message.payload ?? ''));
    try {
      await client.query(`listen "${channel}"`);
    } catch (error) {
      if (!gone) client.release(true);
      gone = true;
      throw error;
    }
    leave = end;
    asking = setInterval(() => void client.query('select 1').catch(end), ASK_MS);
    asking.unref();
    if (ended) end();
  }

  async function again(): Promise<void> {
    while (!ended) {
      await setTimeout(PAUSE_MS);
      if (ended) return;
      const hears = await hear().then(
        () => true,
        () => false,
      );
      if (hears) return lost();
    }
  }

  await hear();
  return async () => {
    ended = true;
    leave();
  };
}
