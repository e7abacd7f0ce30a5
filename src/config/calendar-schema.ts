import { z } from 'zod';
import type { CalendarRule, CalendarRules } from '../domain/calendar.ts';
import { durationSchema, idSchema, localTimeSchema, timeZoneSchema, wordsSchema } from './fields.ts';

const entrySchema = z
  .strictObject({
    title: wordsSchema.describe('What people are told, e.g. `Christmas`.'),
    from: localTimeSchema.describe(
      'Local time when it (first) begins, e.g. `2026-12-20T18:00`; a date means its midnight.',
    ),
    until: localTimeSchema
      .optional()
      .describe('Local time when it (first) ends; a date means its midnight, so that the day itself is no part of it.'),
    for: durationSchema.optional().describe('How long it lasts, in place of `until`.'),
    rule: z
      .string()
      .regex(
        /^FREQ=[A-Z]+(;[A-Z]+=[^;\s]+)*$/,
        'This is not a rule of recurrence. Write an RRULE of iCalendar, e.g. FREQ=WEEKLY;BYDAY=FR.',
      )
      .exactOptional()
      .describe('How it comes again, as an RRULE of iCalendar (RFC 5545), e.g. `FREQ=WEEKLY;BYDAY=FR`. Default: once.'),
    environments: z.array(idSchema).min(1).exactOptional().describe('Only these environments.'),
    services: z.array(idSchema).min(1).exactOptional().describe('Only these services.'),
    timeZone: timeZoneSchema.exactOptional().describe('IANA name. Default: the time zone of the file.'),
  })
  .superRefine(({ from, until, for: forMs }, context) => {
    const fault = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
    if (until === undefined && forMs === undefined) fault('until', 'is missing: write `until` or `for`');
    else if (until === undefined) return;
    else if (forMs !== undefined) fault('for', 'This and `until` say the same. Keep one of the two.');
    else if (until <= from) fault('until', 'This is not after `from`. Write a later time.');
  });
type EntryWish = z.output<typeof entrySchema>;

/** When deployments are closed. */
export const calendarSchema = z.strictObject({
  freezes: z.array(entrySchema).default([]).describe('Spans of time in which nothing is deployed but hotfixes.'),
  hours: z
    .array(entrySchema)
    .default([])
    .describe('Hours of business: outside of them nothing is deployed to the targets that any of them speaks of.'),
});
export type CalendarWish = z.output<typeof calendarSchema>;

/** @param timeZone of the file, for entries that name none */
export function calendarOf({ freezes, hours }: CalendarWish, timeZone = 'Etc/UTC'): CalendarRules {
  const rule = (wish: EntryWish) => ruleOf(wish, timeZone);
  return { freezes: freezes.map(rule), hours: hours.map(rule) };
}

function ruleOf({ until, for: forMs = 0, ...wish }: EntryWish, timeZone: string): CalendarRule {
  return { timeZone, ...wish, forMs: until === undefined ? forMs : wallMs(until) - wallMs(wish.from) };
}

/** What the clocks on the wall say, in milliseconds; only differences mean something. */
function wallMs(local: string): number {
  return Date.parse(`${local}Z`);
}
