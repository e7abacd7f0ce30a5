import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalSettings } from '../../adapters/pipeline/local/schema.ts';
import { until } from '../support/until.ts';
import { type LocalBench, localBench } from './local-bench.ts';

let bench: LocalBench;

beforeEach(async () => {
  bench = await localBench();
});

afterEach(() => bench.end());

describe('a run', () => {
  it('runs the command in a worktree at the commit, whatever has been changed in the repository since', async () => {
    const wish = bench.request('git rev-parse HEAD > "$OUT"; cat file.txt >> "$OUT"', {
      settings: {
        command: 'git rev-parse HEAD > "$OUT"; head -1 file.txt >> "$OUT"',
        env: { OUT: join(bench.dataFolder, 'out') },
      },
    });
    bench.repo.commit('Two');
    writeFileSync(join(bench.repo.folder, 'file.txt'), 'dirty');

    const run = await bench.started(wish);
    const end = await bench.ended(run, wish);

    expect(end).toMatchObject({
      state: 'succeeded',
      sha: bench.sha,
      startedAt: expect.any(String),
      endedAt: expect.any(String),
    });
    expect(await bench.written(join(bench.dataFolder, 'out'))).toBe(`${bench.sha}\nOne`);
    expect(bench.repo.git(['status', '--porcelain'])).toBe('M file.txt');
  });

  it('tells the command what it is for, and none of our own environment', async () => {
    process.env['SECRET_OF_OURS'] = 'hush';
    const out = join(bench.dataFolder, 'env');
    const settings = {
      command: ['/bin/sh', '-c', 'env > "$1.new"; mv "$1.new" "$1"', 'sh', out],
      env: { COUNTERSIGN_SHA: 'forged', OWN: 'yes' },
    };
    const wish = bench.request([], { settings, kind: 'rollback', reason: 'It was slow', url: 'http://127.0.0.1/d/1' });

    await bench.started(wish);
    const text = await bench.written(out);
    delete process.env['SECRET_OF_OURS'];

    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        `COUNTERSIGN_ID=${wish.correlation}`,
        `COUNTERSIGN_DEPLOYMENT=${wish.deployment}`,
        'COUNTERSIGN_SERVICE=shop',
        'COUNTERSIGN_ENVIRONMENT=staging',
        `COUNTERSIGN_SHA=${bench.sha}`,
        'COUNTERSIGN_KIND=rollback',
        'COUNTERSIGN_REQUESTER=Anna Lind',
        'COUNTERSIGN_REASON=It was slow',
        'COUNTERSIGN_URL=http://127.0.0.1/d/1',
        'OWN=yes',
      ]),
    );
    expect(text).not.toContain('hush');
    expect(text).toMatch(/^PATH=/m);
  });

  it('hears of an artifact that is named in the last breath, without an end of the line', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const wish = bench.request(['printf', '%s', `::artifact::web@${digest}`]);

    const end = await bench.ended(await bench.started(wish), wish);

    expect(end).toMatchObject({ state: 'succeeded', artifacts: [{ name: 'web', digest }] });
  });

  it('gives arguments to a program as they are, without a shell', async () => {
    const wish = bench.request(['printf', '%s\n', '$(touch stolen) "; exit 1']);

    const run = await bench.started(wish);
    const end = await bench.ended(run, wish);

    expect(end.state).toBe('succeeded');
    expect(await bench.pipeline.logs?.(run, wish)).toBe('$(touch stolen) "; exit 1');
  });

  it('shows its steps while it goes', async () => {
    const gate = join(bench.dataFolder, 'gate');
    const wish = bench.request(
      `echo ::steps::Build\\|Test; echo ::step::Build; until [ -e ${gate} ]; do sleep 0.05; done; echo ::step::Test`,
    );

    const run = await bench.started(wish);
    const during = await until('the first step runs', async () => {
      const snapshot = await bench.pipeline.look(run, wish);
      return snapshot.steps[0]?.state === 'running' ? snapshot : undefined;
    });
    writeFileSync(gate, '');
    const end = await bench.ended(run, wish);

    expect(during.state).toBe('running');
    expect(during.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['Build running', 'Test waiting']);
    expect(end.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['Build succeeded', 'Test succeeded']);
    expect(end.steps[0]?.endedAt).toBe(end.steps[1]?.startedAt);
  });

  it('fails with the last error line, redacted', async () => {
    const wish = bench.request('echo ::step::Log in; echo "::error::No entry, token=abcdefghij"; echo bye >&2; exit 3');

    const end = await bench.ended(await bench.started(wish), wish);

    expect(end).toMatchObject({ state: 'failed', error: 'No entry, token=[secret]' });
    expect(end.steps).toMatchObject([{ name: 'Log in', state: 'failed' }]);
  });

  it.each([
    ['echo first; echo "the last words" >&2; echo; exit 1', 'the last words'],
    ['exit 7', 'The command ended with code 7.'],
    ['kill -9 $$', 'The command was ended by SIGKILL.'],
    ['no-such-program', /no-such-program.*not found/],
  ])('fails after %j with words about it', async (command, words) => {
    const wish = bench.request(command);

    const end = await bench.ended(await bench.started(wish), wish);

    expect(end.state).toBe('failed');
    expect(end.error).toMatch(words);
  });

  it('gives the last 200 lines of the log, redacted and without colours', async () => {
    const wish = bench.request(
      'i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo "  line $i"; done; printf "\\033[31mpassword=hunter2hunter2\\033[0m\\n"',
    );
    const run = await bench.started(wish);
    await bench.ended(run, wish);

    const lines = (await bench.pipeline.logs?.(run, wish))?.split('\n') ?? [];

    expect(lines).toHaveLength(200);
    expect(lines[0]).toBe('  line 102');
    expect(lines.at(-1)).toBe('password=[secret]');
  });

  it('leaves no worktree behind once it is tidied, however often, and keeps its log', async () => {
    const wish = bench.request('echo done');
    const run = await bench.started(wish);
    await bench.ended(run, wish);

    await bench.pipeline.tidy?.(run, wish);
    await bench.pipeline.tidy?.(run, wish);

    expect(bench.repo.git(['worktree', 'list']).split('\n')).toHaveLength(1);
    expect(existsSync(bench.folderOf(run).work)).toBe(false);
    expect(await bench.pipeline.logs?.(run, wish)).toBe('done');
    expect((await bench.pipeline.look(run, wish)).state).toBe('succeeded');
  });

  it('is tidied also when its repository is gone', async () => {
    const wish = bench.request('true');
    const run = await bench.started(wish);
    await bench.ended(run, wish);
    bench.repo.remove();

    await bench.pipeline.tidy?.(run, wish);

    expect(existsSync(bench.folderOf(run).work)).toBe(false);
  });

  it('loses its log, but not the knowledge of it, when enough newer ones are kept', async () => {
    bench.end();
    bench = await localBench({ keep: 1 });
    const wishes = [bench.request('echo one'), bench.request('echo two')];
    for (const wish of wishes) await bench.ended(await bench.started(wish), wish);
    const [old, young] = wishes;
    if (old === undefined || young === undefined) throw new Error('two runs were started');

    const run = await bench.pipeline.find(old);
    if (run === undefined) throw new Error('the run was started');
    await bench.pipeline.tidy?.(run, old);

    expect(await bench.pipeline.logs?.(run, old)).toBe('');
    expect(await bench.pipeline.find(old)).toEqual(run);
    expect((await bench.pipeline.look(run, old)).state).toBe('succeeded');
  });
});

describe('a start that cannot be', () => {
  it('is refused for a commit that the repository does not have, before anything is made', async () => {
    const wish = bench.request('true', { sha: 'a'.repeat(40) });

    await expect(bench.pipeline.start(wish)).rejects.toMatchObject({
      details: { kind: 'not-found', retryable: false },
    });
    expect(await bench.pipeline.find(wish)).toBeUndefined();
    expect(existsSync(join(bench.dataFolder, 'runs'))).toBe(false);
  });

  it('is refused for a folder without a repository', async () => {
    const wish = bench.request('true', { repository: bench.dataFolder });

    await expect(bench.pipeline.start(wish)).rejects.toThrow(/no git repository/);
  });

  it('is refused for settings without a command', async () => {
    await expect(bench.pipeline.start(bench.request('true', { settings: {} }))).rejects.toThrow(/no command/);
  });

  it('keeps a correlation of any shape inside the folder of runs', async () => {
    const wish = bench.request('true', { correlation: '../../escaped' });

    const run = await bench.started(wish);
    await bench.ended(run, wish);

    expect(run.id).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(join(bench.dataFolder, 'runs'))).toEqual([run.id]);
    expect(await bench.pipeline.find(wish)).toEqual(run);
  });
});

describe('a run that is looked for', () => {
  it('is not found before it was started', async () => {
    expect(await bench.pipeline.find(bench.request('true'))).toBeUndefined();
  });

  it('is said to be gone when somebody has removed its folder', async () => {
    const wish = bench.request('true');
    const run = await bench.started(wish);
    await bench.ended(run, wish);
    rmSync(bench.folderOf(run).path, { recursive: true });

    await expect(bench.pipeline.look(run, wish)).rejects.toMatchObject({ details: { kind: 'not-found' } });
  });
});

describe('the settings of a target', () => {
  it('take a line or a list, and variables with proper names', () => {
    expect(LocalSettings.parse({ command: 'make deploy' })).toEqual({ command: 'make deploy', env: {} });
    expect(LocalSettings.safeParse({ command: [] }).success).toBe(false);
    expect(LocalSettings.safeParse({ command: ' ' }).success).toBe(false);
    expect(LocalSettings.safeParse({ command: 'x', env: { 'A=B': '1' } }).success).toBe(false);
    expect(LocalSettings.safeParse({ command: 'x', shell: 'zsh' }).success).toBe(false);
  });
});
