import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCommand } from '../support/program.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const EXAMPLES = join(ROOT, 'docs', 'examples');

/** For tests that start the programme to ask it what it takes: on a busy machine each start takes seconds. */
export const SLOW_MS = 90_000;

/** The text of a file below the top folder. */
export function textOf(...path: readonly string[]): string {
  return readFileSync(join(ROOT, ...path), 'utf8');
}

/** Where a programme is, that an example is written for. */
export function tool(...candidates: readonly string[]): string | undefined {
  return candidates.find((path) => existsSync(path));
}

export interface ToolRun {
  readonly ok: boolean;
  readonly text: string;
}

/** Runs a programme to its end; its own words are kept for the message of a test that fails. */
export async function runTool(program: string, args: readonly string[], cwd: string = EXAMPLES): Promise<ToolRun> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [...args], { cwd });
    return { ok: true, text: stdout + stderr };
  } catch (error) {
    return { ok: false, text: String(error) };
  }
}

const KNOWN = new Map<string, Promise<ReadonlySet<string>>>();

/** The options that a subcommand takes, as it says itself, e.g. of `audit verify`. */
function optionsOf(subcommand: string): Promise<ReadonlySet<string>> {
  const asked =
    KNOWN.get(subcommand) ??
    runCommand(...subcommand.split(' '), '--help').then(({ text }) => {
      if (!text.startsWith(`Usage: countersign ${subcommand} `))
        throw new Error(`There is no "${subcommand}": ${text}`);
      return new Set(text.match(/(?<=^ +(?:-\w, )?)--[\w-]+/gm));
    });
  KNOWN.set(subcommand, asked);
  return asked;
}

/**
 * What is wrong with a command line of the programme: a subcommand that there is not, or options that it does not take. `line` begins
 * with the subcommand.
 */
export async function faultsOf(line: string): Promise<readonly string[]> {
  const subcommand = /^(?:audit|config) \w+|^\w+/.exec(line)?.[0] ?? '';
  const known = await optionsOf(subcommand);
  return (line.match(/--[\w-]+/g) ?? []).filter((option) => !known.has(option)).map((option) => `${line}: ${option}`);
}
