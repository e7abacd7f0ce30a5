import type { Announcement } from './announcement.ts';
import type { Topic } from './effect.ts';
import type { Notice } from './notice.ts';
import { LANGUAGES, type Language, MENTIONS, type PersonBook, type Preferences } from './person-book.ts';
import { type Refusal, refusal } from './refusal.ts';
import { sentence, type Voice } from './tell/words/say.ts';
import type { Inline, Text } from './text.ts';

/** What somebody wants changed, as it was typed: `mentions none`, `quiet 22:00-07:00`, `timezone Europe/Berlin`, `language de`. */
export interface PreferenceWish {
  readonly what: string;
  readonly value: string;
}

/** What can be set, and how it is typed. */
export const PREFERENCES = {
  mentions: MENTIONS.join('|'),
  quiet: '22:00-07:00|off',
  timezone: 'Europe/Berlin',
  language: LANGUAGES.join('|'),
} as const;

/** Languages as people call them. */
const LANGUAGE_NAMES: Readonly<Record<string, Language>> = {
  english: 'en',
  englisch: 'en',
  german: 'de',
  deutsch: 'de',
};

/**
 * All preferences as they are after one more wish, or why it cannot be heeded.
 * @param zoneNamed the true name of a time zone; nothing for one that does not exist
 * @param voice how whoever wishes is spoken to
 */
export function withWish(
  before: Preferences,
  { what, value }: PreferenceWish,
  zoneNamed: (name: string) => string | undefined,
  voice: Pick<Voice, 'language'>,
): Preferences | Refusal {
  const said = value.trim();
  const typed = said.toLowerCase();
  switch (what.toLowerCase()) {
    case 'mentions': {
      const mentions = MENTIONS.find((one) => one === typed);
      return mentions === undefined ? bad('mentions', said, voice) : { ...before, mentions };
    }
    case 'quiet': {
      if (typed === 'off') return withoutQuiet(before);
      const quiet = readQuiet(said);
      return quiet === undefined ? bad('quiet', said, voice) : { ...before, quiet };
    }
    case 'timezone': {
      const timeZone = zoneNamed(said);
      return timeZone === undefined ? bad('timezone', said, voice) : { ...before, timeZone };
    }
    case 'language': {
      const language = LANGUAGES.find((one) => one === (LANGUAGE_NAMES[typed] ?? typed));
      return language === undefined ? bad('language', said, voice) : { ...before, language };
    }
    default:
      return bad('unknown', what, voice);
  }
}

function bad(what: keyof typeof PREFERENCES | 'unknown', said: string, voice: Pick<Voice, 'language'>): Refusal {
  const line = what === 'unknown' ? '' : `prefs ${what} ${PREFERENCES[what]}`;
  const next = {
    mentions: () => sentence(voice, 'prefs.bad.mentions.next', { known: MENTIONS.join(', '), line }),
    quiet: () => sentence(voice, 'prefs.bad.quiet.next'),
    timezone: () => sentence(voice, 'prefs.bad.timezone.next', { line }),
    language: () => sentence(voice, 'prefs.bad.language.next', { known: LANGUAGES.join(', '), line }),
    unknown: () => {
      const known = Object.entries(PREFERENCES).map(([name, form]) => `\`prefs ${name} ${form}\``);
      return sentence(voice, 'prefs.bad.unknown.next', { known: known.join(', ') });
    },
  };
  return refusal('bad-preference', sentence(voice, `prefs.bad.${what}`, { said }), next[what]());
}

function withoutQuiet({ quiet: _gone, ...rest }: Preferences): Preferences {
  return rest;
}

const TIME = '([01]?\\d|2[0-3]):([0-5]\\d)';
const SPAN = new RegExp(`^${TIME}\\s*(?:-|\\u2013|\\u2014|to|until)\\s*${TIME}$`, 'i');

/** `22:00-07:00`, also with a long dash or `to`; nothing when it is no span, or an empty one. */
export function readQuiet(text: string): NonNullable<Preferences['quiet']> | undefined {
  const found = SPAN.exec(text.trim());
  if (found === null) return undefined;
  const [, fromHour = '', fromMinute, toHour = '', toMinute] = found;
  const from = `${fromHour.padStart(2, '0')}:${fromMinute}`;
  const to = `${toHour.padStart(2, '0')}:${toMinute}`;
  return from === to ? undefined : { from, to };
}

/** Moments at which somebody rung must do something, or nothing goes on. Where a bell says less than this, it may be left out. */
const NEEDED: ReadonlySet<Topic> = new Set([
  'approval-needed',
  'reminder',
  'nudge',
  'escalated',
  'approvals-voided',
  'silent',
  'failed',
  'refused',
  'card-undelivered',
]);

/** Moments that nobody is woken for. */
const WAITING: ReadonlySet<Topic> = new Set([
  'reminder',
  'countersigned',
  'step-done',
  'succeeded',
  'expired',
  'cancelled',
]);

/** How much it matters that whoever is named hears the bell now. */
export interface Urgency {
  /** It cannot go on without them. */
  readonly needed: boolean;
  /** It can be read after the quiet hours just as well. */
  readonly canWait: boolean;
}

/** How urgent a moment of a deployment is for the people it names. */
export function urgencyOf(topic: Topic): Urgency {
  return { needed: NEEDED.has(topic), canWait: WAITING.has(topic) };
}

/** May a notice be held back until somebody's quiet hours end? What was taken from them or is late may not. */
export function canWait(notice: Notice): boolean {
  switch (notice.kind) {
    case 'lock-still-needed':
    case 'lock-expired':
    case 'review-closed':
    case 'delegation-ended':
      return true;
    case 'review-due':
      return !notice.overdue;
    default:
      return false;
  }
}

/** Does a message ring anybody's own bell? */
export function rings(announcement: Announcement): boolean {
  return textsOf(announcement).some((text) => text.some(isRinging));
}

/**
 * The same message, without the bells of people who do not want them: who asked for none, who asked only for those that are needed, and
 * whoever sleeps, where it can wait. Names stay; a group's bell is the group's.
 * @param quiet does this person have quiet hours now?
 */
export function heeding(
  announcement: Announcement,
  books: readonly PersonBook[],
  { needed, canWait: waits }: Urgency,
  quiet: (book: PersonBook) => boolean,
): Announcement {
  const silent = new Set(
    books
      .filter((book) => {
        const { mentions = 'all' } = book.preferences;
        return mentions === 'none' || (mentions === 'needed' && !needed) || (waits && quiet(book));
      })
      .map(({ person }) => person),
  );
  if (silent.size === 0) return announcement;
  const still = (text: Text): Text =>
    text.map((part) => (isRinging(part) && silent.has(part.person.id) ? { ...part, notify: false } : part));
  return {
    ...announcement,
    title: still(announcement.title),
    lines: announcement.lines.map(still),
    facts: announcement.facts.map((fact) => ({ ...fact, value: still(fact.value) })),
    sections: announcement.sections.map((section) => ({ ...section, items: section.items.map(still) })),
    context: still(announcement.context),
  };
}

function textsOf({ title, lines, facts, sections, context }: Announcement): readonly Text[] {
  return [title, ...lines, ...facts.map(({ value }) => value), ...sections.flatMap(({ items }) => items), context];
}

function isRinging(part: Inline): part is Extract<Inline, { kind: 'person' }> {
  return typeof part !== 'string' && part.kind === 'person' && part.notify;
}
