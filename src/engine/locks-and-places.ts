import type { Place } from '../domain/catalog.ts';
import { placeKey } from '../domain/catalog.ts';
import { reasonRefusal } from '../domain/decide.ts';
import { targetStream } from '../domain/event.ts';
import { BOT } from '../domain/person.ts';
import { refusal } from '../domain/refusal.ts';
import { emptyPlaceBook, evolveTarget, type PlaceEvent, type TargetEvent } from '../domain/target.ts';
import { configured } from './admission.ts';
import { no, orUnwritable, type Refused } from './answers.ts';
import { moveQueue } from './consequences.ts';
import type { Caller, PlaceAnswer, TargetAnswer } from './door.ts';
import { type Kit, now } from './kit.ts';
import { transact } from './transact.ts';

/** May this caller change a lock or a subscription at all? */
function stopped(caller: Caller): Refused | undefined {
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

export interface LockWish {
  readonly service: string;
  readonly environment: string;
  readonly lock: boolean;
  readonly reason?: string;
}

/** Locks or unlocks a target. Whoever waits in its queue shows it; unlocking wakes them. */
export function turnLock(kit: Kit, caller: Caller, wish: LockWish): Promise<TargetAnswer> {
  const { service, environment, reason } = wish;
  return orUnwritable<TargetAnswer>(kit, () =>
    transact<TargetAnswer>(kit, { key: caller.key }, async () => {
      const refused = stopped(caller) ?? (await lockRefusal(kit, wish));
      if (refused !== undefined) return { moves: [], answer: () => refused };
      const before = await kit.store.target(service, environment);
      const event: TargetEvent = wish.lock
        ? { type: 'locked', reason: reason?.trim() ?? '' }
        : { type: 'unlocked', ...(reason === undefined ? {} : { reason }) };
      const at = now(kit);
      const queue = await moveQueue(kit, { service, environment }, kit.clock.now());
      return {
        moves: [],
        others: [
          {
            entry: { stream: targetStream(service, environment), event, by: caller.person, at },
            version: before.version,
          },
        ],
        effects: queue.effects,
        wakeups: wish.lock ? [] : queue.wakeups,
        answer: () => ({ kind: 'done', target: evolveTarget(before, event, at, caller.person) }),
      };
    }),
  );
}

async function lockRefusal(kit: Kit, { service, environment, lock, reason }: LockWish): Promise<Refused | undefined> {
  if (configured(kit, { service, environment }) === undefined) {
    return no(refusal('unknown-environment', `There is no ${service} in ${environment}.`, 'See `services`.'));
  }
  const missing = lock
    ? reasonRefusal(reason, 'A lock needs a reason, so that others know when it may go.')
    : undefined;
  if (missing !== undefined) return no(missing);
  const { lock: present } = await kit.store.target(service, environment);
  if (lock && present !== undefined) {
    return no(
      refusal(
        'target-locked',
        `${service} in ${environment} is already locked by ${present.by.name}: ${present.reason}`,
        `First \`unlock ${service} ${environment}\`.`,
      ),
    );
  }
  if (!lock && present === undefined)
    return no(refusal('target-not-locked', `${service} in ${environment} is not locked.`, 'Nothing needs to be done.'));
  return undefined;
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
