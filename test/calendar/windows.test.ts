import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closureAt } from '../../src/calendar/windows.ts';
import type { CalendarRule } from '../../src/domain/calendar.ts';

const HOUR = 3_600_000;
const WEB = { service: 'web', environment: 'production' };
const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';

function office(timeZone: string): CalendarRule {
  const rule = 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR';
  return { title: 'Office hours', from: '2024-01-01T09:00', forMs: 8 * HOUR, rule, timeZone };
}

function freeze(more: Partial<CalendarRule>): CalendarRule {
  return { title: 'Christmas', from: '2026-12-20T00:00', forMs: 14 * 24 * HOUR, timeZone: BERLIN, ...more };
}

function weekend(timeZone: string): CalendarRule {
  return freeze({
    title: 'Weekend',
    from: '2024-01-05T18:00',
    forMs: 62 * HOUR,
    rule: 'FREQ=WEEKLY;BYDAY=FR',
    timeZone,
  });
}

function nightly(timeZone: string, from: string, forMs = HOUR): CalendarRule {
  return freeze({ title: 'Night', from, forMs, rule: 'FREQ=DAILY', timeZone });
}

const at = (iso: string) => Date.parse(iso);

describe('business hours over the changes of summer time', () => {
  it.each([
    // Berlin: summer time from 2026-03-29 01:00Z until 2026-10-25 01:00Z.
    [BERLIN, '2026-03-27T07:59Z', '2026-03-27T08:00:00.000Z'],
    [BERLIN, '2026-03-27T08:00Z', undefined],
    [BERLIN, '2026-03-27T16:00Z', '2026-03-30T07:00:00.000Z'],
    [BERLIN, '2026-03-30T07:00Z', undefined],
    [BERLIN, '2026-03-30T15:00Z', '2026-03-31T07:00:00.000Z'],
    [BERLIN, '2026-10-23T15:00Z', '2026-10-26T08:00:00.000Z'],
    [BERLIN, '2026-10-26T07:30Z', '2026-10-26T08:00:00.000Z'],
    // New York: summer time from 2026-03-08 07:00Z until 2026-11-01 06:00Z.
    [NEW_YORK, '2026-03-06T22:00Z', '2026-03-09T13:00:00.000Z'],
    [NEW_YORK, '2026-03-09T13:00Z', undefined],
    [NEW_YORK, '2026-10-30T21:00Z', '2026-11-02T14:00:00.000Z'],
    [NEW_YORK, '2026-11-02T13:30Z', '2026-11-02T14:00:00.000Z'],
  ])('%s at %s opens at %s', (zone, moment, until) => {
    const found = closureAt({ freezes: [], hours: [office(zone)] }, WEB, at(moment));

    expect(found).toEqual(until === undefined ? undefined : { kind: 'outside-hours', title: 'Office hours', until });
  });
});

describe('freezes', () => {
  it.each([
    ['one that is not yet', freeze({}), '2026-12-19T22:59Z', undefined],
    ['one that begins at local midnight', freeze({}), '2026-12-19T23:00Z', '2027-01-02T23:00:00.000Z'],
    ['one that is over', freeze({}), '2027-01-02T23:00Z', undefined],
    ['a weekend that loses an hour', weekend(BERLIN), '2026-03-28T12:00Z', '2026-03-30T06:00:00.000Z'],
    ['a weekend that gains an hour', weekend(BERLIN), '2026-10-24T12:00Z', '2026-10-26T07:00:00.000Z'],
    ['a weekend that loses an hour', weekend(NEW_YORK), '2026-03-07T12:00Z', '2026-03-09T12:00:00.000Z'],
    ['a weekend that gains an hour', weekend(NEW_YORK), '2026-10-31T12:00Z', '2026-11-02T13:00:00.000Z'],
    [
      'a night hour that is left out',
      nightly(BERLIN, '2026-01-01T02:30'),
      '2026-03-29T01:45Z',
      '2026-03-29T02:30:00.000Z',
    ],
    [
      'a night span that loses an hour',
      nightly(BERLIN, '2026-01-01T02:30', 2 * HOUR),
      '2026-03-29T01:45Z',
      '2026-03-29T02:30:00.000Z',
    ],
    [
      'a night hour that comes twice',
      nightly(BERLIN, '2026-01-01T02:30'),
      '2026-10-25T01:45Z',
      '2026-10-25T02:30:00.000Z',
    ],
  ])('%s', (_what, rule, moment, until) => {
    const found = closureAt({ freezes: [rule], hours: [] }, WEB, at(moment));

    expect(found).toEqual(until === undefined ? undefined : { kind: 'freeze', title: rule.title, until });
  });

  it.each([
    ['a last day', 'UNTIL=20260320', '2026-03-20T20:00Z', '2026-03-21T20:00Z'],
    ['a last local time', 'UNTIL=20260320T235959', '2026-03-20T20:00Z', '2026-03-21T20:00Z'],
    ['a last moment in UTC', 'UNTIL=20260320T225959Z', '2026-03-20T20:00Z', '2026-03-21T20:00Z'],
    ['a count', 'COUNT=2', '2026-03-20T20:00Z', '2026-03-21T20:00Z'],
  ])('come again until %s', (_what, until, last, none) => {
    const rule = freeze({ from: '2026-03-19T20:30', forMs: HOUR, rule: `FREQ=DAILY;${until}` });
    const found = (moment: string) => closureAt({ freezes: [rule], hours: [] }, WEB, at(moment));

    expect([found(last)?.title, found(none)]).toEqual(['Christmas', undefined]);
  });

  it('are joined where they touch or overlap, also with the time outside of business hours', () => {
    const party = freeze({ title: 'Party', from: '2026-12-17T12:00', forMs: 24 * HOUR });
    const rules = { freezes: [party, freeze({})], hours: [office(BERLIN)] };

    const found = closureAt(rules, WEB, at('2026-12-17T12:00Z'));
    const friday = closureAt(rules, WEB, at('2026-12-18T16:30Z'));

    expect(found).toEqual({ kind: 'freeze', title: 'Party', until: '2026-12-18T11:00:00.000Z' });
    expect(friday).toEqual({ kind: 'outside-hours', title: 'Office hours', until: '2027-01-04T08:00:00.000Z' });
  });

  it.each([
    ['goes on for longer than two months', { forMs: 70 * 24 * HOUR }],
    ['cannot be read', { rule: 'FREQ=SOMETIMES' }],
    ['begins at no time', { from: 'soon' }],
    ['lies in no zone', { timeZone: 'Mars/Olympus' }],
  ])('have no end in sight when one %s', (_what, more) => {
    const found = closureAt({ freezes: [freeze(more)], hours: [] }, WEB, at('2026-12-21T00:00Z'));

    expect(found).toEqual({ kind: 'freeze', title: 'Christmas' });
  });

  it('stay closed when hours cannot be read', () => {
    const hours = [{ ...office(BERLIN), rule: 'FREQ=SOMETIMES' }];

    expect(closureAt({ freezes: [], hours }, WEB, at('2026-03-27T10:00Z'))).toMatchObject({ kind: 'outside-hours' });
  });

  it.each([
    [{ environments: ['production'] }, true],
    [{ environments: ['staging'] }, false],
    [{ services: ['web'], environments: ['production'] }, true],
    [{ services: ['shop'] }, false],
  ])('%j concerns the target: %s', (more, concerned) => {
    const found = closureAt({ freezes: [freeze(more)], hours: [] }, WEB, at('2026-12-21T00:00Z'));

    expect(found !== undefined).toBe(concerned);
  });
});

it('says nothing without rules', () => {
  expect([closureAt(undefined, WEB, 0), closureAt({ freezes: [], hours: [] }, WEB, 0)]).toEqual([undefined, undefined]);
});

it('always names a moment at which it is open, and closed until just before it', () => {
  const rules = { freezes: [weekend(NEW_YORK), nightly(BERLIN, '2026-01-01T02:30')], hours: [office(BERLIN)] };
  const moments = fc.integer({ min: at('2026-01-01T00:00Z') / 60_000, max: at('2027-01-01T00:00Z') / 60_000 });
  fc.assert(
    fc.property(moments, (minute) => {
      const until = closureAt(rules, WEB, minute * 60_000)?.until;
      if (until === undefined) return closureAt(rules, WEB, minute * 60_000) === undefined;
      return closureAt(rules, WEB, at(until)) === undefined && closureAt(rules, WEB, at(until) - 1) !== undefined;
    }),
  );
});
