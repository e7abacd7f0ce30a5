import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupLives, isAlive, markOf, signalGroup } from '../../adapters/pipeline/local/processes.ts';
import { recordOf, writeOnce } from '../../adapters/pipeline/local/run-folder.ts';
import { Command, Exit, Keeper } from '../../adapters/pipeline/local/schema.ts';
import { jobOf, startWrapper } from '../../adapters/pipeline/local/start.ts';
import type { Run } from '../../src/domain/run.ts';
import type { StartRequest } from '../../src/ports/pipeline.ts';
import { until } from '../support/until.ts';
import { type LocalBench, localBench } from './local-bench.ts';

let bench: LocalBench;

beforeEach(async () => {
  bench = await localBench();
});

afterEach(() => bench.end());

/** Counts how often the command began, then waits for a file. */
function counting(gate: string): string {
  return `echo ran >> ${join(bench.dataFolder, 'count')}; until [ -e ${gate} ]; do sleep 0.05; done`;
}

const count = () => readFileSync(join(bench.dataFolder, 'count'), 'utf8').trim().split('\n').length;

function keeperOf(run: Run): Keeper {
  const keeper = recordOf(bench.folderOf(run).keeper, Keeper);
  if (keeper === undefined) throw new Error('the run has no keeper');
  return keeper;
}

async function commandOf(run: Run): Promise<Command> {
  return until('the command has begun', () => recordOf(bench.folderOf(run).command, Command), 15_000);
}

/** Starts the run from another process, as the bot would, and kills that process without a warning. */
async function startAndDie(wish: StartRequest): Promise<void> {
  const program = `
    import { localPipeline } from ${JSON.stringify(new URL('../../adapters/pipeline/local/index.ts', import.meta.url).href)};
    import { systemClock } from ${JSON.stringify(new URL('../../src/system/clock.ts', import.meta.url).href)};
    const tools = { clock: systemClock(), dataFolder: ${JSON.stringify(bench.dataFolder)} };
    const pipeline = await localPipeline.create('here', { keep: 200 }, tools);
    await pipeline.start(${JSON.stringify(wish)});
    process.kill(process.pid, 'SIGKILL');
  `;
  const bot = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const signal = await new Promise((resolve) => bot.once('exit', (_code, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
}

describe('a restart of the bot', () => {
  it('leaves the run alone: it is found again and followed to its end', async () => {
    const gate = join(bench.dataFolder, 'gate');
    const wish = bench.request(`echo ::step::Wait; ${counting(gate)}`);

    await startAndDie(wish);
    const run = await bench.pipeline.find(wish);
    if (run === undefined) throw new Error('the run was not found');
    const during = await bench.pipeline.look(run, wish);
    const again = await bench.started(wish);
    writeFileSync(gate, '');
    const end = await bench.ended(run, wish);

    expect(during.state).toBe('running');
    expect(again).toEqual(run);
    expect(end).toMatchObject({ state: 'succeeded', sha: bench.sha, steps: [{ name: 'Wait', state: 'succeeded' }] });
    expect(count()).toBe(1);
  });

  it('between the folder and the claim makes no run, and the next start makes one', async () => {
    const gate = join(bench.dataFolder, 'gate');
    const wish = bench.request(counting(gate));
    const folder = bench.folderOf({ provider: 'here', id: wish.correlation });
    mkdirSync(folder.path, { recursive: true });
    writeOnce(folder.job, await jobOf(wish, bench.repo.folder));

    const before = await bench.pipeline.find(wish);
    const run = await bench.started(wish);
    writeFileSync(gate, '');
    await bench.ended(run, wish);

    expect(before).toBeUndefined();
    expect(count()).toBe(1);
  });
});

describe('starting twice', () => {
  it('runs once, when both come at the same moment', async () => {
    const gate = join(bench.dataFolder, 'gate');
    const wish = bench.request(counting(gate));

    const runs = await Promise.all([bench.started(wish), bench.started(wish), bench.started(wish)]);
    writeFileSync(gate, '');
    await bench.ended(runs[0], wish);

    expect(new Set(runs.map((run) => run.id)).size).toBe(1);
    expect(count()).toBe(1);
  });

  it('runs once, when the second one comes after the end', async () => {
    const wish = bench.request(`echo ran >> ${join(bench.dataFolder, 'count')}`);
    const run = await bench.started(wish);
    await bench.ended(run, wish);

    await startWrapper(bench.folderOf(run), await jobOf(wish, bench.repo.folder), bench.tools.clock);

    expect(count()).toBe(1);
    expect((await bench.pipeline.look(run, wish)).state).toBe('succeeded');
  });
});

describe('stopping', () => {
  it('ends the command and everything it started, also what does not listen', async () => {
    const child = join(bench.dataFolder, 'grandchild');
    const deaf = `trap "" TERM; echo $$ > ${child}; while :; do sleep 0.1; done`;
    const wish = bench.request(`/bin/sh -c '${deaf}' & wait`);
    const run = await bench.started(wish);
    const grandchild = markOf(Number(await bench.written(child)));
    if (grandchild === undefined) throw new Error('the grandchild is not there');

    await bench.pipeline.stop(run, wish);
    const end = await bench.ended(run, wish);

    expect(end.state).toBe('cancelled');
    expect(isAlive(grandchild)).toBe(false);
    expect(groupLives(await commandOf(run))).toBe(false);
  });

  it('is heard while the worktree is still being made', async () => {
    const wish = bench.request(counting(join(bench.dataFolder, 'never')));
    const run = await bench.started(wish);

    await bench.pipeline.stop(run, wish);

    expect((await bench.ended(run, wish)).state).toBe('cancelled');
  });

  it('changes nothing after the end', async () => {
    const wish = bench.request('true');
    const run = await bench.started(wish);
    await bench.ended(run, wish);

    await bench.pipeline.stop(run, wish);

    expect((await bench.pipeline.look(run, wish)).state).toBe('succeeded');
  });
});

describe('a run that is never done', () => {
  it('is stopped with everything it started when its time is over', async () => {
    const wish = bench.request('echo ::step::Hang; sleep 600 & sleep 600', { timeoutMs: 1_500 });
    const run = await bench.started(wish);

    const end = await bench.ended(run, wish);

    expect(end).toMatchObject({ state: 'timed-out', error: expect.stringContaining('had not ended after 2 s') });
    expect(end.steps).toMatchObject([{ name: 'Hang', state: 'failed' }]);
    expect(groupLives(await commandOf(run))).toBe(false);
  });

  it('does not wait for what the command left running in its group', async () => {
    const wish = bench.request('sleep 600 & echo done');
    const run = await bench.started(wish);

    const end = await bench.ended(run, wish);

    expect(end.state).toBe('succeeded');
    expect(groupLives(await commandOf(run))).toBe(false);
  });

  it('does not wait for a lasting process that holds the output', async () => {
    const mark = join(bench.dataFolder, 'daemon');
    const wish = bench.request(
      `setsid /bin/sh -c 'echo $$ > ${mark}; exec sleep 600' & until [ -s ${mark} ]; do sleep 0.05; done`,
    );
    const run = await bench.started(wish);

    const end = await bench.ended(run, wish);
    const daemon = markOf(Number(await bench.written(mark)));

    expect(end.state).toBe('succeeded');
    expect(daemon).toBeDefined();
    if (daemon !== undefined) signalGroup(daemon, 'SIGKILL');
  });
});

describe('the death of the process that keeps the run', () => {
  it('is a failure without a result, once the command has ended too', async () => {
    const gate = join(bench.dataFolder, 'gate');
    const wish = bench.request(counting(gate));
    const run = await bench.started(wish);
    await commandOf(run);

    process.kill(keeperOf(run).pid, 'SIGKILL');
    await until('the keeper is dead', () => !isAlive(keeperOf(run)));
    const during = await bench.pipeline.look(run, wish);
    writeFileSync(gate, '');
    const end = await bench.ended(run, wish);

    expect(during).toMatchObject({ state: 'running', warning: expect.stringContaining('died') });
    expect(end).toMatchObject({ state: 'failed', error: 'The run died without a result.' });
  });

  it('does not keep the command from being stopped', async () => {
    const wish = bench.request(counting(join(bench.dataFolder, 'never')));
    const run = await bench.started(wish);
    const command = await commandOf(run);
    process.kill(keeperOf(run).pid, 'SIGKILL');
    await until('the keeper is dead', () => !isAlive(keeperOf(run)));

    await bench.pipeline.stop(run, wish);

    expect((await bench.ended(run, wish)).state).toBe('cancelled');
    await until('the command is dead', () => !groupLives(command));
  });

  it('is seen although another process has its number now', async () => {
    const wish = bench.request('true');
    const folder = bench.folderOf({ provider: 'here', id: wish.correlation });
    mkdirSync(folder.path, { recursive: true });
    writeOnce(folder.keeper, { pid: process.pid, birth: 'long ago', startedAt: '2026-01-01T00:00:00.000Z' });
    writeOnce(folder.command, { pid: process.pid, birth: 'long ago' });
    const run = await bench.pipeline.find(wish);
    if (run === undefined) throw new Error('the run was not found');

    const seen = await bench.pipeline.look(run, wish);
    await bench.pipeline.stop(run, wish);

    expect(seen).toMatchObject({ state: 'failed', error: 'The run died without a result.' });
    expect(recordOf(folder.exit, Exit)?.outcome).toBe('cancelled');
  });

  it('by a shutdown of the machine is no cancellation', async () => {
    const wish = bench.request(counting(join(bench.dataFolder, 'never')));
    const run = await bench.started(wish);
    await commandOf(run);

    process.kill(keeperOf(run).pid, 'SIGTERM');
    const end = await bench.ended(run, wish);

    expect(end).toMatchObject({ state: 'failed', error: expect.stringContaining('outside') });
    expect(existsSync(bench.folderOf(run).stop)).toBe(false);
  });
});
