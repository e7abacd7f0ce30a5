import { recurrenceFault } from '../calendar/recurrence.ts';
import { calendarOf } from './calendar-schema.ts';
import type { Checked, CheckFrame } from './checks.ts';
import type { Problem } from './problem.ts';
import { allRefer } from './refers.ts';

/** Names in the calendar, rules that never come, and hours that come only once. */
export function checkCalendar(frame: CheckFrame): Checked {
  return { faults: [...names(frame), ...rules(frame)], warnings: [...onlyOnce(frame)] };
}

function* names(frame: CheckFrame): Generator<Problem> {
  const { calendar } = frame.configuration;
  for (const kind of ['freezes', 'hours'] as const) {
    for (const [index, { environments, services }] of (calendar?.[kind] ?? []).entries()) {
      yield* allRefer(frame, 'environment', environments, ['calendar', kind, index, 'environments']);
      yield* allRefer(frame, 'service', services, ['calendar', kind, index, 'services']);
    }
  }
}

/** What the engine could not follow would be a freeze without an end, or hours that never open. */
function* rules({ configuration: { calendar, timeZone } }: CheckFrame): Generator<Problem> {
  if (calendar === undefined) return;
  const found = calendarOf(calendar, timeZone);
  for (const kind of ['freezes', 'hours'] as const) {
    for (const [index, rule] of found[kind].entries()) {
      const fault = recurrenceFault(rule);
      if (fault === undefined) continue;
      const { code, sentence, next } = fault;
      yield { path: ['calendar', kind, index, 'rule'], at: 'value', code, message: sentence, remedy: next };
    }
  }
}

function* onlyOnce({ configuration }: CheckFrame): Generator<Problem> {
  for (const [index, { rule }] of (configuration.calendar?.hours ?? []).entries()) {
    if (rule !== undefined) continue;
    yield {
      path: ['calendar', 'hours', index],
      at: 'value',
      message: 'These hours come only once, and everything they speak of is closed ever after',
      remedy: 'Add a rule, e.g. `rule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`.',
    };
  }
}
