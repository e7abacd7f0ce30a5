import type { Pool, PoolClient } from 'pg';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';

export interface EarOptions {
  readonly pool: Pool;
  /** Channel of NOTIFY; a plain identifier. */
  readonly channel: string;
  readonly clock: Clock;
  readonly log: Log | undefined;
  readonly heard: (payload: string) => void;
  /** Something may have been missed, because the connection was lost for a while; or nothing was, and only time has passed. */
  readonly unsure: (why: 'gap' | 'beat') => void;
}

/** Hears what is notified on one channel. It keeps one connection of the pool to itself, and takes another when that is lost. */
export interface Ear {
  close(): void;
}

/** How often the connection is tried, in milliseconds: a connection that was cut silently is found by nothing else. */
const BEAT_MS = 10_000;
/** How long a beat may go unanswered before the connection is given up, in milliseconds. */
const PATIENCE_MS = 5_000;
/** Pause after a connection that could not be made, in milliseconds. */
const PAUSE_MS = 1_000;

/** A connection that listens. `lost` is called once, when it is no more. */
interface Line {
  /** Throws when nobody answers. */
  try(): Promise<unknown>;
  drop(): void;
}

/**
 * Begins to listen (https://www.postgresql.org/docs/15/sql-listen.html: only what is committed afterwards is heard).
 * @throws the driver's error when the first connection cannot be made
 */
export async function openEar(options: EarOptions): Promise<Ear> {
  const { clock, log, unsure } = options;
  let line: Line | undefined;
  let closed = false;
  let callOff = (): void => undefined;

  const lost = (error: unknown): void => {
    if (closed) return;
    callOff();
    line = undefined;
    log?.warn({ error, channel: options.channel }, 'connection that hears of changes was lost, taking another');
    again();
  };
  const again = (): void => {
    void (async () => {
      try {
        const fresh = await openLine(options, lost);
        if (closed) return fresh.drop();
        line = fresh;
        beat();
        unsure('gap');
      } catch (error) {
        log?.debug({ error, channel: options.channel }, 'no connection to hear of changes yet');
        if (!closed) callOff = clock.at(clock.now() + PAUSE_MS, again);
      }
    })();
  };
  const beat = (): void => {
    callOff = clock.at(clock.now() + BEAT_MS, () => {
      const tried = line;
      if (tried === undefined) return;
      callOff = clock.at(clock.now() + PATIENCE_MS, () => tried.drop());
      const onwards = (): void => {
        if (closed || line !== tried) return;
        callOff();
        beat();
        unsure('beat');
      };
      tried.try().then(onwards, () => tried.drop());
    });
  };

  line = await openLine(options, lost);
  beat();
  return {
    close: () => {
      closed = true;
      callOff();
      line?.drop();
    },
  };
}

async function openLine({ pool, channel, heard }: EarOptions, lost: (error: unknown) => void): Promise<Line> {
  const client: PoolClient = await pool.connect();
  const state = { listens: false, over: false };
  const end = (error?: unknown): void => {
    if (state.over) return;
    state.over = true;
    // Never back into the pool: it listens, and may be dead.
    client.release(true);
    if (state.listens) lost(error);
  };
  client.on('error', end);
  client.on('end', end);
  client.on('notification', ({ payload }) => {
    if (!state.over) heard(payload ?? '');
  });
  try {
    await client.query(`listen "${channel}"`);
  } catch (error) {
    end(error);
    throw error;
  }
  state.listens = true;
  return { try: () => client.query('select 1'), drop: () => end() };
}
