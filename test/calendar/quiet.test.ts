import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastMorning, nextMorning } from '../../src/calendar/mornings.ts';
import { quietUntil, timeZoneNamed } from '../../src/calendar/quiet.ts';

const NIGHT = { from: '22:00', to: '07:00' };

describe('quiet hours', () => {
  it.each([
    ['in the evening', NIGHT, '2026-11-20T21:30:00Z', '2026-11-21T06:00:00Z'],
    ['in the morning', NIGHT, '2026-11-21T05:59:59Z', '2026-11-21T06:00:00Z'],
    ['over by day', NIGHT, '2026-11-21T06:00:00Z', undefined],
    ['not yet', NIGHT, '2026-11-20T20:59:59Z', undefined],
    ['at noon', { from: '12:00', to: '13:30' }, '2026-11-20T12:00:00Z', '2026-11-20T12:30:00Z'],
    ['in summer', NIGHT, '2026-07-20T20:30:00Z', '2026-07-21T05:00:00Z'],
    ['the night the clock goes forward', NIGHT, '2026-03-28T22:00:00Z', '2026-03-29T05:00:00Z'],
    ['the night the clock goes back', NIGHT, '2026-10-24T21:00:00Z', '2026-10-25T06:00:00Z'],
    [
      'until an hour that does not exist',
      { from: '22:00', to: '02:30' },
      '2026-03-28T22:00:00Z',
      '2026-03-29T01:30:00Z',
    ],
  ])('%s', (_what, quiet, at, until) => {
    expect(quietUntil(quiet, Date.parse(at), 'Europe/Berlin')).toBe(
      until === undefined ? undefined : Date.parse(until),
    );
  });

  it('holds nothing back where nothing is wanted or the zone is unknown', () => {
    const at = Date.parse('2026-11-20T23:00:00Z');
    expect(quietUntil(undefined, at, 'Europe/Berlin')).toBeUndefined();
    expect(quietUntil(NIGHT, at, 'Mars/Olympus')).toBeUndefined();
  });

  it('always ends later, and is over when it ends', () => {
    const times = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Etc/UTC');
    const moments = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') });
    fc.assert(
      fc.property(times, times, moments, zones, (from, to, at, zone) => {
        fc.pre(from !== to);
        const until = quietUntil({ from, to }, at, zone);
        if (until === undefined) return;
        expect(until).toBeGreaterThan(at);
        expect(until - at).toBeLessThanOrEqual(25 * 3_600_000);
      }),
    );
  });
});

describe('names of time zones', () => {
  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['Etc/UTC', 'Etc/UTC'],
    ['+01:00', undefined],
    ['Berlin', undefined],
    ['', undefined],
  ])('%s', (typed, name) => {
    expect(timeZoneNamed(typed)).toBe(name);
  });
});

describe('mornings of digests', () => {
  it.each([
    ['daily', '2026-11-20T08:00:00Z', '2026-11-20T08:00:00Z', '2026-11-21T08:00:00Z'],
    ['daily', '2026-11-20T07:59:59Z', '2026-11-19T08:00:00Z', '2026-11-20T08:00:00Z'],
    ['daily', '2026-03-28T12:00:00Z', '2026-03-28T08:00:00Z', '2026-03-29T07:00:00Z'],
    ['weekly', '2026-11-20T12:00:00Z', '2026-11-16T08:00:00Z', '2026-11-23T08:00:00Z'],
    ['weekly', '2026-10-23T12:00:00Z', '2026-10-19T07:00:00Z', '2026-10-26T08:00:00Z'],
  ] as const)('%s at %s', (cadence, at, last, next) => {
    expect(new Date(lastMorning(cadence, Date.parse(at), 'Europe/Berlin')).toISOString()).toBe(
      new Date(last).toISOString(),
    );
    expect(new Date(nextMorning(cadence, Date.parse(at), 'Europe/Berlin')).toISOString()).toBe(
      new Date(next).toISOString(),
    );
  });
});
