import type { Announcement } from '../../announcement.ts';
import type { Catalog } from '../../catalog.ts';
import { knowsState } from '../../deployment.ts';
import { scopeOf } from '../../lock.ts';
import { LANGUAGES, type Language, type Preferences } from '../../person-book.ts';
import { REVIEW_CAUSES, type ReviewCause } from '../../review.ts';
import { type Inline, plain, type Text } from '../../text.ts';
import { CATALOGUES, type HolesOf, type Phrase } from './catalogue.ts';
import { momentWords, type Watch } from './moments.ts';

/** How one person is spoken to: in their language, by the clock of their zone. Several people have no zone in common. */
export type Voice = Omit<Watch, 'timeZone'> & Partial<Pick<Watch, 'timeZone'>>;

type Value = string | number | Inline | Text;
type Values<P extends Phrase> = { readonly [Name in HolesOf<P>]: Name extends 'count' ? number : Value };
/** A phrase without values needs none. */
type Given<P extends Phrase> = [HolesOf<P>] extends [never] ? [] : [Values<P>];

/** How somebody is spoken to who asked for this: what they have not chosen is as the team has it. `now`: ISO 8601 in UTC. */
export function voiceOf(
  { language, timeZone }: Preferences,
  catalog: Pick<Catalog, 'language' | 'timeZone'>,
  now: string,
): Voice {
  return {
    // The book may have been written by a version that speaks more.
    language: LANGUAGES.find((one) => one === language) ?? catalog.language ?? 'en',
    timeZone: timeZone ?? catalog.timeZone ?? 'Etc/UTC',
    now,
  };
}

/** How several people are spoken to at once. */
export function commonVoice(now: string): Voice {
  return { language: 'en', now };
}

/** A phrase with its values: each stands as it is, whatever it holds; words between backticks become code. */
export function say<P extends Phrase>({ language }: Frame, phrase: P, ...given: Given<P>): Text {
  const values: Readonly<Record<string, Value>> = given[0] ?? {};
  return templateOf(language, phrase, values)
    .split('`')
    .flatMap((piece, index): Text => {
      const filled = pieces(piece, values);
      return index % 2 === 1 ? [{ kind: 'code', text: plain(filled) }] : filled;
    });
}

/** The same as plain words, for labels, titles and buttons. */
export function words<P extends Phrase>(voice: Frame, phrase: P, ...given: Given<P>): string {
  return plain(say(voice, phrase, ...given));
}

/** The same as a sentence in which backticks still stand for code, as refusals have them. */
export function sentence<P extends Phrase>({ language }: Frame, phrase: P, ...given: Given<P>): string {
  const values: Readonly<Record<string, Value>> = given[0] ?? {};
  return plain(pieces(templateOf(language, phrase, values), values));
}

function templateOf(language: Language, phrase: Phrase, { count }: Readonly<Record<string, Value>>): string {
  const template = CATALOGUES[language][phrase];
  if (typeof template === 'string') return template;
  return count === 1 ? template.one : template.other;
}

/** Values are put in once and never read again: braces that somebody typed stay braces. */
function pieces(template: string, values: Readonly<Record<string, Value>>): Text {
  return template.split(/\{(\w+)\}/).flatMap((piece, index): Text => {
    if (index % 2 === 0) return piece === '' ? [] : [piece];
    const value = values[piece];
    if (value === undefined) return [];
    if (typeof value === 'number') return [String(value)];
    return Array.isArray(value) ? value : [value as Inline];
  });
}

/** A moment in the reader's own time: platforms that know it better say it themselves. `at`: ISO 8601 in UTC. */
export function moment(voice: Voice, at: string, style: 'clock' | 'date' = 'date'): Inline {
  const { timeZone } = voice;
  if (timeZone === undefined) return { kind: 'time', at, style };
  return { kind: 'time', at, style, shown: momentWords(at, style, { ...voice, timeZone }) };
}

/** What a lock closes: `web in production`; a scope that only a newer version knows goes by its key. */
export function scopeSaid(voice: Voice, key: string): string {
  const scope = scopeOf(key);
  switch (scope?.kind) {
    case 'everything':
      return words(voice, 'scope.everything');
    case 'environment':
      return words(voice, 'scope.environment', { environment: scope.environment });
    case 'region':
      return words(voice, 'scope.region', { region: scope.region });
    case 'service':
      return words(voice, 'scope.service', { service: scope.service });
    case 'target':
      return words(voice, 'scope.target', { service: scope.service, environment: scope.environment });
    default:
      return key;
  }
}

/** The word of a state; one that only a newer version knows goes by its own name. */
export function stateSaid(voice: Voice, state: string): string {
  return knowsState(state) ? words(voice, `state.${state}`) : state;
}

/** Why a review is asked for, e.g. `hotfix, override`; a cause that only a newer version knows goes by its own name. */
export function causesSaid(voice: Voice, causes: readonly ReviewCause[]): string {
  return causes.map((cause) => (REVIEW_CAUSES.includes(cause) ? words(voice, `cause.${cause}`) : cause)).join(', ');
}

/** The mark of an announcement's language; none for English. */
export function inLanguage({ language }: Pick<Voice, 'language'>): Pick<Announcement, 'language'> {
  return language === 'en' ? {} : { language };
}

/** Speaks the words that a platform itself adds to an announcement. */
export type Frame = Pick<Voice, 'language'>;

/** The language of an announcement; one that only a newer version speaks counts as English. */
export function frameVoice({ language = 'en' }: Pick<Announcement, 'language'>): Frame {
  return { language: LANGUAGES.find((one) => one === language) ?? 'en' };
}
