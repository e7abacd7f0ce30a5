import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

/** The files of one run. Everything that is known of it lies here, so that any process can follow it. */
export interface RunFolder {
  readonly path: string;
  readonly job: string;
  readonly keeper: string;
  readonly command: string;
  readonly sha: string;
  readonly steps: string;
  readonly artifacts: string;
  readonly log: string;
  /** What the wrapper itself complained of. */
  readonly complaints: string;
  readonly stop: string;
  readonly exit: string;
  readonly work: string;
}

export function runFolder(path: string): RunFolder {
  return {
    path,
    job: join(path, 'job.json'),
    keeper: join(path, 'keeper.json'),
    command: join(path, 'command.json'),
    sha: join(path, 'sha'),
    steps: join(path, 'steps.jsonl'),
    artifacts: join(path, 'artifacts.jsonl'),
    log: join(path, 'log'),
    complaints: join(path, 'wrapper.log'),
    stop: join(path, 'stop'),
    exit: join(path, 'exit.json'),
    work: join(path, 'work'),
  };
}

/** The name of a run's folder, which is also the run's id: the correlation itself where that is a safe name. */
export function folderName(correlation: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(correlation)) return correlation;
  return createHash('sha256').update(correlation).digest('hex');
}

/** Writes a file that is there wholly or not at all. False: it was there before and is left as it is. */
export function writeOnce(path: string, value: unknown): boolean {
  const draft = `${path}.${process.pid}.${performance.now()}`;
  writeFileSync(draft, JSON.stringify(value), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes a file in one piece, over a former one. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.${performance.now()}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

/** A file's text; nothing when it is not there. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** A record of ours; nothing when it is not there or not what it should be. */
export function recordOf<T>(path: string, schema: z.ZodType<T>): T | undefined {
  const value = parsed(textOf(path));
  const result = schema.safeParse(value);
  return result.success ? result.data : undefined;
}

/** Every line of a `.jsonl` file that can be read; the last one may still be half written. */
export function linesOf<T>(path: string, schema: z.ZodType<T>): readonly T[] {
  return (textOf(path) ?? '').split('\n').flatMap((line) => {
    const result = schema.safeParse(parsed(line));
    return result.success ? [result.data] : [];
  });
}

/** The end of a file, at most `bytes` long; empty when there is no file. */
export function tailOf(path: string, bytes: number): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(file);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function parsed(text: string | undefined): unknown {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
