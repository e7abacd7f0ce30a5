import { describe, expect, it } from 'vitest';
import { attendeesAt } from '../../src/calendar/on-call.ts';

const event = (...lines: readonly string[]) =>
  ['BEGIN:VEVENT', 'DTSTAMP:20261101T000000Z', ...lines, 'END:VEVENT'].join('\r\n');
const feed = (...events: readonly string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', ...events, 'END:VCALENDAR', ''].join('\r\n');
const who = (text: string, at: string) => attendeesAt(text, Date.parse(at)).map(({ id }) => id);
const BEN = 'ATTENDEE:mailto:Ben@example.com';
const CLEO = 'ATTENDEE:mailto:cleo@example.com';

const WEEKLY = feed(
  event('UID:a', 'DTSTART:20261102T090000Z', 'DTEND:20261109T090000Z', 'RRULE:FREQ=WEEKLY;INTERVAL=2', BEN),
  event('UID:b', 'DTSTART:20261109T090000Z', 'DTEND:20261116T090000Z', 'RRULE:FREQ=WEEKLY;INTERVAL=2', CLEO),
);

describe('who is on call', () => {
  it.each([
    ['2026-11-02T08:59:59Z', ''],
    ['2026-11-02T09:00:00Z', 'ben@example.com'],
    ['2026-11-09T08:59:59Z', 'ben@example.com'],
    ['2026-11-09T09:00:00Z', 'cleo@example.com'],
    ['2027-11-03T00:00:00Z', 'ben@example.com'],
  ])('at %s: %s', (at, expected) => {
    expect(who(WEEKLY, at).join()).toBe(expected);
  });

  it('follows what was moved, and leaves out what was cancelled, struck or declined', () => {
    const daily = ['DTSTART:20261101T090000Z', 'DTEND:20261101T170000Z', 'RRULE:FREQ=DAILY;COUNT=10'];
    const text = feed(
      event('UID:a', ...daily, 'EXDATE:20261103T090000Z', BEN),
      event('UID:a', 'RECURRENCE-ID:20261105T090000Z', 'DTSTART:20261104T200000Z', 'DTEND:20261104T210000Z', CLEO),
      event('UID:c', 'DTSTART:20261102T100000Z', 'DTEND:20261102T110000Z', 'STATUS:CANCELLED', CLEO),
      event(
        'UID:d',
        'DTSTART:20261102T100000Z',
        'DTEND:20261102T110000Z',
        'ATTENDEE;PARTSTAT=DECLINED:mailto:dana@example.com',
        'ORGANIZER:mailto:boss@example.com',
      ),
    );

    expect(who(text, '2026-11-02T10:30:00Z')).toEqual(['ben@example.com']);
    expect(who(text, '2026-11-03T10:30:00Z')).toEqual([]);
    expect(who(text, '2026-11-05T10:30:00Z')).toEqual([]);
    expect(who(text, '2026-11-04T20:30:00Z')).toEqual(['cleo@example.com']);
  });

  it('is the organizer of an event without attendees', () => {
    const text = feed(event('UID:a', 'DTSTART:20261102T100000Z', 'DURATION:PT1H', 'ORGANIZER:mailto:ben@example.com'));

    expect(who(text, '2026-11-02T10:30:00Z')).toEqual(['ben@example.com']);
  });

  it.each([
    ['no calendar', 'hello'],
    ['nothing', ''],
    ['an unknown zone', feed(event('UID:a', 'DTSTART;TZID=Mars/Base:20261102T100000', 'DURATION:PT1H', BEN))],
    [
      'an endless repetition',
      feed(event('UID:a', 'DTSTART:20260101T000000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY', BEN)),
    ],
  ])('is not guessed from %s', (_name, text) => {
    expect(() => who(text, '2026-11-02T10:30:00Z')).toThrow(RangeError);
  });
});
