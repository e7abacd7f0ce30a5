import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type { CalendarRule, CalendarRules, Closure } from '../domain/calendar.ts';

/** How far ahead it is looked for the moment at which it opens again, in milliseconds. */
const AHEAD_MS = 60 * 86_400_000;
/** A change of summer time moves the end of a span by at most so much, in milliseconds. */
const SHIFT_MS = 3 * 3_600_000;
/** A rule that needs more steps than this is no rule of a calendar; see `spansOf`. */
const MOST_STEPS = 100_000;

/** Milliseconds since 1970, the end exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface Window extends Span {
  readonly title: string;
}

/** A rule that cannot be read. */
const UNREADABLE = 'unreadable';

/**
 * Why the calendar keeps a target closed at a moment (milliseconds since 1970); nothing when it is open. Spans begin and end by the
 * clock on the wall of their time zone, also where summer time begins or ends within them. A freeze that cannot be read is closed
 * without an end, and hours that cannot be read open nothing.
 */
export function closureAt(
  rules: CalendarRules | undefined,
  target: { readonly service: string; readonly environment: string },
  atMs: number,
): Closure | undefined {
  const freezes = (rules?.freezes ?? []).filter((rule) => concerns(rule, target));
  const hours = (rules?.hours ?? []).filter((rule) => concerns(rule, target));
  const frozen = freezes.map((rule) => ({ rule, spans: spansOf(rule, atMs, atMs) }));
  const broken = frozen.find(({ spans }) => spans === UNREADABLE);
  if (broken !== undefined) return { kind: 'freeze', title: broken.rule.title };
  const freeze = lastEnding(windowsOf(freezes, atMs, atMs), atMs);
  const outside = hours.length > 0 && lastEnding(windowsOf(hours, atMs, atMs), atMs) === undefined;
  if (freeze === undefined && !outside) return undefined;
  const until = openingAfter(freezes, hours, atMs);
  return {
    kind: freeze === undefined ? 'outside-hours' : 'freeze',
    title: freeze?.title ?? hours[0]?.title ?? '',
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  };
}

/** Walks over closed spans that touch or overlap, to the first moment that lies in none. */
function openingAfter(freezes: readonly CalendarRule[], hours: readonly CalendarRule[], atMs: number) {
  const limit = atMs + AHEAD_MS;
  const [closed, open] = [windowsOf(freezes, atMs, limit), windowsOf(hours, atMs, limit)];
  let moment = atMs;
  while (moment <= limit) {
    const freeze = lastEnding(closed, moment);
    if (freeze !== undefined) {
      moment = freeze.end;
      continue;
    }
    if (hours.length === 0 || lastEnding(open, moment) !== undefined) return moment;
    const after = moment;
    moment = Math.min(Number.POSITIVE_INFINITY, ...open.map(({ start }) => start).filter((start) => start > after));
  }
  return undefined;
}

function lastEnding(windows: readonly Window[], at: number): Window | undefined {
  return windows
    .filter(({ start, end }) => start <= at && at < end)
    .reduce<Window | undefined>((last, one) => (last === undefined || one.end > last.end ? one : last), undefined);
}

function concerns(rule: CalendarRule, { service, environment }: { service: string; environment: string }): boolean {
  return (rule.services?.includes(service) ?? true) && (rule.environments?.includes(environment) ?? true);
}

function windowsOf(rules: readonly CalendarRule[], from: number, until: number): readonly Window[] {
  return rules.flatMap((rule) => {
    const spans = spansOf(rule, from, until);
    return spans === UNREADABLE ? [] : spans.map((span) => ({ ...span, title: rule.title }));
  });
}

/** Every span of a rule that has anything in common with the time between two moments, both inclusive. */
function spansOf(rule: CalendarRule, from: number, until: number): readonly Span[] | typeof UNREADABLE {
  try {
    const starts = startsOf(rule, from - rule.forMs - SHIFT_MS, until + SHIFT_MS);
    return starts.map((start) => spanFrom(start, rule)).filter(({ start, end }) => start <= until && end > from);
  } catch {
    return UNREADABLE;
  }
}

/** A span that begins in an hour that summer time leaves out begins when the clocks have been put forward. */
function spanFrom(start: Temporal.PlainDateTime, { forMs, timeZone }: CalendarRule): Span {
  const at = start.toZonedDateTime(timeZone).epochMilliseconds;
  const end = start.add({ milliseconds: forMs }).toZonedDateTime(timeZone).epochMilliseconds;
  return { start: at, end: end > at ? end : at + forMs };
}

/** When it begins by the clock on the wall. Recurrences are counted on a clock without summer time, and only then put into the zone. */
function startsOf(rule: CalendarRule, from: number, until: number): readonly Temporal.PlainDateTime[] {
  const first = Temporal.PlainDateTime.from(rule.from);
  if (rule.rule === undefined) return [first];
  const zoned = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(rule.timeZone);
  const wall = (ms: number) => zoned(ms).toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds;
  return startsBetween(rule, wall(from), wall(until)).map((ms) => utc(ms).toPlainDateTime());
}

function utc(ms: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('UTC');
}

/**
 * When a rule that comes again begins between two moments, both inclusive. All of them by the clock on the wall, as if it showed UTC, in
 * milliseconds since 1970.
 * @throws Error when the rule cannot be read, or needs too many steps
 */
export function startsBetween(rule: CalendarRule, from: number, until: number): readonly number[] {
  return compiled(rule)
    .between(utc(from), utc(until), true)
    .map(({ epochMilliseconds }) => epochMilliseconds);
}

/** When a rule says that it is over, counted like its beginnings; nothing when it does not say. Throws when that is no moment. */
export function lastOf({ rule = '', timeZone }: CalendarRule): number | undefined {
  const [, until] = /\bUNTIL=([0-9TZ]+)/i.exec(rule) ?? [];
  if (until === undefined) return undefined;
  const iso = wallUntil(until, timeZone).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6');
  return Temporal.Instant.from(iso).epochMilliseconds;
}

const COMPILED = new WeakMap<CalendarRule, RRuleTemporal>();

/** On a clock without summer time: UTC stands for the clock on the wall. */
function compiled(rule: CalendarRule): RRuleTemporal {
  const known = COMPILED.get(rule);
  if (known !== undefined) return known;
  const first = Temporal.PlainDateTime.from(rule.from).toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
  const recurrence = (rule.rule ?? '').replace(/\bUNTIL=([0-9TZ]+)/i, (_all, until: string) => {
    return `UNTIL=${wallUntil(until, rule.timeZone)}`;
  });
  const made = new RRuleTemporal({
    rruleString: `DTSTART:${first}Z\nRRULE:${recurrence}`,
    maxIterations: MOST_STEPS,
    maxCandidateEvaluations: MOST_STEPS,
  });
  COMPILED.set(rule, made);
  return made;
}

/** The last moment of a recurrence by the clock on the wall: given in UTC, in local time, or as a day, which counts as a whole. */
function wallUntil(until: string, timeZone: string): string {
  if (!until.includes('T')) return `${until}T235959Z`;
  if (!until.endsWith('Z')) return `${until}Z`;
  const local = Temporal.Instant.from(until).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return `${local.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')}Z`;
}
