import { describe, expect, it } from 'vitest';
import { calendarFeeds } from '../../bin/feeds.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { manualClock } from '../fakes/clock.ts';

const TEXT = [
  'BEGIN:VCALENDAR',
  'BEGIN:VEVENT',
  'UID:a',
  'DTSTART:20200101T000000Z',
  'DTEND:20400101T000000Z',
  'ATTENDEE:mailto:ben@example.com',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n');
const AT = '2026-11-21T09:00:00.000Z';

function feeds(address: string, answer: () => Response) {
  const clock = manualClock();
  let calls = 0;
  const get: typeof fetch = async () => {
    calls += 1;
    return answer();
  };
  const secrets = { read: async () => address };
  return { clock, calls: () => calls, ...calendarFeeds({ clock, secrets, fetch: get }) };
}

describe('a calendar feed', () => {
  it('is believed for five minutes', async () => {
    const feed = feeds('https://calendar.example/secret', () => new Response(TEXT));

    const first = await feed.attendees('env:ON_CALL', AT);
    await feed.attendees('env:ON_CALL', AT);
    const early = feed.calls();
    feed.clock.advance(300_001);
    await feed.attendees('env:ON_CALL', AT);

    expect(first).toEqual([{ system: 'email', id: 'ben@example.com' }]);
    expect([early, feed.calls()]).toEqual([1, 2]);
  });

  it.each<[string, string, () => Response]>([
    ['is not encrypted', 'http://calendar.example/secret', () => new Response(TEXT)],
    ['is gone', 'https://calendar.example/secret', () => new Response('', { status: 404 })],
    ['is too large', 'https://calendar.example/secret', () => new Response('x'.repeat(1024 * 1024 + 1))],
    ['is no calendar', 'https://calendar.example/secret', () => new Response('<html>')],
    [
      'does not answer',
      'https://calendar.example/secret',
      () => {
        throw new TypeError('fetch failed for https://calendar.example/secret');
      },
    ],
  ])('that %s names nobody, and no failure tells its address', async (_name, address, answer) => {
    const failure = await feeds(address, answer)
      .attendees('env:ON_CALL', AT)
      .catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(PortFailure);
    expect(String(failure)).not.toContain('secret');
  });
});
