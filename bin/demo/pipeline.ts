/**
 * The demo's pipeline: `node pipeline.ts <demo folder>`, run in a worktree of the shop by the provider `local`. Builds, tests, starts
 * the new version beside the old one, checks its health, then switches visitors over. Whatever fails, the old version stays.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ensureFront, releasesOf, startApplication, stopProcesses } from './applications.ts';
import { digestOf } from './artifact.ts';
import {
  type DemoEnvironment,
  demoPlaces,
  isDemoEnvironment,
  Live,
  readRecord,
  type Serving,
  writeRecord,
} from './places.ts';

const HEALTH_MS = 6_000;
/** One good answer is luck; five over a second are health. */
const GOOD_ANSWERS = 5;
const BETWEEN_MS = 200;
/** Requests that the front took to the old version just before the switch must end there. */
const DRAIN_MS = 500;
const KEPT_RELEASES = 3;

const Health = z.object({ ok: z.boolean(), words: z.string(), version: z.string(), sha: z.string() });

interface Task {
  readonly folder: string;
  readonly environment: DemoEnvironment;
  readonly sha: string;
  readonly release: string;
}

let fresh: Serving | undefined;

process.on('SIGTERM', () => void abandon().then(() => process.exit(1)));
await deploy(taskOf()).catch(async (error: unknown) => {
  await abandon();
  say(`::error::${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

async function deploy(task: Task): Promise<void> {
  say('::steps::Build|Test|Start|Health check|Switch');
  say('::step::Build');
  await build(task);
  say('::step::Test');
  await test();
  say('::step::Start');
  const serving = await startApplication(task.folder, task.environment, task.release);
  fresh = serving;
  say(`Started on port ${serving.port} of loopback.`);
  say('::step::Health check');
  const { version } = await healthy(serving.port, task.sha);
  say('::step::Switch');
  await switchOver(task, { ...serving, release: task.release, sha: task.sha, version });
}

function taskOf(): Task {
  const folder = process.argv[2];
  const { COUNTERSIGN_ENVIRONMENT: environment, COUNTERSIGN_SHA: sha, COUNTERSIGN_ID: id } = process.env;
  if (folder === undefined || sha === undefined || id === undefined || !isDemoEnvironment(environment)) {
    throw new Error('This pipeline is run by Countersign, for staging or production.');
  }
  const name = `${sha.slice(0, 7)}-${id.replace(/[^\w.-]/g, '_')}`;
  return { folder, environment, sha, release: join(demoPlaces(folder).releases(environment), name) };
}

async function build(task: Task): Promise<void> {
  const { code } = await program(['build.mjs']);
  if (code !== 0) throw new Error('The build failed.');
  mkdirSync(task.release, { recursive: true });
  cpSync('dist', task.release, { recursive: true });
  say(`::artifact::shop@${digestOf('dist')}`);
}

async function test(): Promise<void> {
  const { code, lines } = await program(['--test', '--test-reporter=spec']);
  if (code === 0) return;
  const failed = [...new Set(lines.flatMap((line) => /^\s*✖ (.+) \([\d.]+ms\)$/.exec(line)?.[1] ?? []))];
  throw new Error(failed.length === 0 ? 'The tests failed.' : `Tests failed: ${failed.join('; ')}.`);
}

/** Runs a program of the worktree and shows what it prints. */
async function program(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    process.stdout.write(piece);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, lines: text.split('\n') };
}

/** Waits until a version has answered well several times in a row. Throws with its own words when it does not. */
async function healthy(port: number, sha: string): Promise<z.infer<typeof Health>> {
  const until = performance.now() + HEALTH_MS;
  let words = 'no answer';
  for (let good = 0; performance.now() < until; await pause(BETWEEN_MS)) {
    const health = await ask(port);
    if (health !== undefined && health.sha !== sha)
      throw new Error(`Another commit answers: ${health.sha.slice(0, 7)}.`);
    good = health?.ok === true ? good + 1 : 0;
    words = health?.words ?? 'no answer';
    if (health !== undefined && good === GOOD_ANSWERS) return health;
  }
  throw new Error(`The health check failed: ${words}. The former version stays.`);
}

async function ask(port: number): Promise<z.infer<typeof Health> | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) });
    return Health.parse(await answer.json());
  } catch {
    return undefined;
  }
}

async function switchOver({ folder, environment, sha, release }: Task, next: Live): Promise<void> {
  const livePath = demoPlaces(folder).live(environment);
  const front = await ensureFront(folder, environment);
  const former = readRecord(livePath, Live);
  writeRecord(livePath, next);
  try {
    await healthy(front.port, sha);
  } catch (error) {
    if (former === undefined) rmSync(livePath);
    else writeRecord(livePath, former);
    throw error;
  }
  fresh = undefined;
  say(`Visitors of ${environment} see version ${next.version} now.`);
  await pause(DRAIN_MS);
  if (former !== undefined) await stopProcesses([former]);
  const others = releasesOf(folder, environment)
    .filter((path) => path !== release)
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  for (const path of others.slice(KEPT_RELEASES)) {
    rmSync(path, { recursive: true, force: true });
    say(`Removed ${basename(path)}.`);
  }
}

/** Ends what this run has started and visitors do not see. */
async function abandon(): Promise<void> {
  const leaving = fresh;
  fresh = undefined;
  if (leaving !== undefined) await stopProcesses([leaving]);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
