import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { artifactLines } from '../../../src/domain/artifact.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { type FailureKind, PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { runGit } from '../../shared/git-command.ts';
import { inheritedEnvironment } from '../../shared/inherited-environment.ts';
import { type RunFolder, tailOf, writeOnce } from './run-folder.ts';
import { type Job, LocalSettings } from './schema.ts';

const WRAPPER = fileURLToPath(new URL('./wrapper.ts', import.meta.url));
const CLAIM_MS = 20_000;

/** What the wrapper shall do. Throws a PortFailure when the settings or the commit cannot be used. */
export async function jobOf(request: StartRequest, repository: string): Promise<Job> {
  const settings = LocalSettings.safeParse(request.settings);
  if (!settings.success)
    throw failure('refused', 'The pipeline settings of this target hold no command that can be run.');
  const { code } = await runGit({
    port: 'local',
    folder: repository,
    args: ['cat-file', '-e', '--end-of-options', `${request.sha}^{commit}`],
  });
  if (code !== 0) {
    throw failure(
      'not-found',
      `The commit ${request.sha.slice(0, 12)} is not in "${repository}". Fetch it into that repository.`,
    );
  }
  const { command, env } = settings.data;
  return {
    repository,
    sha: request.sha,
    argv: typeof command === 'string' ? ['/bin/sh', '-c', command] : command,
    env: { ...inheritedEnvironment(), ...env, ...factsOf(request) },
    timeoutMs: request.timeoutMs,
  };
}

function factsOf(request: StartRequest): Record<string, string> {
  return {
    COUNTERSIGN_ID: request.correlation,
    COUNTERSIGN_DEPLOYMENT: request.deployment,
    COUNTERSIGN_SERVICE: request.service,
    COUNTERSIGN_ENVIRONMENT: request.environment,
    COUNTERSIGN_SHA: request.sha,
    // Always set, so that a value of ours never comes from elsewhere.
    COUNTERSIGN_ARTIFACTS: artifactLines(request.artifacts ?? []),
    COUNTERSIGN_KIND: request.kind,
    COUNTERSIGN_REQUESTER: request.requester,
    ...(request.reason === undefined ? {} : { COUNTERSIGN_REASON: request.reason }),
    ...(request.url === undefined ? {} : { COUNTERSIGN_URL: request.url }),
    ...Object.fromEntries(
      Object.entries(request.inputs ?? {}).map(([name, value]) => [inputVariable(name), value] as const),
    ),
  };
}

/** `dry-run` becomes `COUNTERSIGN_INPUT_DRY_RUN`. */
export function inputVariable(name: string): string {
  return `COUNTERSIGN_INPUT_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** Starts a wrapper on the folder and returns as soon as one (this or an earlier one) keeps the run. */
export async function startWrapper(folder: RunFolder, job: Job, clock: Clock, fence?: Fence): Promise<void> {
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
  writeOnce(folder.job, job);
  const complaints = openSync(folder.complaints, 'a', 0o600);
  try {
    await claimed(folder, complaints, clock, fence);
  } finally {
    closeSync(complaints);
  }
}

async function claimed(folder: RunFolder, complaints: number, clock: Clock, fence?: Fence): Promise<void> {
  fence?.();
  const child = spawn(process.execPath, [WRAPPER, folder.path], {
    cwd: folder.path,
    env: inheritedEnvironment(),
    detached: true,
    stdio: ['ignore', 'pipe', complaints],
  });
  return new Promise<void>((fulfil, reject) => {
    const late = clock.at(clock.now() + CLAIM_MS, () => {
      reject(failure('timeout', 'The run did not begin in time; this machine may be overloaded.', { inDoubt: true }));
    });
    const settle = (act: () => void) => {
      late();
      act();
    };
    child.once('error', (cause) => {
      settle(() => reject(failure('unreachable', 'This machine could not start another process.', { cause })));
    });
    child.stdout?.once('data', () => settle(fulfil));
    child.once('close', () => settle(() => reject(didNotBegin(folder))));
  }).finally(() => {
    child.stdout?.destroy();
    child.unref();
  });
}

function didNotBegin(folder: RunFolder): PortFailure {
  const told = tailOf(folder.complaints, 2_000);
  const line = /^\w*Error: .*$/m.exec(told)?.[0]?.slice(0, 200);
  return failure(
    'misbehaved',
    `The run could not begin${line === undefined ? '' : ` (${line})`}. Look into wrapper.log in its run folder.`,
  );
}

function failure(kind: FailureKind, message: string, more: { inDoubt?: boolean; cause?: unknown } = {}): PortFailure {
  return new PortFailure(message, {
    port: 'local',
    kind,
    retryable: kind === 'timeout' || kind === 'unreachable',
    ...more,
  });
}
