import type { Place } from '../domain/catalog.ts';
import { placeKey } from '../domain/catalog.ts';
import { BOT } from '../domain/person.ts';
import { refusal } from '../domain/refusal.ts';
import { emptyPlaceBook, type PlaceEvent } from '../domain/target.ts';
import { no, orUnwritable, type Refused } from './answers.ts';
import type { Caller, PlaceAnswer } from './door.ts';
import { type Kit, now } from './kit.ts';
import { transact } from './transact.ts';

/** May this caller change a lock or a subscription at all? */
export function stopped(caller: Caller): Refused | undefined {
  if (caller.external)
    return no(
      refusal(
        'external-person',
        'People from outside this workspace may look, but not act.',
        'Ask somebody of the team.',
      ),
    );
  if (caller.person.known) return undefined;
  return no(
    refusal('person-unlinked', 'Only known people may do this.', 'Use `whoami` to see what an operator has to add.'),
  );
}

/** Writes into a place's book what its people asked for. */
export function turnSubscription(
  kit: Kit,
  caller: Caller,
  place: Place,
  event: Extract<PlaceEvent, { type: 'subscribed' | 'unsubscribed' }>,
): Promise<PlaceAnswer> {
  return orUnwritable<PlaceAnswer>(kit, () =>
    transact<PlaceAnswer>(kit, { key: caller.key }, async () => {
      const refused = stopped(caller);
      if (refused !== undefined) return { moves: [], answer: () => refused };
      const book = await bookOf(kit, place);
      const events: PlaceEvent[] = book.broken === undefined ? [event] : [{ type: 'mended' }, event];
      const stream = `place:${placeKey(place)}` as const;
      return {
        moves: [],
        others: events.map((one) => ({
          entry: { stream, event: one, by: caller.person, at: now(kit) },
          version: book.version,
        })),
        answer: () => ({ kind: 'done' }),
      };
    }),
  );
}

async function bookOf(kit: Kit, place: Place): Promise<ReturnType<typeof emptyPlaceBook>> {
  const books = await kit.store.placeBooks();
  return books.find((book) => placeKey(book.place) === placeKey(place)) ?? emptyPlaceBook(place);
}

/** Notes that a place cannot be reached, so that it is passed over until somebody lets the bot in again. */
export async function markBroken(kit: Kit, place: Place, code: string): Promise<void> {
  await transact(kit, {}, async () => {
    const book = await bookOf(kit, place);
    const event = { type: 'broken' as const, code };
    const entry = { stream: `place:${placeKey(place)}` as const, event, by: BOT, at: now(kit) };
    return {
      moves: [],
      others: book.broken === undefined ? [{ entry, version: book.version }] : [],
      answer: () => undefined,
    };
  });
}

/** Says once in a place what will be posted there; a place that could not be reached before is tried again. */
export async function welcome(kit: Kit, place: Place): Promise<void> {
  const key = `intro:${placeKey(place)}`;
  await transact(kit, {}, async () => {
    const book = await bookOf(kit, place);
    const mended = {
      stream: `place:${placeKey(place)}` as const,
      event: { type: 'mended' as const },
      by: BOT,
      at: now(kit),
    };
    return {
      moves: [],
      others: book.broken === undefined ? [] : [{ entry: mended, version: book.version }],
      effects: [{ key, lane: key, mode: 'once', effect: { kind: 'intro', place }, due: kit.clock.now() }],
      answer: () => undefined,
    };
  });
}
