import type { Refusal } from '../domain/refusal.ts';
import { refusalsOf, type Verdict } from '../domain/verdict.ts';
import { approverExists } from './approver-exists.ts';
import { checksPassed } from './checks-passed.ts';
import type { Gate, GateFacts, Moment } from './gate.ts';
import { notThereAlready } from './not-there-already.ts';
import { rangeReadable } from './range-readable.ts';
import { reasonGiven } from './reason-given.ts';
import { requesterLinked } from './requester-linked.ts';
import { targetOpen } from './target-open.ts';

/** Every gate, in the order in which its words are shown. Adding one is a file and a line. */
export const gates: readonly Gate[] = [
  requesterLinked,
  reasonGiven,
  targetOpen,
  rangeReadable,
  notThereAlready,
  checksPassed,
  approverExists,
];

export const GATE_IDS: readonly string[] = gates.map(({ id }) => id);

/** Asks every gate of a moment; nobody stops at the first no. */
export function askGates(moment: Moment, facts: GateFacts): readonly Verdict[] {
  return gates.filter(({ moments }) => moments.includes(moment)).map((gate) => gate.check(facts));
}

export function gateRefusals(moment: Moment, facts: GateFacts): readonly Refusal[] {
  return refusalsOf(askGates(moment, facts));
}
