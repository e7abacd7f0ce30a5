import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ENTRY = join(import.meta.dirname, '..', '..', 'bin', 'countersign.ts');

/** The programme as a process of its own, as people start it. */
export interface Running {
  readonly url: string;
  readonly process: ChildProcess;
  /** As Ctrl-C would. @returns the exit code */
  stop(): Promise<number | null>;
  /** As a power failure would. */
  kill(): Promise<void>;
}

/** Starts the programme on a free port (or the given one) and waits until it prints its address. */
export async function startProgram(options: {
  readonly data: string;
  readonly port?: number;
  readonly more?: readonly string[];
  /** Another programme than the one of this checkout. */
  readonly entry?: string;
}): Promise<Running> {
  const args = [
    options.entry ?? ENTRY,
    'start',
    '--data',
    options.data,
    '--port',
    String(options.port ?? 0),
    ...(options.more ?? []),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /ready:\s+(http\S+)/.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`the programme ended with ${code} before it was ready: ${printed}`)));
  });
  const ended = once(child, 'exit');
  return {
    url,
    process: child,
    async stop() {
      child.kill('SIGTERM');
      const [code] = (await ended) as [number | null];
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs a subcommand to its end. */
export async function runCommand(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text };
}
