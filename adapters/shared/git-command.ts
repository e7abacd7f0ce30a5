import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { type FailureKind, PortFailure } from '../../src/ports/failure.ts';
import { inheritedEnvironment } from './inherited-environment.ts';

const TIMEOUT_MS = 30_000;
/** 5,000 commits with long messages are some 20 MB. */
const MOST_BYTES = 128 * 1024 * 1024;

/** `code` is git's own; the meaning of 1 differs from command to command. */
export interface GitResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface GitCall {
  /** Who asks; becomes the failure's `port`. */
  readonly port: string;
  readonly folder: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly timeoutMs?: number;
}

/**
 * Runs git in a repository: no shell, no prompts, no hooks, no parent repository by accident, and no replaced objects, which could
 * hide a commit's true author. Throws a PortFailure when git or the repository is missing, or when it takes too long.
 */
export async function runGit(call: GitCall): Promise<GitResult> {
  const folder = resolve(call.folder);
  const result = await execute(call, folder);
  if (/not a git repository|cannot change to|must be run in a work tree/i.test(result.err)) {
    throw failure(
      call,
      'not-found',
      `There is no git repository at "${folder}". Correct the repository's name in the configuration.`,
    );
  }
  if (/dubious ownership/i.test(result.err)) {
    const advice = `Run "git config --global --add safe.directory ${folder}" as the user that Countersign runs as.`;
    throw failure(call, 'forbidden', `Git does not trust "${folder}", because it belongs to another user. ${advice}`);
  }
  return result;
}

/** The output of a command that must succeed. Throws a PortFailure of kind `misbehaved` with git's first words otherwise. */
export async function gitOutput(call: GitCall): Promise<string> {
  const result = await runGit(call);
  if (result.code === 0) return result.out;
  const words = result.err.trim().split('\n')[0]?.slice(0, 200) ?? '';
  throw failure(call, 'misbehaved', `Git could not answer (${call.args[0]}, code ${result.code}): ${words}`);
}

function execute(call: GitCall, folder: string): Promise<GitResult> {
  return new Promise((fulfil, reject) => {
    const child = execFile(
      'git',
      ['--no-pager', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false', '-C', folder, ...call.args],
      {
        encoding: 'utf8',
        env: gitEnvironment(folder),
        maxBuffer: MOST_BYTES,
        timeout: call.timeoutMs ?? TIMEOUT_MS,
        killSignal: 'SIGKILL',
      },
      (error, out, err) => {
        if (error === null) return fulfil({ code: 0, out, err });
        if (typeof error.code === 'number') return fulfil({ code: error.code, out, err });
        return reject(explained(call, folder, error));
      },
    );
    // Git may end before it has read everything; its exit code says what happened.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(call.input ?? '');
  });
}

function explained(call: GitCall, folder: string, error: Error & { code?: unknown; killed?: boolean }): PortFailure {
  if (error.code === 'ENOENT') {
    return failure(
      call,
      'refused',
      'The program "git" was not found. Install git, or put it on the PATH that Countersign is started with.',
      error,
    );
  }
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    return failure(call, 'refused', `Git's answer about "${folder}" is too long to be read.`, error);
  }
  return failure(
    call,
    'timeout',
    `Git did not answer in time about "${folder}". Is the disk busy or unreachable?`,
    error,
  );
}

function gitEnvironment(folder: string): Record<string, string> {
  return {
    ...inheritedEnvironment(),
    LC_ALL: 'C.UTF-8',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CEILING_DIRECTORIES: dirname(folder),
  };
}

function failure(call: GitCall, kind: FailureKind, message: string, cause?: unknown): PortFailure {
  return new PortFailure(message, {
    port: call.port,
    kind,
    retryable: kind === 'timeout',
    ...(cause === undefined ? {} : { cause }),
  });
}
