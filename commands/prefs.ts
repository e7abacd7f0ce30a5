import type { Preferences } from '../src/domain/person-book.ts';
import { PREFERENCES, type PreferenceWish } from '../src/domain/preferences.ts';
import { preferenceFacts } from '../src/domain/tell/home.ts';
import type { Text } from '../src/domain/text.ts';
import { refused, tellPrivately } from './shared/answers.ts';
import { command, optional } from './shared/spec.ts';

/** Shows and sets what the asker wants the bot to heed. */
export const prefs = command({
  name: 'prefs',
  aliases: ['preferences'],
  summary: 'Shows or sets whether you are mentioned, your quiet hours and your time zone.',
  topic: 'people',
  examples: [
    'prefs',
    'prefs mentions needed',
    'prefs quiet 22:00-07:00',
    'prefs quiet off',
    'prefs timezone Europe/Berlin',
  ],
  forms: [
    [optional({ field: 'text', kind: 'words', needed: true, label: `${Object.keys(PREFERENCES).join('|')} value` })],
  ],
  acts: ({ text }) => text !== undefined,
  async run({ door, caller, catalog, reading }, { text }) {
    if (text === undefined)
      return shown(['Your preferences.'], (await reading.personBook(caller.person.id)).preferences, catalog.timeZone);
    const answered = await door.prefer(caller, wishOf(text));
    if (answered.kind === 'duplicate') return { kind: 'nothing' };
    if (answered.kind === 'refused') return refused(answered.refusals);
    return shown(['Noted. Your preferences are now:'], answered.preferences, catalog.timeZone);
  },
});

function shown(title: Text, preferences: Preferences, zone: string | undefined) {
  const ways = Object.entries(PREFERENCES).map(
    ([name, form]): Text => [{ kind: 'code', text: `prefs ${name} ${form}` }],
  );
  return tellPrivately('neutral', title, [['Change them with:'], ...ways], {
    facts: preferenceFacts(preferences, zone),
  });
}

function wishOf(text: string): PreferenceWish {
  const [what = '', ...rest] = text.split(/\s+/);
  return { what, value: rest.join(' ') };
}
