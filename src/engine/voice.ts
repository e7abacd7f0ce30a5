import type { Person } from '../domain/person.ts';
import { type Voice, voiceOf } from '../domain/tell/words/say.ts';
import { type Kit, now } from './kit.ts';

/** How a person is spoken to alone, as their book says now. */
export async function voiceTo(kit: Kit, { id }: Pick<Person, 'id'>): Promise<Voice> {
  const { preferences } = await kit.store.personBook(id);
  return voiceOf(preferences, kit.catalog(), now(kit));
}
