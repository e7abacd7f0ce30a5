/** A span of time in which deployments are closed or open, once or again and again. What it says is spelled out by the calendar port. */
export interface CalendarRule {
  /** What people are told, e.g. `Christmas`. */
  readonly title: string;
  /** Local time in `timeZone` when it (first) begins, ISO 8601 without an offset: `2026-12-20T00:00`. */
  readonly from: string;
  /** How long it lasts each time, in milliseconds. */
  readonly forMs: number;
  /** How it comes again: an RRULE value of RFC 5545 (section 3.3.10), e.g. `FREQ=WEEKLY;BYDAY=FR`. Absent: once. */
  readonly rule?: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Ids; absent: every one. */
  readonly environments?: readonly string[];
  readonly services?: readonly string[];
}

/** When deployments are closed. */
export interface CalendarRules {
  /** Closed within. */
  readonly freezes: readonly CalendarRule[];
  /** Closed outside, where any of them speaks of the target. */
  readonly hours: readonly CalendarRule[];
}

/** The calendar keeps a target closed. */
export interface Closure {
  readonly kind: 'freeze' | 'outside-hours';
  readonly title: string;
  /** ISO 8601 in UTC; absent: no end is in sight. */
  readonly until?: string;
  /** The same moment by the clock of the team's zone, in words. */
  readonly opens?: string;
}
