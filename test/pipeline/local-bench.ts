import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localPipeline } from '../../adapters/pipeline/local/index.ts';
import { groupLives, signalGroup, signalProcess } from '../../adapters/pipeline/local/processes.ts';
import { recordOf, runFolder } from '../../adapters/pipeline/local/run-folder.ts';
import { Command, Keeper, LocalProvider } from '../../adapters/pipeline/local/schema.ts';
import type { AdapterTools } from '../../adapters/shared/adapter.ts';
import { type Run, runEnded, type Snapshot } from '../../src/domain/run.ts';
import type { Fence } from '../../src/ports/fence.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import { systemClock } from '../../src/system/clock.ts';
import { repository } from '../source/git-repository.ts';
import { until } from '../support/until.ts';

/** A real repository, a real data folder and the adapter between them; `end` leaves no process and no folder behind. */
export async function localBench(settings: Partial<LocalProvider> = {}) {
  const repo = repository();
  const dataFolder = mkdtempSync(join(tmpdir(), 'countersign-local-'));
  const sha = repo.commit('One');
  const runs: Run[] = [];
  const quiet = () => undefined;
  const tools: AdapterTools = {
    clock: systemClock(),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    secrets: { read: async (reference) => reference },
    dataFolder,
  };
  const pipeline: Pipeline = await localPipeline.create('here', LocalProvider.parse(settings), tools);
  let number = 0;

  function request(command: string | readonly string[], more: Partial<StartRequest> = {}): StartRequest {
    number += 1;
    return {
      correlation: `cs-${number}`,
      deployment: `D-${number}`,
      service: 'shop',
      environment: 'staging',
      repository: repo.folder,
      sha,
      kind: 'regular',
      requester: 'Anna Lind',
      settings: { command },
      timeoutMs: 60_000,
      ...more,
    };
  }

  const folderOf = (run: Run) => runFolder(join(dataFolder, 'runs', run.id));

  async function started(wish: StartRequest, fence?: Fence): Promise<Run> {
    const run = await pipeline.start(wish, fence);
    runs.push(run);
    return run;
  }

  async function ended(run: Run, wish: StartRequest): Promise<Snapshot> {
    return until(
      'the run has ended',
      async () => {
        const snapshot = await pipeline.look(run, wish);
        return runEnded(snapshot.state) ? snapshot : undefined;
      },
      15_000,
    );
  }

  /** A file that the command writes, once it is there. */
  async function written(path: string): Promise<string> {
    return until(
      `${path} is written`,
      async () => {
        const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
        return text === '' ? undefined : text;
      },
      15_000,
    );
  }

  function end(): void {
    for (const run of runs) {
      const command = recordOf(folderOf(run).command, Command);
      if (command !== undefined && groupLives(command)) signalGroup(command, 'SIGKILL');
      const keeper = recordOf(folderOf(run).keeper, Keeper);
      if (keeper !== undefined) signalProcess(keeper, 'SIGKILL');
    }
    repo.remove();
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }

  return { repo, dataFolder, sha, pipeline, tools, request, folderOf, started, ended, written, end };
}

export type LocalBench = Awaited<ReturnType<typeof localBench>>;
