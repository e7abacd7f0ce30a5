import { InvalidArgumentError } from 'commander';

/** A date or moment; without an offset it is UTC, whatever the time zone of this machine. Becomes ISO 8601 in UTC. */
export function readTime(text: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  const [, date = '', time = '00:00', offset = 'Z'] = parts ?? [];
  const moment = new Date(`${date}T${time}${offset}`);
  if (parts === null || Number.isNaN(moment.getTime()) || !isCalendarDate(date)) {
    throw new InvalidArgumentError('Write a date or moment, e.g. 2026-01-31 or 2026-01-31T18:00:00Z.');
  }
  return moment.toISOString();
}

/** JavaScript takes 30 February for 2 March. */
function isCalendarDate(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
