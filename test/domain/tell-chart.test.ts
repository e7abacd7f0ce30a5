import { describe, expect, it } from 'vitest';
import { CARD_AUDIENCES } from '../../src/domain/catalog.ts';
import { STATE_NAMES, type State } from '../../src/domain/deployment.ts';
import type { Step, StepState } from '../../src/domain/run.ts';
import { tell } from '../../src/domain/tell/index.ts';
import { stepsChart } from '../../src/domain/tell/steps-chart.ts';
import { at, CATALOG, inState } from './samples.ts';

/** From and to in seconds after nine. */
const step = (name: string, from: number, to: number, state: StepState = 'succeeded'): Step => ({
  name,
  state,
  startedAt: at(from / 60),
  endedAt: at(to / 60),
});
const BUILD = step('Build', 0, 40);
const SMOKE = step('Smoke test', 40, 165);
const ROLL_OUT = step('Roll out', 165, 240);
const chartOf = (steps: readonly Step[], state: State = 'succeeded') => stepsChart({ state, steps });
const shown = (steps: readonly Step[]) => chartOf(steps)?.bars.map(({ label, words }) => `${label}: ${words}`);

describe('how long the steps took', () => {
  it('is told in the order of the steps, with the longest in a sentence', () => {
    expect(chartOf([BUILD, SMOKE, ROLL_OUT])).toEqual({
      title: 'How long the steps took',
      takeaway: 'Smoke test took longest: 2 min 5 s of 4 min.',
      unit: 'seconds',
      bars: [
        { label: 'Build', value: 40, words: '40 s' },
        { label: 'Smoke test', value: 125, words: '2 min 5 s' },
        { label: 'Roll out', value: 75, words: '1 min 15 s' },
      ],
    });
  });

  it.each<[string, readonly Step[], string]>([
    ['side by side', [BUILD, step('Lint', 0, 10)], 'Build took longest: 40 s.'],
    ['equally long', [BUILD, step('Lint', 40, 80)], '2 steps took longest: 40 s each of 1 min 20 s.'],
    ['with a pause between', [BUILD, step('Lint', 50, 60)], 'Build took longest: 40 s of 1 min.'],
    ['of no name', [step(' ', 0, 40), step('Lint', 40, 41)], 'Step took longest: 40 s of 41 s.'],
  ])('is summed up where they ran %s', (_what, steps, takeaway) => {
    expect(chartOf(steps)?.takeaway).toBe(takeaway);
  });

  it('marks a step that failed with a word', () => {
    const [, failed] = chartOf([BUILD, step('Smoke test', 40, 52, 'failed')], 'failed')?.bars ?? [];

    expect(failed).toEqual({ label: 'Smoke test', value: 12, words: '12 s · failed', bad: true });
  });

  it('sums the shortest up where there are many, and says that one of them failed', () => {
    const many = Array.from({ length: 15 }, (_none, index) => step(`Step ${index}`, 0, 15 - index));
    const failing = many.map((one, index) => (index === 12 ? { ...one, state: 'failed' as const } : one));

    expect(shown(many)).toHaveLength(8);
    expect(shown(many)?.slice(-2)).toEqual(['Step 6: 9 s', '8 others: 36 s']);
    expect(shown(failing)?.at(-1)).toBe('8 others: 36 s · 1 failed');
    expect(shown(many.slice(0, 8))?.at(-1)).toBe('Step 7: 8 s');
  });

  it.each<[string, readonly Step[]]>([
    ['no steps', []],
    ['one step only', [BUILD]],
    [
      'steps without times',
      [BUILD, { name: 'x', state: 'succeeded' }, { name: 'y', state: 'running', startedAt: at(0) }],
    ],
    ['steps that took no time', [BUILD, step('x', 40, 40), step('y', 50, 40)]],
    ['skipped steps', [BUILD, step('x', 40, 50, 'skipped')]],
    ['times that are none', [BUILD, { ...SMOKE, endedAt: 'soon' }]],
  ])('is not told of %s', (_what, steps) => {
    expect(chartOf(steps)).toBeUndefined();
  });

  it.each(STATE_NAMES)('is told of "%s" only to engineers, and only once the run has ended', (state) => {
    const told = CARD_AUDIENCES.filter(
      (audience) =>
        tell(inState(state, { steps: [BUILD, SMOKE] }), audience, { catalog: CATALOG, now: at(8) }).chart !== undefined,
    );

    const ended = ['succeeded', 'failed', 'rolled-back', 'cancelled'].includes(state);
    expect(told).toEqual(ended ? ['engineering'] : []);
  });
});
