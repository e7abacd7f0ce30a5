import fc from 'fast-check';
import { expect, it } from 'vitest';
import { localWords, momentOf } from '../../src/calendar/moments.ts';

const BERLIN = 'Europe/Berlin';
/** A Saturday, 10:00 in Berlin. */
const NOW = Date.parse('2026-11-21T09:00:00.000Z');

it.each([
  ['2026-11-23T09:00', '2026-11-23T08:00:00.000Z'],
  ['2026-11-23 09:00', '2026-11-23T08:00:00.000Z'],
  ['2026-11-23T09:00Z', '2026-11-23T09:00:00.000Z'],
  ['2026-11-23T09:00:30+05:30', '2026-11-23T03:30:30.000Z'],
  ['11:00', '2026-11-21T10:00:00.000Z'],
  ['9:00', '2026-11-22T08:00:00.000Z'],
  ['10:00', '2026-11-22T09:00:00.000Z'],
  ['today 17:30', '2026-11-21T16:30:00.000Z'],
  ['Tomorrow  9:00', '2026-11-22T08:00:00.000Z'],
  ['mon 9:00', '2026-11-23T08:00:00.000Z'],
  ['Saturday 9:00', '2026-11-28T08:00:00.000Z'],
  ['sat 11:00', '2026-11-21T10:00:00.000Z'],
  ['mon 9am', '2026-11-23T08:00:00.000Z'],
  ['12am', '2026-11-21T23:00:00.000Z'],
  ['5:30pm', '2026-11-21T16:30:00.000Z'],
  ['in 2h', '2026-11-21T11:00:00.000Z'],
  ['in 90 min', '2026-11-21T10:30:00.000Z'],
  ['in 1h30m', '2026-11-21T10:30:00.000Z'],
  ['in 2 days', '2026-11-23T09:00:00.000Z'],
])('"%s" is %s', (typed, moment) => {
  expect(momentOf(typed, BERLIN, NOW)).toBe(moment);
});

it.each([
  // The hour 02:00 to 03:00 is left out on 29 March, and comes twice on 25 October.
  ['2026-03-29T02:30', '2026-03-01T00:00Z', '2026-03-29T01:30:00.000Z'],
  ['2026-10-25T02:30', '2026-10-01T00:00Z', '2026-10-25T00:30:00.000Z'],
  ['tomorrow 9:00', '2026-03-28T11:00Z', '2026-03-29T07:00:00.000Z'],
  ['in 1d', '2026-03-28T11:00Z', '2026-03-29T10:00:00.000Z'],
  ['in 24h', '2026-03-28T11:00Z', '2026-03-29T11:00:00.000Z'],
])('over a change of summer time "%s" is read by the clock on the wall', (typed, now, moment) => {
  expect(momentOf(typed, BERLIN, Date.parse(now))).toBe(moment);
});

it.each([
  ['', 'bad-time'],
  ['soon', 'bad-time'],
  ['9', 'bad-time'],
  ['25:00', 'bad-time'],
  ['13pm', 'bad-time'],
  ['moonday 9:00', 'bad-time'],
  ['mo 9:00', 'bad-time'],
  ['in', 'bad-time'],
  ['in a while', 'bad-time'],
  ['2026-02-30T09:00', 'bad-time'],
  ['2026-11-23', 'bad-time'],
  ['2026-11-23T09:00[Asia/Tokyo]', 'bad-time'],
  ['next mon 9:00', 'bad-time'],
  ['in 0h', 'time-past'],
  ['today 9:59', 'time-past'],
  ['2026-11-21T08:59:59Z', 'time-past'],
])('"%s" is refused: %s', (typed, code) => {
  expect(momentOf(typed, BERLIN, NOW)).toMatchObject({ code, sentence: expect.stringMatching(/\.$/) });
});

it('takes any words without a fault, and never names a moment that has passed', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(in |mon |)\d{1,6}[:hmd]?\d{0,2}$/)), (typed) => {
      const found = momentOf(typed, BERLIN, NOW);
      return typeof found === 'string' ? Date.parse(found) > NOW : found.next !== '';
    }),
  );
});

it('says a moment by the clock of a zone', () => {
  expect(localWords('2026-11-23T08:00:00.000Z', BERLIN)).toBe('Mon 23 Nov 2026, 09:00 (Europe/Berlin)');
});
