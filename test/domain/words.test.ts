import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../src/domain/person-book.ts';
import { CATALOGUES, holesOf, type Phrase } from '../../src/domain/tell/words/catalogue.ts';
import { EN } from '../../src/domain/tell/words/en.ts';
import { momentWords } from '../../src/domain/tell/words/moments.ts';
import {
  causesSaid,
  commonVoice,
  moment,
  say,
  scopeSaid,
  sentence,
  stateSaid,
  voiceOf,
  words,
} from '../../src/domain/tell/words/say.ts';
import { plain, type Text } from '../../src/domain/text.ts';
import { CATALOG } from './samples.ts';

const PHRASES = Object.keys(EN) as readonly Phrase[];
/** With values that the types do not know one by one. */
const sayAny = say as (
  voice: { language: Language },
  phrase: Phrase,
  values: Readonly<Record<string, string | number>>,
) => Text;
const NOW = '2026-11-21T13:05:00.000Z';
const GERMAN = { language: 'de', timeZone: 'Europe/Berlin', now: NOW } as const;
const ENGLISH = { ...GERMAN, language: 'en' } as const;

describe.each(LANGUAGES)('the words of %s', (language) => {
  const catalogue = CATALOGUES[language];

  it('are all there, and none besides', () => {
    expect(Object.keys(catalogue).sort()).toEqual([...PHRASES].sort());
  });

  it.each(PHRASES)('have the values of %s that English has', (phrase) => {
    expect(new Set(holesOf(catalogue[phrase]))).toEqual(new Set(holesOf(EN[phrase])));
  });

  it.each(PHRASES)('leave no sign of a template in %s, for one and for many', (phrase) => {
    for (const count of [0, 1, 2]) {
      const values = { ...Object.fromEntries(holesOf(EN[phrase]).map((name) => [name, `‹${name}›`])), count };
      const text = sayAny({ language }, phrase, values);
      const told = plain(text);

      expect(told).not.toMatch(/[{}`]|undefined|\s\s|^\s|\s$/);
      expect(told).not.toBe('');
      for (const name of holesOf(EN[phrase])) expect(told).toContain(name === 'count' ? String(count) : `‹${name}›`);
    }
  });

  it.each(PHRASES)('close the signs that %s opens', (phrase) => {
    const forms = catalogue[phrase];
    for (const form of typeof forms === 'string' ? [forms] : [forms.one, forms.other]) {
      expect(form.split('`').length % 2).toBe(1);
      expect(form.split('(').length).toBe(form.split(')').length);
      expect(form.split('„').length).toBe(form.split('“').length);
    }
  });
});

describe('German', () => {
  it('is not English left over', () => {
    const alike = PHRASES.filter((phrase) => JSON.stringify(CATALOGUES.de[phrase]) === JSON.stringify(EN[phrase]));

    // Words that both languages have, and phrases that are only signs.
    expect(alike).toEqual(['scope.target', 'home.lock', 'notice.details']);
  });

  it('says du, and types what is typed like English', () => {
    const typed = (language: (typeof LANGUAGES)[number]) =>
      PHRASES.map((phrase) => [JSON.stringify(CATALOGUES[language][phrase]).match(/`[a-z-]+/g) ?? [], phrase]);

    expect(JSON.stringify(Object.values(CATALOGUES.de))).not.toMatch(/\b(Sie haben|Ihre|Ihr|Ihnen)\b/);
    expect(typed('de')).toEqual(typed('en'));
  });
});

describe('a phrase', () => {
  it.each([
    [ENGLISH, 0, 'Ben: 0 requests wait for you.'],
    [ENGLISH, 1, 'Ben: 1 request waits for you.'],
    [ENGLISH, 2, 'Ben: 2 requests wait for you.'],
    [GERMAN, 0, 'Ben: 0 Anfragen warten auf dich.'],
    [GERMAN, 1, 'Ben: 1 Anfrage wartet auf dich.'],
    [GERMAN, 2, 'Ben: 2 Anfragen warten auf dich.'],
  ])('has the number of what is counted (%o, %i)', (voice, count, expected) => {
    const what = words(voice, 'home.requests', { count });

    expect(words(voice, 'home.waits', { name: 'Ben', what, count })).toBe(expected);
  });

  it('takes values as they stand, and never reads them again', () => {
    const reason = '{scope} `rm -rf` {nothing}';

    expect(say(GERMAN, 'notice.reason', { reason })).toEqual(['Grund: ', reason]);
    expect(sentence(GERMAN, 'prefs.bad.timezone', { said: reason })).toContain(reason);
  });

  it('makes code of what is typed', () => {
    expect(say(GERMAN, 'notice.lock.since', { time: 'x', line: 'unlock web production' })).toContainEqual({
      kind: 'code',
      text: 'unlock web production',
    });
  });
});

describe('names', () => {
  it.each([
    ['*', 'everything', 'alles'],
    ['environment/production', 'everything in production', 'alles in production'],
    ['region/eu', 'everything in the region eu', 'alles in der Region eu'],
    ['service/web', 'web everywhere', 'web in allen Umgebungen'],
    ['target/web/production', 'web in production', 'web in production'],
    ['galaxy/7/x', 'galaxy/7/x', 'galaxy/7/x'],
  ])('of the scope %s', (key, english, german) => {
    expect([scopeSaid(ENGLISH, key), scopeSaid(GERMAN, key)]).toEqual([english, german]);
  });

  it('of what only a newer version knows are left as they are', () => {
    expect(stateSaid(GERMAN, 'shifting')).toBe('shifting');
    expect(causesSaid(GERMAN, ['hotfix', 'eclipse' as never])).toBe('Hotfix, eclipse');
  });
});

describe('a moment', () => {
  const NOVEMBER = '2026-11-21T13:05:30.000Z';
  const JUNE = '2026-06-01T22:30:00.000Z';

  it.each([
    ['en', 'Europe/Berlin', NOVEMBER, '21 Nov, 14:05 CET'],
    ['de', 'Europe/Berlin', NOVEMBER, '21. Nov., 14:05 MEZ'],
    ['de', 'Europe/Berlin', JUNE, '2. Juni, 00:30 MESZ'],
    ['en', 'Europe/Berlin', JUNE, '2 Jun, 00:30 CEST'],
    ['en', 'America/New_York', NOVEMBER, '21 Nov, 08:05 EST'],
    ['de', 'America/New_York', NOVEMBER, '21. Nov., 08:05 EST'],
    ['de', 'Asia/Tokyo', NOVEMBER, '21. Nov., 22:05 GMT+9'],
    ['en', 'Etc/UTC', NOVEMBER, '21 Nov, 13:05 UTC'],
    ['de', 'Mars/Olympus', NOVEMBER, '21. Nov., 13:05 UTC'],
    ['de', 'Europe/Berlin', '2026-12-31T23:30:00.000Z', '1. Jan. 2027, 00:30 MEZ'],
    ['en', 'Europe/Berlin', '2025-03-05T08:00:00.000Z', '5 Mar 2025, 09:00 CET'],
    ['de', 'Europe/Berlin', 'soon', 'soon'],
  ] as const)('in %s, %s: %s', (language, timeZone, at, expected) => {
    expect(momentWords(at, 'date', { language, timeZone, now: NOW })).toBe(expected);
  });

  it('of the day is the clock alone', () => {
    expect(momentWords(NOVEMBER, 'clock', GERMAN)).toBe('14:05 MEZ');
  });

  it('is said in the words of its reader where there is one, and else in UTC', () => {
    expect(plain([moment(GERMAN, NOVEMBER)])).toBe('21. Nov., 14:05 MEZ');
    expect(plain([moment(commonVoice(NOW), NOVEMBER)])).toBe('2026-11-21 13:05 UTC');
  });
});

describe('the voice for somebody', () => {
  const team = { ...CATALOG, language: 'de', timeZone: 'Europe/Zurich' } as const;

  it.each([
    [{}, CATALOG, { language: 'en', timeZone: 'Etc/UTC' }],
    [{}, team, { language: 'de', timeZone: 'Europe/Zurich' }],
    [{ language: 'en' }, team, { language: 'en', timeZone: 'Europe/Zurich' }],
    [{ language: 'de', timeZone: 'Asia/Tokyo' }, CATALOG, { language: 'de', timeZone: 'Asia/Tokyo' }],
    [{ language: 'tlh' as 'de' }, team, { language: 'de', timeZone: 'Europe/Zurich' }],
  ] as const)('who asked for %j', (preferences, catalog, expected) => {
    expect(voiceOf(preferences, catalog, NOW)).toEqual({ ...expected, now: NOW });
  });
});
