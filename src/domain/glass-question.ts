import { sha256 } from './canonical.ts';
import type { Entry } from './event.ts';
import { type Person, sameHuman } from './person.ts';

/** The first of two steps: somebody was shown what breaking the glass means. Of the code only the hash is written. */
export interface GlassQuestion {
  readonly hash: string;
  /** Of the plan that it was asked about. */
  readonly binding: string;
  /** ISO 8601 in UTC. */
  readonly expiresAt: string;
}

/** A question is open for so long, in milliseconds: long enough to read it, too short to keep it for another day. */
const OPEN_MS = 300_000;

/** @param now milliseconds since 1970 */
export function glassQuestion(code: string, binding: string, now: number): GlassQuestion {
  return { hash: hashOf(code), binding, expiresAt: new Date(now + OPEN_MS).toISOString() };
}

/**
 * Was this person shown what breaking the glass of this deployment means, shortly before, and in the same plan? The code was given to
 * nobody else. `entries`: those of the deployment. `now`: ISO 8601 in UTC.
 */
export function isConfirmed(
  entries: readonly Pick<Entry, 'event' | 'by'>[],
  said: { readonly by: Person; readonly code: string; readonly binding: string; readonly now: string },
): boolean {
  const hash = hashOf(said.code);
  return entries.some(({ event, by }) => {
    if (event.type !== 'approval-denied' || event.wish !== 'break-glass' || !sameHuman(by, said.by)) return false;
    const { question } = event;
    return question.hash === hash && question.binding === said.binding && said.now < question.expiresAt;
  });
}

function hashOf(code: string): string {
  return sha256(`break-glass ${code}`);
}
