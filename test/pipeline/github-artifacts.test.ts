import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fits } from '../../adapters/pipeline/github-actions/artifacts.ts';
import { Settings } from '../../adapters/pipeline/github-actions/schema.ts';
import type { Run } from '../../src/domain/run.ts';
import type { StartRequest } from '../../src/ports/pipeline.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { type GitHubBench, githubBench } from './github-bench.ts';

let bench: GitHubBench;
beforeEach(async () => {
  bench = await githubBench();
});
afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

async function begun(settings: Partial<Settings>): Promise<readonly [Run, StartRequest]> {
  const wish = bench.wish({}, settings);
  const run = await bench.pipeline.start(wish);
  await bench.begin(run);
  return [run, wish];
}

function upload(run: Run, name: string, value: string | null): void {
  bench.fake.run(run.id).run.artifacts.push({ id: bench.fake.world.nextId(), name, digest: value });
}

describe('the artifacts of a run', () => {
  it('are asked for only where the settings name some', async () => {
    const [run, wish] = await begun({});
    upload(run, 'web', digest('a'));

    expect(await bench.pipeline.look(run, wish)).not.toHaveProperty('artifacts');
    expect(bench.fake.asked.filter(({ path }) => path.includes('/artifacts'))).toEqual([]);
  });

  it('count where their name fits, and the newest of a name after another attempt', async () => {
    const [run, wish] = await begun({ artifacts: ['web', 'image-*'] });
    upload(run, 'web', digest('a'));
    upload(run, 'coverage', digest('c'));
    upload(run, 'image-amd64', digest('d'));
    upload(run, 'web', digest('b'));

    expect((await bench.pipeline.look(run, wish)).artifacts).toEqual([
      { name: 'image-amd64', digest: digest('d') },
      { name: 'web', digest: digest('b') },
    ]);
  });

  it('are read over pages, and not at all when they are too many', async () => {
    const [run, wish] = await begun({ artifacts: ['web'] });
    upload(run, 'web', digest('a'));
    for (let number = 0; number < 150; number += 1) upload(run, `part-${number}`, digest('c'));
    const two = await bench.pipeline.look(run, wish);
    for (let number = 150; number < 500; number += 1) upload(run, `part-${number}`, digest('c'));
    const many = await bench.pipeline.look(run, wish);

    expect(two.artifacts).toEqual([{ name: 'web', digest: digest('a') }]);
    expect(many).not.toHaveProperty('artifacts');
    expect(many.warning).toMatch(/more artifacts than are read/);
  });

  it('do not make a run lost that is there', async () => {
    const [run, wish] = await begun({ artifacts: ['web'] });
    bench.fake.faults.plan({ method: 'GET', path: '/artifacts', fault: { kind: 'status', status: 404 } });

    expect(await bench.pipeline.look(run, wish)).toMatchObject({ state: 'running', sha: wish.sha });
  });

  it('are passed only to a workflow that is said to have the input', async () => {
    const artifacts = [{ name: 'web', digest: digest('a') }];
    const silent = await bench.pipeline.start(bench.wish({ artifacts }));
    const failure = await failureOf(
      bench.pipeline.start(bench.wish({ artifacts }, { artifactsInput: 'what_to_deploy' })),
    );

    expect(bench.fake.run(silent.id).run.inputs).not.toHaveProperty('artifacts');
    expect(failure).toMatchObject({ kind: 'refused' });
  });
});

it.each([
  ['web', 'web', true],
  ['web', 'webs', false],
  ['*', '', true],
  ['web-*', 'web-', true],
  ['web-*-x', 'web-x', false],
  ['*-image', 'web-image', true],
  ['a*b*c', 'a1b2c', true],
  ['a*b*b', 'ab', false],
  ['a*a', 'a', false],
  ['w.b', 'web', false],
])('the pattern %j and the name %j: %j', (pattern, name, expected) => {
  expect(fits(pattern, name)).toBe(expected);
});

it('leaves room for both inputs of ours among the 25 of GitHub', () => {
  const inputs = Object.fromEntries(Array.from({ length: 24 }, (_, index) => [`input-${index}`, 'x']));

  expect(Settings.safeParse({ workflow: 'deploy.yml', inputs }).success).toBe(true);
  expect(Settings.safeParse({ workflow: 'deploy.yml', inputs, artifactsInput: 'artifacts' }).success).toBe(false);
});
