import { type Decision, decideApprove, decideCancel, decideNudge, decideReject, deny, NOTHING } from './decide.ts';
import type { Deployment } from './deployment.ts';
import type { Person } from './person.ts';
import { exclusionOf } from './policy.ts';
import { type Refusal, type RefusalCode, refusal } from './refusal.ts';
import { type ApproveWish, decidedRefusal, partWords } from './refusals.ts';
import { asPart, hasNotBegun, trainRevision } from './train.ts';

/** What one word on a train means for one of its members. */
export interface MemberDecision {
  readonly before: Deployment;
  readonly decision: Decision;
}

/** A word on a train: what now happens to which members, or why nothing does. A refused one may still leave marks in their logs. */
export interface TrainDecision {
  readonly refusals: readonly Refusal[];
  readonly members: readonly MemberDecision[];
}

function refuse(...refusals: readonly Refusal[]): TrainDecision {
  return { refusals, members: [] };
}

/** Somebody decides on one member of a train alone. */
export function partRefusal({ id, train }: Deployment, verb: string): Refusal {
  const whole = train?.id ?? '';
  const sentence = `${id} is part of the train ${whole}, which is decided on as one.`;
  const next =
    verb === 'break-glass'
      ? `Get ${whole} countersigned, or cancel it and ask for ${id} alone.`
      : `Use \`${verb} ${whole}\`.`;
  return refusal('part-of-train', sentence, next);
}

/** What keeps a word on the train from being heard at all: nothing waits, it is still worked out, or the card is old. */
function notNow(members: readonly Deployment[], revision: number | undefined): Refusal | undefined {
  const train = members[0]?.train?.id ?? '';
  const early = members.find(({ state }) => state === 'requested' || state === 'checking');
  if (early !== undefined) {
    const sentence = `${train} is still being checked (${early.service}).`;
    return refusal('not-awaiting-approval', sentence, 'Wait until the card asks for approval.');
  }
  const waits = members.some(({ state }) => state === 'awaiting-approval');
  const told = members.find(
    ({ rejection, countersignatures }) => rejection !== undefined || countersignatures.length > 0,
  );
  const closed = waits ? undefined : (told ?? members[0]);
  const decided = closed === undefined ? undefined : decidedRefusal(closed);
  if (decided !== undefined) return decided;
  if (revision === undefined || revision === trainRevision(members)) return undefined;
  const sentence = 'This train has changed since that card was drawn.';
  return refusal('request-changed', sentence, `Look at the present card of ${train} and decide again.`);
}

/** Refusals of one member that only mean: this word is not asked for there. It may still be needed elsewhere in the train. */
const ELSEWHERE: ReadonlySet<RefusalCode> = new Set(['not-in-group', 'group-unreadable', 'already-countersigned']);

/**
 * One countersignature for all members that ask for it, each bound to its own plan. Whoever had a hand in one of the members may
 * countersign none of them. Members whose groups the person is not in wait on for somebody else.
 */
export function decideTrainApprove(
  members: readonly Deployment[],
  wishOn: (member: Deployment) => ApproveWish,
  revision?: number,
): TrainDecision {
  const closed = notNow(members, revision);
  const waiting = members.filter(({ state }) => state === 'awaiting-approval');
  const first = waiting[0];
  if (closed?.code === 'request-changed' && first !== undefined) {
    const denied = deny([closed], [{ type: 'approval-denied', refusals: [closed] }]);
    return { refusals: [closed], members: [{ before: first, decision: denied }] };
  }
  if (closed !== undefined) return refuse(closed);
  const hand = first === undefined ? undefined : handIn(members, wishOn(first).by);
  if (hand !== undefined) {
    const denied = deny([hand.refusal], [{ type: 'approval-denied', refusals: [hand.refusal] }]);
    return { refusals: [hand.refusal], members: [{ before: hand.member, decision: denied }] };
  }
  const judged = waiting.map((before) => ({
    before,
    decision: decideApprove(asPart(before, members), wishOn(before)),
  }));
  const heard = judged.filter(({ decision }) => decision.kind === 'events');
  const against = judged.filter(({ decision }) => refusalsOf(decision).some(({ code }) => !ELSEWHERE.has(code)));
  if (heard.length > 0 && against.length === 0) return { refusals: [], members: heard };
  const told = (against.length > 0 ? against : judged).flatMap(({ decision }) => refusalsOf(decision));
  const marked = judged.filter(({ decision }) => decision.kind === 'refused');
  return { refusals: distinct(told), members: against.length > 0 ? marked : marked.slice(0, 1) };
}

/** The member that somebody had a hand in, which keeps them from approving any. */
function handIn(
  members: readonly Deployment[],
  by: Person,
): { readonly member: Deployment; readonly refusal: Refusal } | undefined {
  for (const member of members) {
    const exclusion = exclusionOf(by, member.findings?.excluded ?? []);
    if (exclusion === undefined) continue;
    const next = 'A person without a part in any of it must countersign.';
    if (exclusion.parts.includes('requester')) {
      const sentence = 'You asked for this train, so you cannot also approve it.';
      return { member, refusal: refusal('requester-may-not-approve', sentence, next) };
    }
    const part = partWords(exclusion).replace('is a', 'are a');
    const sentence = `You cannot approve ${member.train?.id ?? member.id}, because you had a hand in ${member.service} (${member.id}): you ${part}.`;
    return { member, refusal: refusal('contributor-may-not-approve', sentence, next) };
  }
  return undefined;
}

/** A no to one is a no to all of it: what waits is rejected where the person may, and the rest of the train stops with it. */
export function decideTrainReject(
  members: readonly Deployment[],
  rejectOf: (member: Deployment) => Parameters<typeof decideReject>[1],
  revision?: number,
): TrainDecision {
  const closed = notNow(members, revision);
  if (closed !== undefined) return refuse(closed);
  const waiting = members.filter(({ state }) => state === 'awaiting-approval');
  const judged = waiting.map((before) => ({ before, decision: decideReject(before, rejectOf(before)) }));
  const heard = judged.filter(({ decision }) => decision.kind === 'events');
  if (heard.length > 0) return { refusals: [], members: heard };
  return { refusals: distinct(judged.flatMap(({ decision }) => refusalsOf(decision))), members: judged.slice(0, 1) };
}

/** Calls off every member that has not ended; runs are asked to stop. Who may not cancel one of them may cancel none. */
export function decideTrainCancel(
  members: readonly Deployment[],
  cancelOf: (member: Deployment) => Parameters<typeof decideCancel>[1],
): TrainDecision {
  const open = members.filter((one) => hasNotBegun(one) || (one.state === 'running' && one.cancellation === undefined));
  if (open.length === 0) {
    const train = members[0]?.train?.id ?? '';
    const stopping = members.some(({ state }) => state === 'running');
    const sentence = stopping ? `The runs of ${train} have already been asked to stop.` : `${train} has already ended.`;
    const next = stopping ? 'Wait for the provider.' : `See \`train ${train}\` for what can be brought back.`;
    return refuse(refusal(stopping ? 'already-decided' : 'not-open', sentence, next));
  }
  const judged = open.map((before) => ({ before, decision: decideCancel(before, cancelOf(before)) }));
  const against = judged.flatMap(({ decision }) => refusalsOf(decision));
  return against.length > 0 ? refuse(...distinct(against)) : { refusals: [], members: judged };
}

/** Tells those again who are still needed by any member. */
export function decideTrainNudge(members: readonly Deployment[], now: string): TrainDecision {
  const closed = notNow(members, undefined);
  if (closed !== undefined) return refuse(closed);
  const waiting = members.filter(({ state }) => state === 'awaiting-approval');
  const judged = waiting.map((before) => ({ before, decision: decideNudge(before, now) }));
  const against = judged.flatMap(({ decision }) => refusalsOf(decision));
  return against.length > 0 ? refuse(...distinct(against)) : { refusals: [], members: judged };
}

/** One member went wrong: what has not begun is called off, and says after whom. Nothing for all others. */
export function decideStop(member: Deployment, after: Deployment): Decision {
  if (!hasNotBegun(member)) return NOTHING;
  const reason = `stopped: ${after.id} (${after.service}) ${STOPPED_WORDS[after.state] ?? 'did not arrive'}`;
  return { kind: 'events', events: [{ type: 'cancelled', reason }] };
}

const STOPPED_WORDS: Partial<Record<Deployment['state'], string>> = {
  failed: 'failed',
  refused: 'was refused',
  rejected: 'was rejected',
  expired: 'expired',
  cancelled: 'was cancelled',
  'rolling-back': 'is being rolled back',
  'rolled-back': 'was rolled back',
};

function refusalsOf(decision: Decision): readonly Refusal[] {
  return decision.kind === 'refused' ? decision.refusals : [];
}

function distinct(refusals: readonly Refusal[]): readonly Refusal[] {
  return refusals.filter(
    (one, index) =>
      refusals.findIndex(({ code, sentence }) => code === one.code && sentence === one.sentence) === index,
  );
}
