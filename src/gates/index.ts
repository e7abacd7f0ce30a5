import type { Refusal } from '../domain/refusal.ts';
import { refusalsOf, type Verdict, warningsOf } from '../domain/verdict.ts';
import { approverExists } from './approver-exists.ts';
import { calendarOpen } from './calendar-open.ts';
import { checksPassed } from './checks-passed.ts';
import { environmentsBefore } from './environments-before.ts';
import type { Gate, GateFacts, Moment } from './gate.ts';
import { incidentGiven } from './incident-given.ts';
import { inputsFit } from './inputs-fit.ts';
import { lockWarning } from './lock-warning.ts';
import { notTakenBack } from './not-taken-back.ts';
import { notThereAlready } from './not-there-already.ts';
import { rangeReadable } from './range-readable.ts';
import { reasonGiven } from './reason-given.ts';
import { requesterLinked } from './requester-linked.ts';
import { stillInTime } from './still-in-time.ts';
import { targetOpen } from './target-open.ts';

/** Every gate, in the order in which its words are shown. Adding one is a file and a line. */
export const gates: readonly Gate[] = [
  requesterLinked,
  reasonGiven,
  incidentGiven,
  inputsFit,
  targetOpen,
  lockWarning,
  calendarOpen,
  stillInTime,
  rangeReadable,
  notThereAlready,
  checksPassed,
  approverExists,
  environmentsBefore,
  notTakenBack,
];

export const GATE_IDS: readonly string[] = gates.map(({ id }) => id);

/** Asks every gate of a moment; nobody stops at the first no. */
export function askGates(moment: Moment, facts: GateFacts): readonly Verdict[] {
  return gates.filter(({ moments }) => moments.includes(moment)).map((gate) => gate.check(facts));
}

/** What speaks against it, and was set aside with a reason: it stands on the card, so that whoever approves knows of it. */
export function overridden(facts: GateFacts): readonly string[] {
  if (facts.override === undefined) return [];
  return warningsOf([environmentsBefore, notTakenBack].map((gate) => gate.check(facts)));
}

/** Asks every gate there is, whatever its moment: what was promised for later must stand in every respect when it comes. */
export function everyRefusal(facts: GateFacts): readonly Refusal[] {
  return refusalsOf(gates.map((gate) => gate.check(facts)));
}

export function gateRefusals(moment: Moment, facts: GateFacts): readonly Refusal[] {
  return refusalsOf(askGates(moment, facts));
}
