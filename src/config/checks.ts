import { checkCalendar } from './checks-calendar.ts';
import { namesTwice, peopleTwice } from './checks-doubles.ts';
import { unknownNames } from './checks-names.ts';
import { checkOrder } from './checks-order.ts';
import { checkRules } from './checks-rules.ts';
import type { Path, Problem } from './problem.ts';
import type { Configuration, ConfigurationParts } from './schema.ts';

/** What the checks between several parts of the file look at. */
export interface CheckFrame {
  /** The configuration without the parts that are at fault in themselves. */
  readonly configuration: Configuration;
  /** The whole content, so that nothing counts as missing that is only at fault. */
  readonly content: unknown;
  readonly parts: ConfigurationParts;
  /** Was something at or below this place left out? */
  isPruned(path: Path): boolean;
}

export interface Checked {
  readonly faults: readonly Problem[];
  /** Allowed, but seldom meant. */
  readonly warnings: readonly Problem[];
}

/** Everything that can only be seen by looking at several parts of the file together. */
export function crossChecks(frame: CheckFrame): Checked {
  const checks = [
    unknownNames(frame),
    peopleTwice(frame),
    namesTwice(frame),
    checkRules(frame),
    checkOrder(frame),
    checkCalendar(frame),
  ];
  return { faults: checks.flatMap((one) => one.faults), warnings: checks.flatMap((one) => one.warnings) };
}
