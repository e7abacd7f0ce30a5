import { Temporal } from 'temporal-polyfill';
import { type Refusal, refusal } from '../domain/refusal.ts';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const EXAMPLES = 'Type it like `09:00`, `tomorrow 9:00`, `mon 9:00`, `in 2h` or `2026-11-23T09:00`.';

/**
 * The moment that somebody means (ISO 8601 in UTC), or why it cannot be one. Read in `timeZone` unless an offset is given; a bare time
 * and a weekday mean the next one. `now` in milliseconds since 1970; an hour that comes twice means the first, one that summer time
 * leaves out means the hour after it. Refusals: `bad-time`, `time-past`.
 */
export function momentOf(text: string, timeZone: string, now: number): string | Refusal {
  const typed = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const found = attempt(() => read(typed, Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone)));
  if (found === undefined) return refusal('bad-time', `"${text.trim()}" is no time that can be understood.`, EXAMPLES);
  const at = new Date(found.epochMilliseconds).toISOString();
  if (found.epochMilliseconds > now) return at;
  return refusal('time-past', `${localWords(at, timeZone)} has already passed.`, 'Name a time that is still to come.');
}

/** A moment by the clock of a zone: `Mon 23 Nov 2026, 09:00 (Europe/Berlin)`. */
export function localWords(at: string, timeZone: string): string {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone);
  const day = local.toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  return `${day.replace(/^(\w+),/, '$1')}, ${local.toPlainTime().toString({ smallestUnit: 'minute' })} (${timeZone})`;
}

type Moment = { readonly epochMilliseconds: number };

/** Temporal throws a RangeError for what is no time. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function read(typed: string, now: Temporal.ZonedDateTime): Moment | undefined {
  if (typed.startsWith('in ')) return after(typed.slice(3), now);
  if (/^\d{4}-/.test(typed)) return dated(typed.toUpperCase(), now.timeZoneId);
  const words = typed.split(' ');
  const time = timeOf(words.at(-1) ?? '');
  if (time === undefined || words.length > 2) return undefined;
  const day = words.length === 2 ? words[0] : undefined;
  const on = (days: number) =>
    now.toPlainDate().add({ days }).toZonedDateTime({ timeZone: now.timeZoneId, plainTime: time });
  if (day === 'today') return on(0);
  if (day === 'tomorrow') return on(1);
  const later = (days: number, next: number) =>
    on(days).epochMilliseconds > now.epochMilliseconds ? on(days) : on(next);
  if (day === undefined) return later(0, 1);
  const index = day.length < 3 ? -1 : DAYS.findIndex((name) => name.startsWith(day));
  if (index < 0) return undefined;
  const ahead = (index + 1 - now.dayOfWeek + 7) % 7;
  return later(ahead, ahead + 7);
}

/** `2h`, `1h30m`, `90 min`, `2 days`: days by the calendar, hours and minutes by the clock. */
function after(typed: string, now: Temporal.ZonedDateTime): Moment | undefined {
  const whole = /^(?:(\d{1,3}) ?d(?:ays?)?)? ?(?:(\d{1,4}) ?h(?:ours?)?)? ?(?:(\d{1,5}) ?m(?:in(?:utes?)?)?)?$/.exec(
    typed,
  );
  const [days, hours, minutes] = [1, 2, 3].map((part) => Number(whole?.[part] ?? 0));
  if (whole === null || typed === '') return undefined;
  return now.add({ days: days ?? 0, hours: hours ?? 0, minutes: minutes ?? 0 });
}

function dated(typed: string, timeZone: string): Moment | undefined {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.test(typed)) return undefined;
  const iso = typed.replace(' ', 'T');
  return /(Z|[+-]\d{2}:?\d{2})$/.test(iso.slice(10))
    ? Temporal.Instant.from(iso)
    : Temporal.PlainDateTime.from(iso, { overflow: 'reject' }).toZonedDateTime(timeZone);
}

/** `9:00`, `09:00`, `9am`, `5:30pm`. */
function timeOf(typed: string): Temporal.PlainTime | undefined {
  const found = /^(\d{1,2})(?::(\d{2}))?(am|pm)?$/.exec(typed);
  if (found === null || (found[2] === undefined && found[3] === undefined)) return undefined;
  const hour = Number(found[1]);
  if (found[3] !== undefined && (hour < 1 || hour > 12)) return undefined;
  const full = found[3] === undefined ? hour : (hour % 12) + (found[3] === 'pm' ? 12 : 0);
  return Temporal.PlainTime.from({ hour: full, minute: Number(found[2] ?? 0) }, { overflow: 'reject' });
}
