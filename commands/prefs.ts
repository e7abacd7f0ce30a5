import type { Catalog } from '../src/domain/catalog.ts';
import type { Preferences } from '../src/domain/person-book.ts';
import { PREFERENCES, type PreferenceWish } from '../src/domain/preferences.ts';
import { preferenceFacts } from '../src/domain/tell/home.ts';
import { inLanguage, say, type Voice, voiceOf } from '../src/domain/tell/words/say.ts';
import type { Text } from '../src/domain/text.ts';
import type { Reply } from '../src/ports/chat.ts';
import { isoNow } from '../src/ports/clock.ts';
import { refused, tellPrivately } from './shared/answers.ts';
import { command, optional } from './shared/spec.ts';

/** Shows and sets what the asker wants the bot to heed. */
export const prefs = command({
  name: 'prefs',
  aliases: ['preferences'],
  summary: 'Shows or sets whether you are mentioned, your quiet hours, your time zone and your language.',
  topic: 'people',
  examples: [
    'prefs',
    'prefs mentions needed',
    'prefs quiet 22:00-07:00',
    'prefs quiet off',
    'prefs timezone Europe/Berlin',
    'prefs language de',
  ],
  forms: [
    [optional({ field: 'text', kind: 'words', needed: true, label: `${Object.keys(PREFERENCES).join('|')} value` })],
  ],
  acts: ({ text }) => text !== undefined,
  async run({ door, caller, catalog, reading, clock }, { text }) {
    const voice = (preferences: Preferences) => voiceOf(preferences, catalog, isoNow(clock));
    if (text === undefined) {
      const { preferences } = await reading.personBook(caller.person.id);
      return shown(preferences, 'prefs.shown', catalog, voice(preferences));
    }
    const answered = await door.prefer(caller, wishOf(text));
    if (answered.kind === 'duplicate') return { kind: 'nothing' };
    if (answered.kind === 'refused') return refused(answered.refusals);
    return shown(answered.preferences, 'prefs.noted', catalog, voice(answered.preferences));
  },
});

function shown(preferences: Preferences, title: 'prefs.shown' | 'prefs.noted', catalog: Catalog, voice: Voice): Reply {
  const ways = Object.entries(PREFERENCES).map(
    ([name, form]): Text => [{ kind: 'code', text: `prefs ${name} ${form}` }],
  );
  const lines = [say(voice, 'prefs.change'), ...ways, say(voice, 'prefs.others')];
  const facts = preferenceFacts(preferences, catalog, voice);
  return tellPrivately('neutral', say(voice, title), lines, { ...inLanguage(voice), facts });
}

/** `language de`, also `language:de`. */
function wishOf(text: string): PreferenceWish {
  const [, what = text.trim(), value = ''] = /^\s*([a-z-]+)(?:\s*[:=]\s*|\s+)(.*)$/is.exec(text) ?? [];
  return { what, value };
}
