import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import { askDora, doraOf, formerPeriod, lastDays } from '../../src/domain/dora.ts';
import type { DeploymentEvent } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/machine.ts';
import { bucketOf, contributions, type Delta, spanOf, summed, type Tally } from '../../src/domain/rollup.ts';
import { ANNA, PLAN, SHA } from '../contract/store-samples.ts';

const FAILURE = { code: 'run-failed', sentence: 'No.', next: 'Look.' } as const;

type Told = readonly [at: string, event: DeploymentEvent];

function asked(kind: Deployment['kind'], more: object = {}): DeploymentEvent {
  const names = { number: 7, token: 't', kind, service: 'web', environment: 'production', ref: 'main' };
  return { type: 'requested', request: { ...names, requester: ANNA, ...more } };
}

function found(times: readonly string[], direction: 'ahead' | 'first' | 'behind' = 'ahead'): DeploymentEvent {
  const commits = times.map((at, index) => ({ sha: `${index}`, title: 'One', at, hands: [] }));
  const changeSet = { head: SHA, commits, files: [], filesTotal: 0, complete: true, direction };
  const checks = { state: 'none', passed: 0, failed: 0, pending: 0, failures: [] } as const;
  const rest = { commitsTotal: times.length, peopleTotal: 0, excluded: [], eligible: [], warnings: [], at: '' };
  return { type: 'findings-gathered', findings: { sha: SHA, changeSet, checks, ...rest } };
}

/** The end of a line of `told`: a span of so many minutes. */
function long(minutes: number): string {
  return ` in ${bucketOf(minutes * 60_000)}`;
}

/** What a history adds to the counts, as `day measure×count`, spans with their bucket. */
function told(...history: readonly Told[]): readonly string[] {
  let before: Deployment | undefined;
  const deltas: Delta[] = [];
  for (const [at, event] of history) {
    const after = evolve(before, event, `${at}:00.000Z`, ANNA);
    deltas.push(...contributions(before, after));
    before = after;
  }
  return summed(deltas).map(({ day, measure, bucket, count }) => {
    return `${day} ${measure}×${count}${bucket === 0 ? '' : ` in ${bucket}`}`;
  });
}

const ROAD: readonly Told[] = [
  ['2026-03-01T10:00', asked('regular')],
  ['2026-03-01T10:00', { type: 'checks-started' }],
  ['2026-03-01T10:00', found(['2026-03-01T09:10', '2026-03-01T09:10'].map((at) => `${at}:00Z`))],
  ['2026-03-01T10:00', { type: 'approval-asked', plan: PLAN, expiresAt: '' }],
  ['2026-03-01T10:20', { type: 'queued', plan: PLAN }],
  ['2026-03-01T10:20', { type: 'dispatched' }],
];
const ARRIVED: readonly Told[] = [...ROAD, ['2026-03-01T10:30', { type: 'succeeded', sha: SHA }]];

describe('what a deployment adds to the counts', () => {
  const waited = `2026-03-01 approval×1${long(20)}`;

  it('is a finished run, its length, its wait and the lead time of each commit', () => {
    expect(told(...ARRIVED)).toEqual([
      waited,
      '2026-03-01 finished×1',
      `2026-03-01 lead×2${long(80)}`,
      `2026-03-01 run×1${long(10)}`,
    ]);
  });

  it('is a failure when the run fails', () => {
    expect(told(...ROAD, ['2026-03-01T10:30', { type: 'failed', failure: FAILURE }])).toEqual([
      waited,
      '2026-03-01 failed×1',
      '2026-03-01 finished×1',
    ]);
  });

  it('becomes a failure on the day of its success when it is taken back later, and is recovered when that is done', () => {
    const later = told(
      ...ARRIVED,
      ['2026-03-04T10:00', { type: 'rollback-began', by: 'D-8' }],
      ['2026-03-04T10:30', { type: 'rollback-ended', by: 'D-8', outcome: 'rolled-back' }],
    );

    expect(later.filter((one) => /failed|finished|recovery/.test(one))).toEqual([
      '2026-03-01 failed×1',
      '2026-03-01 finished×1',
      `2026-03-04 recovery×1${long(3 * 24 * 60)}`,
    ]);
  });

  it('is a failure once, also when the rollback itself fails and is begun again', () => {
    const later = told(
      ...ARRIVED,
      ['2026-03-04T10:00', { type: 'rollback-began', by: 'D-8' }],
      ['2026-03-04T10:30', { type: 'rollback-ended', by: 'D-8', outcome: 'failed' }],
      ['2026-03-04T11:00', { type: 'rollback-began', by: 'D-9' }],
    );

    expect(later.filter((one) => one.includes('failed'))).toEqual(['2026-03-01 failed×1']);
  });

  it('is finished and failed when the run was stopped and had to be taken back', () => {
    const stopped = ROAD.concat([['2026-03-01T10:25', { type: 'cancelled', reason: 'No' }]]);

    expect(told(...stopped)).toEqual([waited]);
    expect(told(...stopped, ['2026-03-02T10:25', { type: 'rollback-began', by: 'D-8' }])).toEqual([
      waited,
      '2026-03-01 failed×1',
      '2026-03-01 finished×1',
    ]);
  });

  it('is a recovery for whoever arrives first after failures', () => {
    const mended = told(
      ...ROAD.slice(0, 5),
      ['2026-03-01T10:20', { type: 'dispatched', failingSince: '2026-03-01T09:00:00.000Z' }],
      ['2026-03-01T10:30', { type: 'succeeded', sha: SHA }],
    );

    expect(mended).toContain(`2026-03-01 recovery×1${long(90)}`);
  });

  it('is rework for a hotfix, and for a rollback that arrives, which is no deployment of its own', () => {
    const hotfix = told(['2026-03-01T10:00', asked('hotfix')], ...ARRIVED.slice(1));
    const rollback = told(['2026-03-01T10:00', asked('rollback')], ...ARRIVED.slice(1));

    expect(hotfix).toContain('2026-03-01 rework×1');
    expect(hotfix).toContain('2026-03-01 finished×1');
    expect(rollback.filter((one) => !one.includes('approval'))).toEqual([
      '2026-03-01 rework×1',
      '2026-03-01 rolled-back×1',
    ]);
  });

  it.each(['first', 'behind'] as const)('has no lead time when the direction is %s', (direction) => {
    const road = ARRIVED.map(
      (one): Told => (one[1].type === 'findings-gathered' ? [one[0], found(['2020-01-01'], direction)] : one),
    );

    expect(told(...road).join()).not.toContain('lead');
  });

  it('leaves out a time that is none, and makes no negative one', () => {
    const times = ['not a time', '2027-01-01T00:00:00Z'];
    const road = ARRIVED.map((one): Told => (one[1].type === 'findings-gathered' ? [one[0], found(times)] : one));

    expect(told(...road)).toContain('2026-03-01 lead×1');
  });
});

describe('a bucket', () => {
  it('stands for a time at most 4 % away from each that lies in it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1000, max: 1e12, noNaN: true }), (ms) => {
        expect(Math.abs(spanOf(bucketOf(ms)) - ms) / ms).toBeLessThanOrEqual(0.04);
      }),
    );
  });

  it('never falls when the time rises', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (one, more) => {
        expect(bucketOf(one + more)).toBeGreaterThanOrEqual(bucketOf(one));
      }),
    );
  });
});

describe('the numbers of a period', () => {
  const period = { from: '2026-03-01', until: '2026-03-05' };
  const tally = (measure: Tally['measure'], count: number, day = '', bucket = 0): Tally => ({
    day,
    measure,
    bucket,
    count,
  });

  it('are absent where nothing was counted', () => {
    const { now, former } = doraOf([], [], period);

    expect([now, former]).toEqual([{ deployments: 0 }, { deployments: 0 }]);
  });

  it('are rates of what was finished, and rework of all that went there', () => {
    const { now } = doraOf(
      [
        tally('finished', 6, '2026-03-01'),
        tally('finished', 2, '2026-03-03'),
        tally('failed', 2, '2026-03-03'),
        tally('rework', 3, '2026-03-01'),
        tally('rolled-back', 2, '2026-03-01'),
      ],
      [],
      period,
    );

    expect(now).toEqual({ deployments: 8, perDay: 2, failRate: 0.25, reworkRate: 0.3 });
  });

  it('know every day, also those without a deployment', () => {
    const { days } = doraOf([tally('finished', 6, '2026-03-02'), tally('failed', 1, '2026-03-02')], [], period);

    expect(days).toEqual([
      { day: '2026-03-01', finished: 0, failed: 0 },
      { day: '2026-03-02', finished: 6, failed: 1 },
      { day: '2026-03-03', finished: 0, failed: 0 },
      { day: '2026-03-04', finished: 0, failed: 0 },
    ]);
  });

  it('have medians and ninetieth percentiles within 4 % of the exact ones', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1000, max: 1e9 }), { minLength: 1 }), (times) => {
        const { now } = doraOf(
          times.map((ms) => tally('lead', 1, '', bucketOf(ms))),
          [],
          period,
        );
        const sorted = times.toSorted((one, other) => one - other);
        for (const [part, told] of [
          [0.5, now.lead?.median],
          [0.9, now.lead?.p90],
        ] as const) {
          const exact = sorted[Math.ceil(times.length * part) - 1] ?? Number.NaN;
          expect(Math.abs((told ?? Number.NaN) - exact) / exact).toBeLessThanOrEqual(0.04);
        }
      }),
    );
  });

  it('are asked for with the same filter in both periods', async () => {
    const asked: object[] = [];

    await askDora(
      async (query) => {
        asked.push(query);
        return [];
      },
      period,
      { environment: 'production' },
    );

    expect(asked).toEqual([
      { from: '2026-03-01', until: '2026-03-05', environment: 'production' },
      { from: '2026-02-25', until: '2026-03-01', environment: 'production' },
    ]);
  });

  it('have today in them', () => {
    const week = lastDays(Date.parse('2026-03-02T23:59:59Z'), 7);

    expect(week).toEqual({ from: '2026-02-24', until: '2026-03-03' });
    expect(formerPeriod(week)).toEqual({ from: '2026-02-17', until: '2026-02-24' });
  });
});
