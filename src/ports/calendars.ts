import type { Account } from '../domain/person.ts';

/** Calendars that others keep, e.g. the iCalendar feed (RFC 5545) of an on-call service. */
export interface Calendars {
  /**
   * Whom the events name that are under way at a moment (ISO 8601 in UTC): their attendees by e-mail address, or the organizer of an
   * event without any. Throws a PortFailure when the feed cannot be read or understood.
   * @param address a reference to the secret address, e.g. `env:ON_CALL`
   */
  attendees(address: string, at: string): Promise<readonly Account[]>;
}
