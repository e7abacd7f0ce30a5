import type { CalendarRule } from '../domain/calendar.ts';
import { lastOf, startsBetween } from './windows.ts';

/** What is the matter with a rule of recurrence, and what to do about it. */
export interface RecurrenceFault {
  readonly code: 'rule-unreadable' | 'rule-never' | 'rule-over-before';
  /** Without a full stop. */
  readonly sentence: string;
  readonly next: string;
}

const YEARS_MS = 5 * 366 * 86_400_000;
const DAY_MS = 86_400_000;

/** Which numbers a part takes; `signed`: also counted from the end. Source: RFC 5545, section 3.3.10. */
const NUMBERS: Readonly<Record<string, { readonly least: number; readonly most: number; readonly signed?: true }>> = {
  INTERVAL: { least: 1, most: 10_000 },
  COUNT: { least: 1, most: 10_000 },
  BYSECOND: { least: 0, most: 60 },
  BYMINUTE: { least: 0, most: 59 },
  BYHOUR: { least: 0, most: 23 },
  BYMONTHDAY: { least: 1, most: 31, signed: true },
  BYYEARDAY: { least: 1, most: 366, signed: true },
  BYWEEKNO: { least: 1, most: 53, signed: true },
  BYMONTH: { least: 1, most: 12 },
  BYSETPOS: { least: 1, most: 366, signed: true },
};

/** What comes every minute or second is no rule of a calendar, and is too long to follow. */
const WORDS: Readonly<Record<string, RegExp>> = {
  FREQ: /^(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY)$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  BYDAY: /^([+-]?([1-9]|[1-4]\d|5[0-3]))?(MO|TU|WE|TH|FR|SA|SU)$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};
const LISTS: ReadonlySet<string> = new Set([
  ...['BYSECOND', 'BYMINUTE', 'BYHOUR', 'BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH', 'BYSETPOS'],
]);

/**
 * What is the matter with how something comes again; nothing for a good rule, or for what comes once. Every part is read as RFC 5545
 * says, because the library passes over what it cannot read, and then it is tried: it must come within five years of its beginning.
 */
export function recurrenceFault(rule: CalendarRule): RecurrenceFault | undefined {
  if (rule.rule === undefined) return undefined;
  return partsFault(rule.rule) ?? triedFault(rule);
}

function unreadable(what: string): RecurrenceFault {
  const next = 'Write an RRULE of iCalendar (RFC 5545), e.g. FREQ=WEEKLY;BYDAY=FR.';
  return { code: 'rule-unreadable', sentence: `This rule of recurrence cannot be read: ${what}`, next };
}

function partsFault(text: string): RecurrenceFault | undefined {
  const parts = text.split(';').map((part) => part.split('=', 2));
  const names = parts.map(([name = '']) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return unreadable(`${twice} stands in it twice`);
  if (names.includes('UNTIL') && names.includes('COUNT')) return unreadable('it has both UNTIL and COUNT');
  for (const [name = '', value = ''] of parts) {
    if (!Object.hasOwn(NUMBERS, name) && !Object.hasOwn(WORDS, name)) return unreadable(`${name} is no part of a rule`);
    const values = LISTS.has(name) ? value.split(',') : [value];
    if (!values.every((one) => fits(name, one))) return unreadable(`${name} cannot be what it says`);
  }
  return undefined;
}

function fits(name: string, value: string): boolean {
  const words = WORDS[name];
  if (words !== undefined) return words.test(value);
  const bounds = NUMBERS[name];
  if (bounds === undefined || !(bounds.signed === true ? /^[+-]?\d+$/ : /^\d+$/).test(value)) return false;
  const number = Math.abs(Number(value));
  return number >= bounds.least && number <= bounds.most;
}

/** Asks the same library that says later when it is closed. */
function triedFault(rule: CalendarRule): RecurrenceFault | undefined {
  const first = Date.parse(`${rule.from}Z`);
  try {
    const last = lastOf(rule);
    if (last !== undefined && last < first) {
      const sentence = 'This rule is over before it begins: UNTIL is earlier than `from`';
      return { code: 'rule-over-before', sentence, next: 'Write a later UNTIL, or leave it out.' };
    }
    const soon = [DAY_MS * 8, DAY_MS * 400, YEARS_MS].some((ms) => startsBetween(rule, first, first + ms).length > 0);
    // Followed to the end of these years: what needs too many steps there would count as closed.
    startsBetween(rule, first + YEARS_MS - DAY_MS, first + YEARS_MS);
    return soon ? undefined : never();
  } catch (error) {
    return error instanceof Error && error.message.startsWith('Maximum iterations')
      ? never()
      : unreadable('no such time');
  }
}

function never(): RecurrenceFault {
  const sentence = 'This rule names no moment within five years of its beginning';
  return { code: 'rule-never', sentence, next: 'Name days that exist, e.g. FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24.' };
}
