import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localPipeline } from '../../adapters/pipeline/local/index.ts';
import { LocalProvider } from '../../adapters/pipeline/local/schema.ts';
import type { AdapterTools } from '../../adapters/shared/adapter.ts';
import { gitSource } from '../../adapters/source/git/index.ts';
import { stopDemoApplications } from '../../bin/demo/applications.ts';
import type { DemoEnvironment } from '../../bin/demo/places.ts';
import { prepareDemo } from '../../bin/demo/setup.ts';
import { runEnded, type Snapshot } from '../../src/domain/run.ts';
import { systemClock } from '../../src/system/clock.ts';
import { until } from '../support/until.ts';

/** A demo in a temporary folder, deployed to by the real provider. */
export async function demoBench() {
  const home = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
  const folder = join(home, 'demo');
  const setup = await prepareDemo({ folder, ports: { staging: await freePort(), production: await freePort() } });
  const quiet = () => undefined;
  const tools: AdapterTools = {
    clock: systemClock(),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    secrets: { read: async (reference) => reference },
    dataFolder: home,
  };
  const source = await gitSource.create('local', {}, tools);
  const pipeline = await localPipeline.create('local', LocalProvider.parse({}), tools);
  let number = 0;

  async function shaOf(ref: string): Promise<string> {
    const found = await source.resolve(setup.repository, ref);
    if (found === undefined) throw new Error(`the demo has no ${ref}`);
    return found.sha;
  }

  async function deploy(ref: string, environment: DemoEnvironment = 'staging'): Promise<Snapshot & { log: string }> {
    number += 1;
    const request = {
      correlation: `demo-${number}`,
      deployment: `D-${number}`,
      service: 'shop',
      environment,
      repository: setup.repository,
      sha: await shaOf(ref),
      kind: 'regular' as const,
      requester: 'Anna Lind',
      settings: { command: [...setup.command] },
      timeoutMs: 60_000,
    };
    const run = await pipeline.start(request);
    const end = await until(
      `${ref} is deployed`,
      async () => {
        const snapshot = await pipeline.look(run, request);
        return runEnded(snapshot.state) ? snapshot : undefined;
      },
      60_000,
    );
    await pipeline.tidy?.(run, request);
    return { ...end, log: (await pipeline.logs?.(run, request)) ?? '' };
  }

  async function end(): Promise<void> {
    await stopDemoApplications(folder);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }

  return { home, folder, setup, source, pipeline, shaOf, deploy, end };
}

export type DemoBench = Awaited<ReturnType<typeof demoBench>>;

/** What visitors see. */
export async function visit(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(url, { headers: { connection: 'close' } });
  return { status: answer.status, text: await answer.text() };
}

/** Visits without a pause until told to stop; gives how often, and what went wrong. */
export function visitors(url: string) {
  const faults: string[] = [];
  let [visits, going] = [0, true];
  const loop = async () => {
    while (going) {
      const status = await visit(url).then(
        (answer) => answer.status,
        (error: unknown) => String(error),
      );
      visits += 1;
      if (status !== 200) faults.push(String(status));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const loops = [loop(), loop(), loop()];
  return async () => {
    going = false;
    await Promise.all(loops);
    return { visits, faults };
  };
}

/** Processes that were started with `folder` among their arguments and still live. */
export function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const line = commandLineOf(pid);
      return line.includes(folder) ? [`${pid} ${line}`] : [];
    });
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
