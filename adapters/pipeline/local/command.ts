import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Output } from './output.ts';
import { groupLives, markOfChild, type ProcessMark, signalGroup } from './processes.ts';
import { type RunFolder, writeWhole } from './run-folder.ts';
import type { Job } from './schema.ts';

/** How long a group that was asked to end may take before it is made to. */
const GRACE_MS = 5_000;

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs the command in a process group of its own, until it ends or `halt` asks for its end, and leaves nothing of the group alive.
 * The shell only joins both outputs into one, so that their order is kept. Rejects when the command cannot be started at all.
 */
export async function runCommand(job: Job, folder: RunFolder, output: Output, halt: AbortSignal): Promise<CommandEnd> {
  const child = spawn('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', ...job.argv], {
    cwd: folder.work,
    env: job.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = endOf(child);
  const leader = child.pid === undefined ? undefined : markOfChild(child.pid);
  if (leader !== undefined) writeWhole(folder.command, JSON.stringify(leader));
  child.stdout.on('data', (chunk: Buffer) => output.take(chunk));

  let asked: Promise<void> | undefined;
  const onHalt = () => {
    asked ??= leader === undefined ? undefined : endGroup(leader);
  };
  halt.addEventListener('abort', onHalt);
  if (halt.aborted) onHalt();
  const end = await ended;
  await asked;
  // What the command left running in its group ends with it; a lasting process must have a session of its own.
  if (leader !== undefined) await endGroup(leader);
  await drained(child);
  return end;
}

function endOf(child: ChildProcess): Promise<CommandEnd> {
  return new Promise((fulfil, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => fulfil({ code, signal }));
  });
}

async function endGroup(leader: ProcessMark): Promise<void> {
  signalGroup(leader, 'SIGTERM');
  const until = performance.now() + GRACE_MS;
  while (groupLives(leader) && performance.now() < until) await pause(50);
  signalGroup(leader, 'SIGKILL');
}

/** A lasting process may hold our end of the pipe for ever; what the command itself printed is there at once. */
async function drained(child: ChildProcess): Promise<void> {
  const { stdout } = child;
  if (stdout === null || stdout.readableEnded) return;
  const closed = new Promise<void>((fulfil) => stdout.once('close', () => fulfil()));
  await Promise.race([closed, pause(300, undefined, { ref: false })]);
  stdout.destroy();
}
