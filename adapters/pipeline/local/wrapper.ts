/**
 * Keeps one run: `node wrapper.ts <run folder>`. A program of its own, in a session of its own, so that a run goes on while
 * Countersign is restarted. Everything it knows goes into the folder.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { duration } from '../../../src/domain/text.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import { gitOutput } from '../../shared/git-command.ts';
import { runCommand } from './command.ts';
import { outputInto } from './output.ts';
import { markOf } from './processes.ts';
import { type RunFolder, recordOf, runFolder, writeOnce, writeWhole } from './run-folder.ts';
import { type Exit, Job, type Keeper } from './schema.ts';
import { errorLine } from './steps.ts';

/** A big repository on a slow disk. */
const CHECKOUT_MS = 10 * 60_000;

type Halt = 'cancelled' | 'timed-out' | 'ended from outside';
type Ending = Omit<Exit, 'endedAt'>;

// Whoever started us may be gone before we can say that we have begun.
process.stdout.on('error', () => undefined);
const folder = runFolder(process.argv[2] ?? '');
// Before the claim: from then on we may be told to stop.
const halt = haltBySignals(folder);
const first = claim(folder);
process.stdout.write('claimed\n');
if (first) {
  const ending = await keep(folder).catch((error: unknown): Ending => ({ outcome: 'failed', error: words(error) }));
  writeOnce(folder.exit, { ...ending, endedAt: new Date().toISOString() } satisfies Exit);
}

/** True for the one wrapper that comes first; linking a whole file in place is atomic. */
function claim({ keeper }: RunFolder): boolean {
  const mark = markOf(process.pid);
  if (mark === undefined) throw new Error('This process cannot see itself.');
  return writeOnce(keeper, { ...mark, startedAt: new Date().toISOString() } satisfies Keeper);
}

async function keep(run: RunFolder): Promise<Ending> {
  const job = recordOf(run.job, Job);
  if (job === undefined) return { outcome: 'failed', error: 'The run folder holds no job that can be read.' };
  // setTimeout takes no more than 2^31 - 1 ms.
  setTimeout(() => halt.abort('timed-out' satisfies Halt), Math.min(job.timeoutMs, 2 ** 31 - 1)).unref();
  await checkOut(run, job);
  if (halt.signal.aborted) return haltedBy(halt.signal.reason as Halt, job);

  const output = outputInto(run);
  const { code, signal } = await runCommand(job, run, output, halt.signal);
  // A last line without an end counts too, e.g. one that names an artifact.
  const complaint = output.complaint();

  if (halt.signal.aborted && code !== 0) return haltedBy(halt.signal.reason as Halt, job);
  if (code === 0) return { outcome: 'succeeded' };
  const plain = signal === null ? `The command ended with code ${code}.` : `The command was ended by ${signal}.`;
  return { outcome: 'failed', error: complaint ?? plain };
}

/** Aborts when somebody asks for the end: the marker tells a person's wish from an ending machine. */
function haltBySignals(run: RunFolder): AbortController {
  const controller = new AbortController();
  const onSignal = () => controller.abort((existsSync(run.stop) ? 'cancelled' : 'ended from outside') satisfies Halt);
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('SIGHUP', () => undefined);
  return controller;
}

async function checkOut(run: RunFolder, job: Job): Promise<void> {
  const git = { port: 'local', folder: job.repository, timeoutMs: CHECKOUT_MS };
  await gitOutput({
    ...git,
    args: ['worktree', 'add', '--quiet', '--detach', '--force', '--end-of-options', run.work, job.sha],
  });
  const sha = await gitOutput({ ...git, folder: run.work, args: ['rev-parse', 'HEAD'] });
  writeWhole(run.sha, sha.trim());
}

function haltedBy(halt: Halt, job: Job): Ending {
  switch (halt) {
    case 'cancelled':
      return { outcome: 'cancelled' };
    case 'timed-out':
      return { outcome: 'timed-out', error: `It had not ended after ${duration(job.timeoutMs)} and was stopped.` };
    case 'ended from outside':
      return {
        outcome: 'failed',
        error: 'Something outside of Countersign ended the run, e.g. a shutdown of the machine.',
      };
  }
}

function words(error: unknown): string {
  if (error instanceof PortFailure) return errorLine(error.message);
  appendFileSync(folder.complaints, `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 'The run could not be kept because of a fault of Countersign itself; wrapper.log in the run folder has it.';
}
