import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { reportedArtifacts } from '../../../src/domain/artifact.ts';
import type { Run, Snapshot } from '../../../src/domain/run.ts';
import { counted } from '../../../src/domain/text.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Pipeline, StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools, PipelineAdapter } from '../../shared/adapter.ts';
import { runGit } from '../../shared/git-command.ts';
import { redact } from '../../shared/http/redact.ts';
import { groupLives, isAlive, signalGroup, signalProcess } from './processes.ts';
import {
  folderName,
  linesOf,
  type RunFolder,
  recordOf,
  runFolder,
  tailOf,
  textOf,
  writeOnce,
  writeWhole,
} from './run-folder.ts';
import { ArtifactEvent, Command, Exit, Keeper, LocalProvider, LocalSettings, StepEvent } from './schema.ts';
import { jobOf, startWrapper } from './start.ts';
import { readable, stepsOf } from './steps.ts';

const LOG_LINES = 200;
const LOG_BYTES = 256 * 1024;
const LONGEST_LINE = 2_000;
const FORM = 'name each once, at most 20 of them, as `::artifact::name@sha256:<64 hexadecimal digits>`.';

/** Runs a command of the configuration on this machine, in a git worktree at the approved commit. */
export const localPipeline: PipelineAdapter<LocalProvider, LocalSettings> = {
  type: 'local',
  onThisMachine: true,
  provider: LocalProvider,
  settings: LocalSettings,
  abilities: {
    title: 'A command on this machine',
    starts: 'a process group of its own',
    findsBy: 'the folder of the run',
    commit: 'a worktree at the commit; read from it',
    follows: 'its output, as it comes',
    stops: 'ends the whole process group',
    logs: 'the end of the output',
    artifacts: 'lines `::artifact::name@sha256:…`',
    inputs: 'variables `COUNTERSIGN_INPUT_…`',
    login: 'none',
    limits: 'belongs to one instance',
  },
  create: async (id, provider, tools) => localProvider(id, provider, tools),
};

function localProvider(id: string, provider: LocalProvider, tools: AdapterTools): Pipeline {
  const runs = resolve(provider.folder ?? join(tools.dataFolder, 'runs'));
  const folderOf = (run: Run) => runFolder(join(runs, folderName(run.id)));
  const repositoryOf = (request: StartRequest) => resolve(provider.repositories ?? '.', request.repository);
  const find = (request: StartRequest): Run | undefined => {
    const name = folderName(request.correlation);
    return existsSync(runFolder(join(runs, name)).keeper) ? { provider: id, id: name } : undefined;
  };

  return {
    id,
    pace: { firstMs: 300, mostMs: 2_000 },
    async start(request, fence) {
      const before = find(request);
      if (before !== undefined) return before;
      const job = await jobOf(request, repositoryOf(request));
      const name = folderName(request.correlation);
      await startWrapper(runFolder(join(runs, name)), job, tools.clock, fence);
      return { provider: id, id: name };
    },
    look: async (run) => lookInto(folderOf(run)),
    stop: async (run) => stopRun(folderOf(run), tools),
    find: async (request) => find(request),
    logs: async (run) => logTail(folderOf(run)),
    async tidy(run, request) {
      await removeWorktree(folderOf(run), repositoryOf(request));
      forgetLogs(runs, provider.keep);
    },
  };
}

function lookInto(folder: RunFolder): Snapshot {
  const keeper = recordOf(folder.keeper, Keeper);
  if (keeper === undefined) throw lost();
  // The keeper may write its last word between our two looks at it, so the word is looked for once more.
  const exit = recordOf(folder.exit, Exit) ?? (isAlive(keeper) ? undefined : (recordOf(folder.exit, Exit) ?? 'none'));
  const sha = textOf(folder.sha);
  const events = linesOf(folder.steps, StepEvent);
  const known: Known = { ...(sha === undefined ? {} : { sha }), ...artifactsIn(folder), startedAt: keeper.startedAt };
  if (exit === undefined) return { ...known, state: 'running', steps: stepsOf(events) };
  if (exit === 'none') return unkept(folder, known, events);
  return {
    ...known,
    state: exit.outcome,
    steps: stepsOf(events, { state: exit.outcome, at: exit.endedAt }),
    endedAt: exit.endedAt,
    ...(exit.error === undefined ? {} : { error: exit.error }),
  };
}

/** What a snapshot of any state tells. */
type Known = Pick<Snapshot, 'sha' | 'startedAt' | 'artifacts' | 'warning'>;

function artifactsIn(folder: RunFolder): Pick<Snapshot, 'artifacts' | 'warning'> {
  const events = linesOf(folder.artifacts, ArtifactEvent);
  const said = events.flatMap((event) => ('name' in event ? [event] : []));
  const { artifacts, left } = reportedArtifacts(said);
  const unread = events.length - said.length + left;
  return {
    ...(artifacts.length === 0 ? {} : { artifacts }),
    ...(unread === 0 ? {} : { warning: `${counted(unread, 'artifact')} of the run cannot be compared: ${FORM}` }),
  };
}

/** Nobody will write a result any more. What the command still does is watched to its end, but cannot be called success. */
function unkept(folder: RunFolder, known: Known, events: readonly StepEvent[]): Snapshot {
  const command = recordOf(folder.command, Command);
  if (command !== undefined && groupLives(command)) {
    const warning = 'The process that kept this run has died; the command goes on, but its result will be lost.';
    return { ...known, state: 'running', steps: stepsOf(events), warning };
  }
  return {
    ...known,
    state: 'failed',
    steps: stepsOf(events, { state: 'failed' }),
    error: 'The run died without a result.',
  };
}

function stopRun(folder: RunFolder, tools: AdapterTools): void {
  const keeper = recordOf(folder.keeper, Keeper);
  if (keeper === undefined) throw lost();
  if (existsSync(folder.exit)) return;
  writeWhole(folder.stop, '');
  if (isAlive(keeper)) {
    signalProcess(keeper, 'SIGTERM');
    return;
  }
  const command = recordOf(folder.command, Command);
  if (command !== undefined) signalGroup(command, 'SIGKILL');
  writeOnce(folder.exit, { outcome: 'cancelled', endedAt: new Date(tools.clock.now()).toISOString() } satisfies Exit);
}

function lost(): PortFailure {
  return new PortFailure('The run folder is gone, so nobody can say how the run went.', {
    port: 'local',
    kind: 'not-found',
    retryable: false,
  });
}

function logTail(folder: RunFolder): string {
  const lines = tailOf(folder.log, LOG_BYTES)
    .split('\n')
    .map((line) => readable(line).slice(0, LONGEST_LINE));
  return redact(
    lines
      .slice(-LOG_LINES - 1)
      .join('\n')
      .trimEnd(),
  );
}

async function removeWorktree(folder: RunFolder, repository: string): Promise<void> {
  if (!existsSync(folder.exit) && recordOf(folder.keeper, Keeper) !== undefined && lookInto(folder).state === 'running')
    return;
  rmSync(folder.work, { recursive: true, force: true, maxRetries: 3 });
  // The repository may be gone by now; then it keeps no list of worktrees either.
  await runGit({ port: 'local', folder: repository, args: ['worktree', 'prune'] }).catch(() => undefined);
}

/** Logs of old runs go; the few bytes that say a run has been stay, so that `find` never forgets one. */
function forgetLogs(runs: string, keep: number): void {
  const ended = readdirSync(runs)
    .map((name) => runFolder(join(runs, name)))
    .filter((folder) => existsSync(folder.exit) && existsSync(folder.log))
    .map((folder) => ({ folder, at: statSync(folder.exit).mtimeMs }))
    .sort((one, other) => other.at - one.at);
  for (const { folder } of ended.slice(keep)) rmSync(folder.log, { force: true });
}
