import { describe, expect, it } from 'vitest';
import { note } from '../../src/domain/announcement.ts';
import type { Topic } from '../../src/domain/effect.ts';
import type { Person } from '../../src/domain/person.ts';
import { emptyPersonBook, type Preferences } from '../../src/domain/person-book.ts';
import { heeding, readQuiet, rings, urgencyOf, withWish } from '../../src/domain/preferences.ts';

const ENGLISH = { language: 'en' } as const;
const zones = (name: string) => (name.toLowerCase() === 'europe/berlin' ? 'Europe/Berlin' : undefined);

describe('a wish', () => {
  const before: Preferences = { mentions: 'all', quiet: { from: '20:00', to: '08:00' } };

  it.each([
    ['mentions', 'NONE', { ...before, mentions: 'none' }],
    ['quiet', '22:00-07:00', { ...before, quiet: { from: '22:00', to: '07:00' } }],
    ['quiet', 'off', { mentions: 'all' }],
    ['Timezone', ' europe/berlin ', { ...before, timeZone: 'Europe/Berlin' }],
    ['language', 'DE', { ...before, language: 'de' }],
    ['language', 'Deutsch', { ...before, language: 'de' }],
    ['Language', 'english', { ...before, language: 'en' }],
  ])('%s %s', (what, value, after) => {
    expect(withWish(before, { what, value }, zones, ENGLISH)).toEqual(after);
  });

  it.each([
    ['mentions', 'sometimes', 'all, needed, none'],
    ['mentions', '', 'prefs mentions all|needed|none'],
    ['quiet', '25:00-07:00', '22:00-07:00'],
    ['quiet', '22:00-22:00', '22:00-07:00'],
    ['timezone', 'Berlin', 'Europe/Berlin'],
    ['language', 'fr', 'en, de'],
    ['colour', 'blue', 'prefs quiet'],
  ])('%s %s is refused with the words that are known', (what, value, known) => {
    const said = withWish(before, { what, value }, zones, ENGLISH);
    expect(said).toMatchObject({ code: 'bad-preference', next: expect.stringContaining(known) });
  });

  it('of a kind that only a newer version knows is kept when another one is changed', () => {
    const newer = { ...before, font: 'large' } as Preferences;

    expect(withWish(newer, { what: 'language', value: 'de' }, zones, ENGLISH)).toEqual({ ...newer, language: 'de' });
  });

  it.each([
    ['mentions', 'manchmal', 'Schreib es so: `prefs mentions all|needed|none`.'],
    ['quiet', '25:00', '`prefs quiet 22:00-07:00`, oder `off`'],
    ['timezone', 'Berlin', 'Europe/Berlin oder America/New_York'],
    ['language', 'fr', 'Möglich ist: en, de.'],
    ['farbe', 'blau', '`prefs language en|de`'],
  ])('%s %s is refused in German to whoever chose it', (what, value, next) => {
    const said = withWish(before, { what, value }, zones, { language: 'de' });

    expect(said).toMatchObject({ code: 'bad-preference', next: expect.stringContaining(next) });
    expect(said).toMatchObject({ sentence: expect.stringMatching(/„(manchmal|25:00|Berlin|fr|farbe)“/) });
  });

  it.each([
    ['9:30 - 17:00', { from: '09:30', to: '17:00' }],
    ['22:00–07:00', { from: '22:00', to: '07:00' }],
    ['22:00 to 07:00', { from: '22:00', to: '07:00' }],
    ['22-7', undefined],
    ['22:00-24:00', undefined],
  ])('reads %s', (text, quiet) => {
    expect(readQuiet(text)).toEqual(quiet);
  });
});

describe('bells', () => {
  const anna: Person = { id: 'anna', name: 'Anna', known: true, accounts: [] };
  const call = note(
    'waiting',
    [{ kind: 'person', person: anna, notify: true }, ', please look.'],
    'Anna, please look.',
  );
  const ringing = (preferences: Preferences, topic: Topic, asleep = false) =>
    rings(heeding(call, [{ ...emptyPersonBook('anna'), preferences }], urgencyOf(topic), () => asleep));

  it.each([
    [{}, 'succeeded', false, true],
    [{ mentions: 'all' }, 'succeeded', false, true],
    [{ mentions: 'needed' }, 'succeeded', false, false],
    [{ mentions: 'needed' }, 'approval-needed', false, true],
    [{ mentions: 'needed' }, 'failed', false, true],
    [{ mentions: 'none' }, 'approval-needed', false, false],
    [{}, 'reminder', true, false],
    [{}, 'approval-needed', true, true],
    [{}, 'failed', true, true],
    [{}, 'escalated', true, true],
  ] as const)('of %j at %s, asleep %s: %s', (preferences, topic, asleep, rung) => {
    expect(ringing(preferences, topic, asleep)).toBe(rung);
  });

  it('leaves those of groups and of others as they are', () => {
    const ben: Person = { ...anna, id: 'ben', name: 'Ben' };
    const both = note(
      'waiting',
      [
        { kind: 'group', name: 'sre', notify: true },
        { kind: 'person', person: ben, notify: true },
      ],
      'x',
    );
    const books = [{ ...emptyPersonBook('anna'), preferences: { mentions: 'none' as const } }];
    expect(heeding(both, books, urgencyOf('reminder'), () => true)).toEqual(both);
  });
});
