import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resumeDemoApplications, stopDemoApplications } from '../../bin/demo/applications.ts';
import { until } from '../support/until.ts';
import { type DemoBench, demoBench, processesOf, visit, visitors } from './demo-bench.ts';

const PATIENT = { timeout: 120_000 };

let bench: DemoBench;

beforeEach(async () => {
  bench = await demoBench();
});

afterEach(() => bench.end());

const statesOf = (steps: readonly { name: string; state: string }[]) =>
  steps.map(({ name, state }) => `${name} ${state}`);

describe('deploying the demo', () => {
  it('goes forward and back without a visitor noticing more than the new look', PATIENT, async () => {
    const { url } = bench.setup.environments.staging;
    const first = await bench.deploy('v1.1.0');
    const before = await visit(url);
    const counted = visitors(url);

    const forward = await bench.deploy('main');
    const after = await visit(url);
    const back = await bench.deploy('v1.1.0');
    const again = await visit(url);
    const { visits, faults } = await counted();

    expect([first.state, forward.state, back.state]).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(statesOf(forward.steps)).toEqual(
      ['Build', 'Test', 'Start', 'Health check', 'Switch'].map((name) => `${name} succeeded`),
    );
    expect(forward.artifacts).toEqual([{ name: 'shop', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }]);
    expect(back.artifacts).toEqual(first.artifacts);
    expect(back.artifacts).not.toEqual(forward.artifacts);
    expect(before.text).toContain('Autumn');
    expect(after.text).toContain('Winter');
    expect(after.text).toContain((await bench.shaOf('main')).slice(0, 7));
    expect(again.text).toContain('Autumn');
    expect(faults).toEqual([]);
    expect(visits).toBeGreaterThan(100);
    expect(processesOf(bench.folder)).toHaveLength(2);
    await stopDemoApplications(bench.folder);
    expect(processesOf(bench.folder)).toEqual([]);
  });

  it('keeps the old version when the new one is broken, and says what is', PATIENT, async () => {
    const { url } = bench.setup.environments.staging;
    await bench.deploy('main');
    const counted = visitors(url);

    const tests = await bench.deploy('feature/broken-tests');
    const health = await bench.deploy('feature/broken-health');
    const { faults } = await counted();

    expect(tests).toMatchObject({ state: 'failed', error: 'Tests failed: prices are rounded to whole cents.' });
    expect(statesOf(tests.steps)).toEqual([
      'Build succeeded',
      'Test failed',
      'Start skipped',
      'Health check skipped',
      'Switch skipped',
    ]);
    expect(health).toMatchObject({
      state: 'failed',
      error: 'The health check failed: the stock service is not configured. The former version stays.',
    });
    expect(statesOf(health.steps).at(-2)).toBe('Health check failed');
    expect(faults).toEqual([]);
    expect((await visit(`${url}/health`)).text).toContain(await bench.shaOf('main'));
    expect(processesOf(bench.folder)).toHaveLength(2);
  });

  it('serves again what was live after everything was stopped', PATIENT, async () => {
    const { staging, production } = bench.setup.environments;
    await bench.deploy('v1.0.0', 'production');
    await stopDemoApplications(bench.folder);
    const stopped = await visit(production.url).catch(() => undefined);

    const problems: string[] = [];
    await resumeDemoApplications(bench.folder, (problem) => problems.push(problem));

    expect(stopped).toBeUndefined();
    expect(problems).toEqual([]);
    expect((await visit(production.url)).text).toContain('Summer');
    expect(await visit(staging.url)).toEqual({
      status: 503,
      text: expect.stringContaining('Nothing is deployed here yet'),
    });
  });

  it('says it when a port belongs to somebody else', PATIENT, async () => {
    const { port } = bench.setup.environments.staging;
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', () => resolve()));

    const problems: string[] = [];
    await resumeDemoApplications(bench.folder, (problem) => problems.push(problem));
    const end = await bench.deploy('main');
    await new Promise((resolve) => other.close(resolve));

    expect(problems).toEqual([
      expect.stringMatching(new RegExp(`staging is not reachable .*port ${port} is used by another program`)),
    ]);
    expect(end).toMatchObject({ state: 'failed', error: expect.stringContaining(`port ${port} is used`) });
    expect(statesOf(end.steps).at(-1)).toBe('Switch failed');
    expect(processesOf(`${bench.folder}/environments/staging`)).toEqual([]);
  });

  it('leaves no process behind when its folder is removed', PATIENT, async () => {
    await bench.deploy('main');
    expect(processesOf(bench.folder)).toHaveLength(2);

    rmSync(bench.folder, { recursive: true, force: true, maxRetries: 5 });

    await until('the demo has ended by itself', () => processesOf(bench.folder).length === 0, 10_000);
  });
});
