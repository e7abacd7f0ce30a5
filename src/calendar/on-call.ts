import ICAL from 'ical.js';
import type { Account } from '../domain/person.ts';

/** An event that comes again more often than this before the moment asked about is not followed: nobody is on call then. */
const MOST_OCCURRENCES = 20_000;

/**
 * Whom the events of an iCalendar text (RFC 5545) name that are under way at a moment: attendees who did not decline, or the organizer
 * of an event without attendees, by e-mail address. Cancelled events count for nothing; what was moved counts where it was moved to.
 * `at` in milliseconds since 1970.
 * @throws RangeError when the text cannot be understood, when a time zone is named that it does not explain, or when it repeats endlessly
 */
export function attendeesAt(text: string, at: number): readonly Account[] {
  const root = parsed(text);
  const components = root.getAllSubcomponents('vevent');
  for (const component of components) refuseUnknownZones(root, component);
  const events = components.map((component) => new ICAL.Event(component));
  const moved = events.filter((event) => event.isRecurrenceException());
  const covering = events.flatMap((event) => {
    if (event.isRecurrenceException()) return covers(event.startDate, event.endDate, at) ? [event] : [];
    const own = moved.filter(({ uid }) => uid === event.uid).map(({ recurrenceId }) => millis(recurrenceId));
    return isOn(event, own, at) ? [event] : [];
  });
  const accounts = covering.filter((event) => status(event) !== 'CANCELLED').flatMap(namedBy);
  return accounts.filter(({ id }, index) => accounts.findIndex((other) => other.id === id) === index);
}

function parsed(text: string): ICAL.Component {
  try {
    const root = new ICAL.Component(ICAL.parse(text) as ConstructorParameters<typeof ICAL.Component>[0]);
    if (root.name === 'vcalendar') return root;
  } catch {
    // Said below, without the text: it may hold what is nobody's business.
  }
  throw new RangeError('It is no iCalendar text.');
}

/** The library reads a time of a zone that it does not know as if it were UTC, which would put somebody else on call. */
function refuseUnknownZones(root: ICAL.Component, event: ICAL.Component): void {
  for (const property of event.getAllProperties()) {
    const zone = property.getFirstParameter('tzid');
    if (zone !== undefined && zone !== null && zone !== 'UTC' && root.getTimeZoneByID(zone) === null)
      throw new RangeError(`The time zone "${zone}" is not explained in it.`);
  }
}

function isOn(event: ICAL.Event, moved: readonly number[], at: number): boolean {
  if (!event.isRecurring()) return covers(event.startDate, event.endDate, at);
  const length = millis(event.endDate) - millis(event.startDate);
  const iterator = event.iterator();
  for (let count = 0; count < MOST_OCCURRENCES; count += 1) {
    const next: ICAL.Time | null | undefined = iterator.next();
    if (next === null || next === undefined) return false;
    const start = millis(next);
    if (start > at) return false;
    if (at < start + length && !moved.includes(start)) return true;
  }
  throw new RangeError('It repeats too often.');
}

function covers(start: ICAL.Time, end: ICAL.Time, at: number): boolean {
  return millis(start) <= at && at < millis(end);
}

function millis(time: ICAL.Time): number {
  return time.toUnixTime() * 1000;
}

function status(event: ICAL.Event): unknown {
  return event.component.getFirstPropertyValue('status');
}

function namedBy({ component }: ICAL.Event): readonly Account[] {
  const attendees = component.getAllProperties('attendee');
  const present = attendees.filter((one) => one.getFirstParameter('partstat') !== 'DECLINED');
  const named = attendees.length > 0 ? present : component.getAllProperties('organizer');
  return named.flatMap((property) => {
    const [, address] = /^mailto:([^\s?]+@[^\s?]+)/i.exec(String(property.getFirstValue())) ?? [];
    return address === undefined ? [] : [{ system: 'email', id: address.toLowerCase() }];
  });
}
