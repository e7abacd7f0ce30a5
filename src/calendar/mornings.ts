import { Temporal } from 'temporal-polyfill';
import type { Cadence } from '../domain/catalog.ts';
import { moment } from './quiet.ts';

const MORNING = '09:00';
/** ISO 8601: 1 is Monday. */
const MONDAY = 1;

/**
 * The last moment at or before `at` that a digest is due: nine o'clock local time, for a weekly one on Monday. Milliseconds since 1970.
 * @param zone IANA name
 */
export function lastMorning(cadence: Cadence, at: number, zone: string): number {
  let day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  while (!isDue(cadence, day) || moment(day, MORNING, zone) > at) day = day.subtract({ days: 1 });
  return moment(day, MORNING, zone);
}

/** The first such moment after `at`. */
export function nextMorning(cadence: Cadence, at: number, zone: string): number {
  let day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  while (!isDue(cadence, day) || moment(day, MORNING, zone) <= at) day = day.add({ days: 1 });
  return moment(day, MORNING, zone);
}

function isDue(cadence: Cadence, day: Temporal.PlainDate): boolean {
  return cadence === 'daily' || day.dayOfWeek === MONDAY;
}
