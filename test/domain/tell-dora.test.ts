import { describe, expect, it } from 'vitest';
import { type Dora, doraOf } from '../../src/domain/dora.ts';
import { bucketOf, type Tally } from '../../src/domain/rollup.ts';
import { about, doraChart, doraTakeaway, keyNumbers, tellDora } from '../../src/domain/tell/dora.ts';

const WEEK = { from: '2026-03-01', until: '2026-03-08' };
const HOUR = 3_600_000;

function tally(measure: Tally['measure'], count: number, at: string | number): Tally {
  return typeof at === 'string'
    ? { day: at, measure, bucket: 0, count }
    : { day: '', measure, bucket: bucketOf(at), count };
}

const BUSY = doraOf(
  [
    tally('finished', 10, '2026-03-02'),
    tally('failed', 2, '2026-03-02'),
    tally('lead', 9, 5 * HOUR),
    tally('rework', 1, '2026-03-02'),
  ],
  [tally('finished', 20, '2026-02-24'), tally('failed', 1, '2026-02-24'), tally('lead', 9, 10 * HOUR)],
  WEEK,
);
const SILENT = doraOf([], [], WEEK);

function told(dora: Dora): Readonly<Record<string, string>> {
  return Object.fromEntries(
    keyNumbers(dora).map(({ label, value, change, trend }) => [
      label,
      [value, change, trend].filter(Boolean).join(' | '),
    ]),
  );
}

describe('the key numbers', () => {
  it('say whether they are better or worse than before', () => {
    expect(told(BUSY)).toMatchObject({
      'Deployment frequency': '1.4 a day | 50 % less than before | worse',
      'Change fail rate': '20 % | 300 % more than before | worse',
      'Lead time for changes': expect.stringMatching(/^(4 h 5\d min|5 h.*) \| 5\d % less than before \| better$/),
      'Deployment rework rate': '10 % | none before | worse',
      'Failed deployment recovery time': '–',
    });
  });

  it('are dashes without data, never 0', () => {
    expect(new Set(Object.values(told(SILENT)))).toEqual(new Set(['–']));
  });

  it.each([
    [500, 'under 1 s'],
    [42_300, '42 s'],
    [64_000, '1 min'],
    [11 * 60_000 + 29_000, '11 min'],
    [2 * HOUR + 7 * 60_000, '2 h 5 min'],
    [30 * HOUR, '1.3 days'],
    [12 * HOUR, '12 h'],
    [200 * HOUR, '8 days'],
  ])('say %d ms no more precisely than it is known: %s', (ms, words) => {
    expect(about(ms)).toBe(words);
  });
});

describe('the answer', () => {
  it('says in words all that the chart shows', () => {
    const { summary, facts, chart } = tellDora(BUSY, 'web');

    expect(doraTakeaway(BUSY)).toBe(
      '10 deployments in the last 7 days, 2 failed or were taken back; the 7 days before had 20.',
    );
    expect(summary).toContain('10 deployments in the last 7 days');
    expect(facts.map(({ label }) => label)).not.toContain('Failed deployment recovery time');
    expect(chart?.bars).toHaveLength(7);
    expect(chart?.bars[1]).toEqual({ label: '03-02', value: 10, words: '10, 2 failed', bad: true });
  });

  it('writes big counts in groups of three digits', () => {
    const [now, former] = [{ deployments: 65_984, perDay: 9426.3, failRate: 0.05 }, { deployments: 1_000_000 }];
    const days = BUSY.days.map((day) => ({ ...day, finished: 1234, failed: 0 }));
    const big = { ...BUSY, now: { ...BUSY.now, ...now }, former: { ...BUSY.former, ...former }, days };

    expect(doraTakeaway(big)).toBe(
      '65,984 deployments in the last 7 days, 3,299 failed or were taken back; the 7 days before had 1,000,000.',
    );
    expect(keyNumbers(big)[0]).toMatchObject({ value: '9,426 a day', more: '65,984 deployments' });
    expect(doraChart(big)?.bars[0]?.words).toBe('1,234');
  });

  it('has no chart and no facts without data', () => {
    expect(tellDora(SILENT, 'web')).toMatchObject({ facts: [], lines: [['No deployment ended in the last 7 days.']] });
    expect(doraChart(SILENT)).toBeUndefined();
  });

  it('has at most ten bars that lose nothing, however long the period is', () => {
    const year = doraOf([tally('finished', 3, '2026-01-01'), tally('finished', 4, '2026-12-31')], [], {
      from: '2026-01-01',
      until: '2027-01-01',
    });
    const bars = doraChart(year)?.bars ?? [];

    expect(bars.length).toBeLessThanOrEqual(10);
    expect(bars.reduce((sum, { value }) => sum + value, 0)).toBe(7);
  });
});
