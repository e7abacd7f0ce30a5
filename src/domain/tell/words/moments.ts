import type { Language } from '../../person-book.ts';

const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  // Short forms of Duden: months of up to four letters are written out.
  de: ['Jan.', 'Feb.', 'März', 'Apr.', 'Mai', 'Juni', 'Juli', 'Aug.', 'Sept.', 'Okt.', 'Nov.', 'Dez.'],
};

/** CLDR knows the short name of a zone only in the regions that use it: these are asked in turn for one that is more than an offset. */
const REGIONS: Readonly<Record<Language, readonly string[]>> = {
  en: ['en-GB', 'en-US', 'en-AU', 'en-IN'],
  de: ['de-DE', 'en-GB', 'en-US', 'en-AU', 'en-IN'],
};

/** For whom a moment is told, and seen from when. */
export interface Watch {
  readonly language: Language;
  /** IANA name; one that is not known here counts as UTC. */
  readonly timeZone: string;
  /** ISO 8601 in UTC: the year is said only where it is another one. */
  readonly now: string;
}

/** A moment by the clock of a zone, with the zone's short name: `21 Nov, 14:05 CET`, `21. Nov., 14:05 MEZ`, `14:05 MEZ`. `at`: ISO 8601. */
export function momentWords(at: string, style: 'clock' | 'date', { language, timeZone, now }: Watch): string {
  const zone = knownZone(timeZone);
  const local = wall(at, zone);
  if (local === undefined) return at;
  const clock = `${local['hour']}:${local['minute']} ${zoneName(at, zone, language)}`;
  if (style === 'clock') return clock;
  const month = MONTHS[language][Number(local['month']) - 1] ?? '';
  const year = local['year'] === wall(now, zone)?.['year'] ? '' : ` ${local['year']}`;
  return `${local['day']}${language === 'de' ? '.' : ''} ${month}${year}, ${clock}`;
}

/** A format takes milliseconds to make; there are never more than zones in the tz database. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

function formatOf(region: string, timeZone: string, what: 'wall' | 'name'): Intl.DateTimeFormat {
  const key = `${region} ${timeZone} ${what}`;
  const made = FORMATS.get(key);
  if (made !== undefined) return made;
  const wanted: Intl.DateTimeFormatOptions =
    what === 'name'
      ? { timeZoneName: 'short' }
      : { hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' };
  const format = new Intl.DateTimeFormat(region, { timeZone, ...wanted });
  FORMATS.set(key, format);
  return format;
}

/** The zone itself where this machine knows it, else UTC. */
function knownZone(timeZone: string): string {
  try {
    return formatOf('en-GB', timeZone, 'wall').resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** What the clock on the wall says; nothing for what is no moment. */
function wall(at: string, timeZone: string): Readonly<Record<string, string>> | undefined {
  const moment = Date.parse(at);
  if (Number.isNaN(moment)) return undefined;
  const parts = formatOf('en-GB', timeZone, 'wall').formatToParts(moment);
  return Object.fromEntries(parts.map(({ type, value }) => [type, type === 'day' ? String(Number(value)) : value]));
}

function zoneName(at: string, timeZone: string, language: Language): string {
  const names = REGIONS[language].map((region) => {
    const parts = formatOf(region, timeZone, 'name').formatToParts(Date.parse(at));
    return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
  });
  return names.find((name) => !/^(GMT|UTC)[+\-\u2212]/.test(name)) ?? names[0] ?? 'UTC';
}
