import { Temporal } from 'temporal-polyfill';

/** Times of day as people say them, e.g. `22:00` to `07:00`. Over midnight when the end is not after the beginning. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/**
 * When somebody's quiet hours end, if they last now; milliseconds since 1970. Where the clock is put back or forward, the times of day
 * are those of that day: an hour that does not exist is the one after it, one that comes twice the first (RFC 5545, section 3.3.5).
 * @param at milliseconds since 1970
 * @param zone IANA name; an unknown one gives no quiet at all, so that nothing is held back by mistake
 */
export function quietUntil(quiet: QuietHours | undefined, at: number, zone: string): number | undefined {
  const known = timeZoneNamed(zone);
  if (quiet === undefined || known === undefined) return undefined;
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(known).toPlainDate();
  // What began yesterday may last until today.
  for (const day of [today.subtract({ days: 1 }), today]) {
    const from = moment(day, quiet.from, known);
    const to = moment(quiet.to > quiet.from ? day : day.add({ days: 1 }), quiet.to, known);
    if (from <= at && at < to) return to;
  }
  return undefined;
}

/** The name of a time zone as the tz database writes it, e.g. `Europe/Berlin` for `europe/berlin`; nothing for one it does not know. */
export function timeZoneNamed(name: string): string | undefined {
  // An offset such as +01:00 is read too, but knows no summer time.
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return undefined;
  }
}

/** A time of day on a day in a zone, in milliseconds since 1970. */
export function moment(day: Temporal.PlainDate, time: string, zone: string): number {
  return day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
}
