import { evolveLock, type LockEvent, type ScopeBook } from './lock.ts';
import type { Person } from './person.ts';
import type { PersonBook, PersonEvent } from './person-book.ts';
import type { Review, ReviewEvent } from './review.ts';
import { needsAfter } from './vocabulary.ts';

/** What a wide scope is after an event; pure, total. */
export function evolveScopeBook(book: ScopeBook, event: LockEvent, at: string, by: Person): ScopeBook {
  const { lock: before, ...rest } = book;
  const lock = evolveLock(before, event, at, by);
  const base = { ...rest, ...needsAfter(book, event), version: book.version + 1 };
  return lock === undefined ? base : { ...base, lock };
}

/** What a person's book is after an event; pure, total. */
export function evolvePersonBook(book: PersonBook, event: PersonEvent, at: string): PersonBook {
  const base: PersonBook = { ...book, ...needsAfter(book, event), version: book.version + 1 };
  switch (event.type) {
    case 'delegated': {
      const { type: _type, ...delegation } = event;
      return { ...base, delegation: { ...delegation, at } };
    }
    case 'delegation-ended': {
      const { delegation: _gone, ...present } = base;
      return present;
    }
    case 'preferred':
      return { ...base, preferences: event.preferences };
  }
}

/**
 * What a review is after an event; pure.
 * @throws TypeError when something happens to a review that was never opened
 */
export function evolveReview(
  before: Review | undefined,
  deployment: string,
  event: ReviewEvent,
  { at, by }: { readonly at: string; readonly by: Person },
): Review {
  const needs = needsAfter(before, event);
  if (event.type === 'review-opened') {
    const { type: _type, ...task } = event;
    return { deployment, ...task, ...needs, version: (before?.version ?? 0) + 1, openedAt: at, chases: 0 };
  }
  if (before === undefined)
    throw new TypeError(`"${event.type}" happened to a review of ${deployment} that nobody opened.`);
  const base: Review = { ...before, ...needs, version: before.version + 1 };
  if (event.type === 'review-chased') return { ...base, chasedAt: at, chases: before.chases + 1 };
  return { ...base, closed: { by, note: event.note, at } };
}
