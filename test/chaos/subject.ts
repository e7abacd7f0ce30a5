import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';

const ENTRY = join(import.meta.dirname, '..', '..', 'bin', 'countersign.ts');
const READY_MS = 60_000;
const STOP_MS = 20_000;
/** So much of what the programme printed is kept for whoever reads of a failure. */
const KEPT = 20_000;

/** The programme under test: a real process on a port and a data folder that outlive it. */
export interface Subject {
  readonly url: string;
  /** Ready, as far as is known, and not killed since. */
  up(): boolean;
  /** Begins to start; `ready` comes when it says so. */
  begin(): { readonly ready: Promise<void> };
  /** As a power failure would. */
  kill(): Promise<void>;
  /** It stands still in the middle of whatever it does, and keeps all its connections. */
  freeze(): void;
  thaw(): void;
  /** As an operator would. @returns the exit code */
  stop(): Promise<number | null>;
  printed(): string;
  /** How it ended although nobody had asked it to and it had been ready. */
  readonly accidents: readonly string[];
}

export async function subjectOf(folder: string, config: string): Promise<Subject> {
  const port = await freePort();
  const args = [ENTRY, 'start', '--config', config, '--data', folder, '--port', String(port), '--log-level', 'warn'];
  let child: ChildProcess | undefined;
  let ready = false;
  let printed = '';
  const accidents: string[] = [];

  function begin(): { readonly ready: Promise<void> } {
    const own = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child = own;
    return { ready: readiness(own) };
  }

  function readiness(own: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the programme is not ready after ${READY_MS} ms`)), READY_MS);
      const read = (chunk: Buffer) => {
        printed = (printed + chunk.toString()).slice(-KEPT);
        if (ready || child !== own || !chunk.toString().includes('ready:')) return;
        ready = true;
        clearTimeout(late);
        resolve();
      };
      own.stdout?.on('data', read);
      own.stderr?.on('data', read);
      own.once('exit', (code, signal) => {
        clearTimeout(late);
        if (ready && child === own) accidents.push(`the programme ended by itself with ${code ?? signal}`);
        ready = false;
        // Being killed is what it is here for; anything else while it starts is a fault.
        if (signal === 'SIGKILL') resolve();
        else reject(new Error(`the programme ended by itself with ${code}`));
      });
    });
  }

  async function ended(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const own = child;
    if (own === undefined || own.exitCode !== null || own.signalCode !== null) return own?.exitCode ?? null;
    ready = false;
    const exit = once(own, 'exit');
    own.kill(signal);
    const patience = setTimeout(() => own.kill('SIGKILL'), STOP_MS);
    const [code] = (await exit) as [number | null];
    clearTimeout(patience);
    return code;
  }

  return {
    url: `http://127.0.0.1:${port}`,
    up: () => ready,
    begin,
    kill: async () => void (await ended('SIGKILL')),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    stop: () => ended('SIGTERM'),
    printed: () => printed,
    accidents,
  };
}
