import { sql } from 'drizzle-orm';
import { Logger, makeWorkerUtils, type Runner, run, type WorkerUtils } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Wakeup } from '../../ports/store.ts';
import type { Bell } from './bell.ts';
import { keepRunning } from './keep-running.ts';
import type { Session } from './session.ts';
import { steady } from './steady.ts';

const TASK = 'ring';
/** How often what comes due later is looked for, in milliseconds; what is due at once is notified. */
const POLL_MS = 500;
/** Rings are short: nobody holds one while work is done. */
const AT_ONCE = 2;
const REST_MS = 1000;
const CLEAN_MS = 3_600_000;

/** Wake-ups as jobs of graphile-worker. A job only rings: whoever hears takes the row of the wake-up under a lease of its own. */
export async function graphileBell(pool: Pool, clock: Clock, log: Log | undefined): Promise<Bell> {
  const listeners = new Set<() => void>();
  const logger = new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log?.warn({ engine: 'graphile-worker' }, message);
  });
  const tools = await makeWorkerUtils({ pgPool: pool, logger });
  await tools.migrate();

  function ring(payload: unknown): void {
    const due = typeof payload === 'object' && payload !== null && 'due' in payload ? Number(payload.due) : 0;
    const tell = () => {
      for (const one of listeners) one();
    };
    // The server's clock and ours differ by a little; who looks too early finds nothing.
    if (due <= clock.now()) tell();
    else clock.at(due, tell);
  }

  const again = (why: unknown) =>
    log?.warn({ engine: 'graphile-worker', why: String(why) }, 'the job engine is started anew');
  const stopEngine = await keepRunning(() => startEngine(pool, logger, ring), again, REST_MS);
  const stopCleaning = keepClean(tools, clock, log);
  return {
    set: setRings,
    onRing(listener) {
      const one = () => listener();
      listeners.add(one);
      return () => void listeners.delete(one);
    },
    async stop() {
      stopCleaning();
      await stopEngine();
      await tools.release();
    },
  };
}

async function setRings(session: Session, wakeups: readonly Wakeup[]): Promise<void> {
  const rings = JSON.stringify(wakeups.map(({ key, due }) => ({ key, due: Math.ceil(due) })));
  await session.execute(sql`
    select graphile_worker.add_job(
      ${TASK}, json_build_object('due', due), run_at => to_timestamp(due / 1000.0),
      max_attempts => 1, job_key => key, job_key_mode => 'replace'
    ) from json_to_recordset(${rings}::json) as one(key text, due bigint)`);
}

function startEngine(pool: Pool, logger: Logger, ring: (payload: unknown) => void): Promise<Runner> {
  return run({
    pgPool: steady(pool),
    noHandleSignals: true,
    concurrency: AT_ONCE,
    pollInterval: POLL_MS,
    logger,
    taskList: { [TASK]: async (payload) => ring(payload) },
    // What cannot be completed ends the engine, which is started anew, instead of the programme.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  });
}

/** Rings that were moved while they rang, and those of instances that died in the middle, leave jobs that never run again. */
function keepClean(tools: WorkerUtils, clock: Clock, log: Log | undefined): () => void {
  let callOff = clock.at(clock.now() + CLEAN_MS, clean);
  function clean(): void {
    tools
      .cleanup({ tasks: ['DELETE_PERMAFAILED_JOBS'] })
      .catch((error: unknown) => log?.warn({ error: String(error) }, 'old jobs could not be removed'));
    callOff = clock.at(clock.now() + CLEAN_MS, clean);
  }
  return () => callOff();
}
