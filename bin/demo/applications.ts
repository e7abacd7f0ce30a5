import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isAlive, markOf, type ProcessMark, signalProcess } from '../../adapters/pipeline/local/processes.ts';
import {
  DEMO_ENVIRONMENTS,
  type DemoEnvironment,
  demoPlaces,
  Live,
  readRecord,
  Serving,
  writeRecord,
} from './places.ts';
import { demoSetup } from './setup.ts';

const COMPANION = new URL('./companion.ts', import.meta.url).href;
const FRONT = fileURLToPath(new URL('./front.ts', import.meta.url));
const START_MS = 15_000;
const STOP_MS = 4_000;

/** Starts a built version on a free port of loopback. Throws with the last line it printed when it does not come up. */
export async function startApplication(
  folder: string,
  environment: DemoEnvironment,
  release: string,
): Promise<Serving> {
  const log = join(release, 'application.log');
  const serving = await started({
    args: ['--import', COMPANION, join(release, 'src', 'main.mjs')],
    env: {
      PORT: '0',
      SHOP_ENVIRONMENT: environment,
      DEMO_FOLDER: folder,
      DEMO_ENVIRONMENT: environment,
      DEMO_RELEASE: release,
    },
    log,
    ready: ({ pid = 0 }) => {
      const [, port] = /^Listening on port (\d+)$/m.exec(readFileSync(log, 'utf8')) ?? [];
      const mark = markOf(pid);
      return port === undefined || mark === undefined ? undefined : { ...mark, port: Number(port) };
    },
  });
  writeRecord(demoPlaces(folder).running(release), serving);
  return serving;
}

/** Sees to it that something answers on the public port of an environment. Throws when the port is somebody else's. */
export async function ensureFront(folder: string, environment: DemoEnvironment): Promise<Serving> {
  const places = demoPlaces(folder);
  const running = () => {
    const front = readRecord(places.front(environment), Serving);
    return front !== undefined && isAlive(front) ? front : undefined;
  };
  const log = join(places.environment(environment), 'front.log');
  return running() ?? started({ args: [FRONT, folder, environment], env: {}, log, ready: running });
}

interface Launch {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  readonly ready: (child: ChildProcess) => Serving | undefined;
}

/** Starts a process of its own that outlives us, and waits until it serves. */
async function started({ args, env, log, ready }: Launch): Promise<Serving> {
  const file = openSync(log, 'w');
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', file, file],
    env: { PATH: process.env['PATH'], ...env },
  });
  closeSync(file);
  let over = false;
  child.once('error', () => {
    over = true;
  });
  child.once('exit', () => {
    over = true;
  });
  child.unref();
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    const serving = ready(child);
    if (serving !== undefined) return serving;
    if (over) break;
    await pause(25);
  }
  child.kill('SIGKILL');
  throw new Error(lastLine(log) ?? 'It did not start in time.');
}

function lastLine(log: string): string | undefined {
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => line.trim());
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.findLast((line) => line !== '');
}

/** Asks processes to end, makes those that do not, and returns when all are gone. */
export async function stopProcesses(marks: readonly ProcessMark[]): Promise<void> {
  for (const mark of marks) signalProcess(mark, 'SIGTERM');
  const until = performance.now() + STOP_MS;
  while (marks.some(isAlive) && performance.now() < until) await pause(25);
  for (const mark of marks) signalProcess(mark, 'SIGKILL');
  while (marks.some(isAlive)) await pause(25);
}

/** Ends every application and front of the demo. What was live stays written down, for `resumeDemoApplications`. */
export async function stopDemoApplications(folder: string): Promise<void> {
  const places = demoPlaces(folder);
  const records = DEMO_ENVIRONMENTS.flatMap((environment) => [
    places.front(environment),
    ...releasesOf(folder, environment).map((release) => places.running(release)),
  ]);
  await stopProcesses(records.flatMap((path) => readRecord(path, Serving) ?? []));
  for (const path of records) rmSync(path, { force: true });
}

/** Every version that was built for an environment, as absolute folders. */
export function releasesOf(folder: string, environment: DemoEnvironment): readonly string[] {
  const releases = demoPlaces(folder).releases(environment);
  return existsSync(releases) ? readdirSync(releases).map((name) => join(releases, name)) : [];
}

/**
 * Starts again what was live when the demo was stopped, and the fronts, which say so where nothing is live yet. What could not be
 * started is reported in a sentence for people: the rest of the demo works without it.
 */
export async function resumeDemoApplications(
  folder: string,
  report: (problem: string) => void = toTerminal,
): Promise<void> {
  const { environments } = demoSetup(folder);
  for (const environment of DEMO_ENVIRONMENTS) {
    await resume(folder, environment).catch((error: unknown) => {
      const words = error instanceof Error ? error.message : String(error);
      report(`The demo's ${environment} is not reachable on ${environments[environment].url}: ${words}`);
    });
  }
}

function toTerminal(problem: string): void {
  process.stderr.write(`${problem}\n`);
}

async function resume(folder: string, environment: DemoEnvironment): Promise<void> {
  const places = demoPlaces(folder);
  const live = readRecord(places.live(environment), Live);
  if (live !== undefined && !isAlive(live)) {
    const serving = await startApplication(folder, environment, live.release);
    writeRecord(places.live(environment), { ...live, ...serving } satisfies Live);
  }
  await ensureFront(folder, environment);
}
