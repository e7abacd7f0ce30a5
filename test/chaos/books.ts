import { openReferences } from '../../adapters/chat/teams/book.ts';
import type { Records } from '../../src/ports/records.ts';
import { DEPLOYS } from '../story/hands.ts';
import type { Side } from './sides.ts';

const BOOK = 'teams/references';

/** What the programme keeps of Teams' places and people must be whole, and must know everybody who was heard. */
export async function unreadable(records: Records, sides: readonly Side[]): Promise<readonly string[]> {
  const side = sides.find(({ id }) => id === 'teams');
  if (side === undefined) return [];
  const book = await records.open(BOOK, () => undefined);
  const damaged = book.unreadable === 0 ? [] : [`${BOOK} holds ${book.unreadable} damaged records`];
  await book.close();
  const references = await openReferences(records);
  const strangers = [...new Set(side.heard())].filter((account) => references.person(account) === undefined);
  const places = references.place(side.hands.part.channels[DEPLOYS]) === undefined ? [DEPLOYS] : [];
  await references.close();
  const unknown = side.heard().length === 0 ? [] : [...places, ...strangers];
  return [...damaged, ...unknown.map((what) => `${BOOK} does not know ${what}`)];
}
