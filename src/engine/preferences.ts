import { timeZoneNamed } from '../calendar/quiet.ts';
import { personStream } from '../domain/event.ts';
import type { Preferences } from '../domain/person-book.ts';
import { type PreferenceWish, withWish } from '../domain/preferences.ts';
import { newerRefusal } from '../domain/refusals.ts';
import { voiceOf } from '../domain/tell/words/say.ts';
import { isNewer } from '../domain/vocabulary.ts';
import { no, orUnwritable } from './answers.ts';
import type { Caller, PreferenceAnswer } from './door.ts';
import { type Kit, now } from './kit.ts';
import { stopped } from './locks-and-places.ts';
import { transact } from './transact.ts';

/** Writes into a person's book what they want the bot to heed. What it says already is not written again. */
export function turnPreference(kit: Kit, caller: Caller, wish: PreferenceWish): Promise<PreferenceAnswer> {
  return orUnwritable<PreferenceAnswer>(kit, () =>
    transact<PreferenceAnswer>(kit, { key: caller.key }, async () => {
      const { person } = caller;
      const refused = stopped(caller);
      if (refused !== undefined) return { moves: [], answer: () => refused };
      const book = await kit.store.personBook(person.id);
      if (isNewer(book.needs)) return { moves: [], answer: () => no(newerRefusal('Your book of preferences')) };
      const voice = voiceOf(book.preferences, kit.catalog(), now(kit));
      const preferences = withWish(book.preferences, wish, timeZoneNamed, voice);
      if ('code' in preferences) return { moves: [], answer: () => no(preferences) };
      const event = { type: 'preferred' as const, preferences };
      const entry = { stream: personStream(person.id), event, by: person, at: now(kit) };
      const others = same(book.preferences, preferences) ? [] : [{ entry, version: book.version }];
      return { moves: [], others, answer: () => ({ kind: 'done', preferences }) };
    }),
  );
}

function same(one: Preferences, other: Preferences): boolean {
  return (
    one.mentions === other.mentions &&
    one.timeZone === other.timeZone &&
    one.language === other.language &&
    one.quiet?.from === other.quiet?.from &&
    one.quiet?.to === other.quiet?.to
  );
}
