import { describe, expect, it } from 'vitest';
import { errorLine, markerOf, stepsOf } from '../../adapters/pipeline/local/steps.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('a line of the output', () => {
  it.each([
    ['::step::Build', { kind: 'step', name: 'Build' }],
    ['::step:: Run the tests \r', { kind: 'step', name: 'Run the tests' }],
    ['::steps::Build|Test| |Start', { kind: 'plan', names: ['Build', 'Test', 'Start'] }],
    ['::error::It broke', { kind: 'error', text: 'It broke' }],
    [`::artifact::web@${DIGEST}`, { kind: 'artifact', artifact: { name: 'web', digest: DIGEST } }],
    [
      `::artifact::\u001b[1mghcr.io/acme/web\u001b[0m@${DIGEST}\r`,
      { kind: 'artifact', artifact: { name: 'ghcr.io/acme/web', digest: DIGEST } },
    ],
    ['::artifact::web:latest', { kind: 'artifact' }],
    ['::artifact::', { kind: 'artifact' }],
    ['::step::', undefined],
    [' ::step::Indented', undefined],
    ['see ::step::Build', undefined],
    ['::unknown::Build', undefined],
  ])('%j means %j', (line, marker) => {
    expect(markerOf(line)).toEqual(marker);
  });

  it('names a step in at most 80 characters, without colours and secrets', () => {
    expect(markerOf(`::step::\u001b[32m${'x'.repeat(100)}`)).toEqual({ kind: 'step', name: `${'x'.repeat(79)}…` });
    expect(markerOf('::step::Log in with password=hunter2hunter2')).toEqual({
      kind: 'step',
      name: 'Log in with password=[secret]',
    });
  });

  it('shows an error in at most 300 characters, without colours and secrets', () => {
    const line = errorLine(`\u001b[31mFailed\u001b[0m: Authorization: Bearer abcdefghijklmnop ${'x'.repeat(400)}`);

    expect(line).toHaveLength(300);
    expect(line).toMatch(/^Failed: Authorization: Bearer \[secret\] x+…$/);
  });
});

describe('the steps of a run', () => {
  const [one, two, end] = ['2026-11-01T10:00:00.000Z', '2026-11-01T10:00:05.000Z', '2026-11-01T10:00:09.000Z'];

  it('end when the next one begins', () => {
    expect(
      stepsOf([
        { at: one, step: 'Build' },
        { at: two, step: 'Test' },
      ]),
    ).toEqual([
      { name: 'Build', state: 'succeeded', startedAt: one, endedAt: two },
      { name: 'Test', state: 'running', startedAt: two },
    ]);
  });

  it('wait when they were announced, and are skipped when the run ends before them', () => {
    const events = [
      { at: one, plan: ['Build', 'Test'] },
      { at: one, step: 'Build' },
    ];

    expect(stepsOf(events).map((step) => step.state)).toEqual(['running', 'waiting']);
    expect(stepsOf(events, { state: 'failed', at: end })).toEqual([
      { name: 'Build', state: 'failed', startedAt: one, endedAt: end },
      { name: 'Test', state: 'skipped' },
    ]);
  });

  it('give the last one the result of the run', () => {
    expect(stepsOf([{ at: one, step: 'Build' }], { state: 'succeeded', at: end })[0]?.state).toBe('succeeded');
    expect(stepsOf([{ at: one, step: 'Build' }], { state: 'timed-out', at: end })[0]?.state).toBe('failed');
  });

  it('may bear one name twice', () => {
    expect(
      stepsOf([
        { at: one, step: 'Test' },
        { at: two, step: 'Test' },
      ]).map((step) => step.state),
    ).toEqual(['succeeded', 'running']);
  });
});
