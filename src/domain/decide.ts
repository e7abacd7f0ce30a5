import { sameArtifacts } from './artifact.ts';
import type { Deployment } from './deployment.ts';
import type { DeploymentEvent } from './event.ts';
import type { Person } from './person.ts';
import type { Plan } from './plan.ts';
import { exclusionOf, type Membership, satisfied, tally } from './policy.ts';
import { type Refusal, refusal } from './refusal.ts';
import { type ApproveWish, approvalRefusals, bystanderRefusal, decidedRefusal, staleRefusal } from './refusals.ts';
import { askedRules, rulesOf } from './rules.ts';

/** What the machine says to a wish: events that now happen, or why not. A refused wish may still leave a mark in the log. */
export type Decision =
  | { readonly kind: 'events'; readonly events: readonly DeploymentEvent[] }
  | {
      readonly kind: 'refused';
      readonly refusals: readonly Refusal[];
      readonly events: readonly DeploymentEvent[];
      /** What a second step must bring, where the first one only asked. Never written down. */
      readonly code?: string;
    }
  /** Nothing to do any more: the fact comes too late or changes nothing. */
  | { readonly kind: 'nothing' };

export const NOTHING: Decision = { kind: 'nothing' };

export function happen(...events: readonly DeploymentEvent[]): Decision {
  return { kind: 'events', events };
}

export function deny(refusals: readonly Refusal[], events: readonly DeploymentEvent[] = []): Decision {
  return { kind: 'refused', refusals, events };
}

/**
 * Takes a countersignature, or says why not. The request's own state, the clicked revision, the person, the person's part in the change
 * and the membership are all looked at, and every objection is told at once.
 */
export function decideApprove(deployment: Deployment, wish: ApproveWish): Decision {
  const closed = decidedRefusal(deployment);
  if (closed !== undefined) return deny([closed]);
  const stale = staleRefusal(deployment, wish.revision);
  if (stale !== undefined) return deny([stale], [{ type: 'approval-denied', refusals: [stale] }]);
  if (late(deployment, wish.now))
    return deny([refusal('expired', 'The time to approve this request is over.', 'Ask for the deployment again.')]);
  const { plan, findings } = deployment;
  if (plan === undefined || findings === undefined) return deny([staleAlways()]);
  const objections = approvalRefusals(deployment, findings.excluded, wish);
  if (objections.length > 0) return deny(objections, [{ type: 'approval-denied', refusals: objections }]);
  const groups = wish.memberships.filter(({ member }) => member === true).map(({ group }) => group);
  const countersignature = {
    ...{ by: wish.by, through: wish.through, groups, at: wish.now, binding: plan.hash },
    ...(wish.onBehalfOf === undefined ? {} : { onBehalfOf: wish.onBehalfOf }),
  };
  const given = [...deployment.countersignatures, countersignature];
  const signed: DeploymentEvent = { type: 'countersigned', countersignature };
  return satisfied(tally({ rules: askedRules(deployment) }, given, findings.excluded))
    ? happen(signed, { type: 'queued', plan })
    : happen(signed);
}

function staleAlways(): Refusal {
  return refusal('request-changed', 'This request has not been worked out yet.', 'Try again in a moment.');
}

function late(deployment: Deployment, now: string): boolean {
  return deployment.expiresAt !== undefined && now >= deployment.expiresAt;
}

/** Somebody says no. Any approver of the target may, also one who had a hand in the change: a no harms nobody. */
export function decideReject(
  deployment: Deployment,
  wish: { by: Person; reason: string; memberships: readonly Membership[]; revision?: number },
): Decision {
  const closed = decidedRefusal(deployment) ?? staleRefusal(deployment, wish.revision);
  if (closed !== undefined) return deny([closed]);
  const reason = reasonRefusal(wish.reason, 'A rejection needs a reason, so that the requester knows what to change.');
  if (reason !== undefined) return deny([reason]);
  const outsider = bystanderRefusal(deployment, wish.by, wish.memberships);
  if (outsider !== undefined) return deny([outsider], [{ type: 'approval-denied', refusals: [outsider] }]);
  return happen({ type: 'rejected', reason: wish.reason.trim() });
}

/** The longest reason a person may give, in characters (R24 of the chat rules). */
export const REASON_LIMIT = 500;

export function reasonRefusal(reason: string | undefined, why: string): Refusal | undefined {
  const text = reason?.trim() ?? '';
  if (text === '') return refusal('missing-reason', why, 'Say why in a few words.');
  if (text.length <= REASON_LIMIT) return undefined;
  return refusal(
    'reason-too-long',
    `A reason has at most ${REASON_LIMIT} characters; this one has ${text.length}.`,
    'Shorten it.',
  );
}

/**
 * Somebody calls it off: the requester, whoever has a part in the change, or an approver. Where nobody needs to approve, anybody
 * known. Before the run it ends at once; a run is asked to stop, and ends when the provider says so.
 */
export function decideCancel(
  deployment: Deployment,
  wish: {
    by: Person;
    reason: string;
    memberships: readonly Membership[];
    /** What the configuration says of the right to cancel what others asked for; absent: nothing. */
    access?: 'unsaid' | 'yes' | Refusal;
  },
): Decision {
  if (deployment.endedAt !== undefined || deployment.state === 'rolling-back') {
    return deny([
      refusal('not-open', `${deployment.id} has already ended.`, 'Use `rollback` to bring the former version back.'),
    ]);
  }
  const { access = 'unsaid' } = wish;
  const free = access === 'unsaid' && deployment.plan !== undefined && asksNobody(deployment.plan);
  const part = exclusionOf(
    wish.by,
    deployment.findings?.excluded ?? [{ person: deployment.requester, parts: [], commits: [] }],
  );
  const member = wish.memberships.some((one) => one.member === true);
  if (!wish.by.known || !(free || part !== undefined || member || access === 'yes')) {
    if (typeof access === 'object') return deny([access]);
    const next = `Ask ${deployment.requester.name} or an approver of this target.`;
    return deny([refusal('not-permitted', `You may not cancel ${deployment.id}.`, next)]);
  }
  const long = wish.reason.trim() === '' ? undefined : reasonRefusal(wish.reason, '');
  if (long !== undefined) return deny([long]);
  if (deployment.state !== 'running') return happen({ type: 'cancelled', reason: wish.reason.trim() });
  if (deployment.cancellation !== undefined) {
    return deny([
      refusal(
        'already-decided',
        `${deployment.cancellation.by.name} has already asked the run to stop.`,
        'Wait for the provider.',
      ),
    ]);
  }
  return happen({ type: 'cancel-asked', reason: wish.reason.trim() });
}

/** At most one nudge in this many milliseconds. */
const NUDGE_PAUSE_MS = 600_000;

export function decideNudge(deployment: Deployment, now: string): Decision {
  const closed = decidedRefusal(deployment);
  if (closed !== undefined) return deny([closed]);
  const since = deployment.nudgedAt ?? deployment.since;
  const wait = NUDGE_PAUSE_MS - (Date.parse(now) - Date.parse(since));
  if (wait > 0) {
    const minutes = Math.ceil(wait / 60_000);
    return deny([refusal('nudged-too-soon', 'The approvers have just been told.', `Nudge again in ${minutes} min.`)]);
  }
  return happen({ type: 'nudged' });
}

export function decideReminder(deployment: Deployment): Decision {
  return deployment.state === 'awaiting-approval' && deployment.remindedAt === undefined
    ? happen({ type: 'reminded' })
    : NOTHING;
}

export function decideExpiry(deployment: Deployment, now: string): Decision {
  return deployment.state === 'awaiting-approval' && late(deployment, now) ? happen({ type: 'expired' }) : NOTHING;
}

/**
 * The configuration has changed under a request that waits: what was asked is no longer what would happen, so it is asked anew. Where
 * nobody is asked any more, it goes on.
 */
export function decideNewPlan(deployment: Deployment, plan: Plan, expiresAt: string): Decision {
  if (deployment.state !== 'awaiting-approval' || plan.hash === deployment.plan?.hash) return NOTHING;
  const asked: DeploymentEvent[] = [
    { type: 'approvals-voided', reason: voided(deployment, plan) },
    { type: 'approval-asked', plan, expiresAt },
  ];
  return happen(...asked, ...(asksNobody(plan) ? [{ type: 'queued' as const, plan }] : []));
}

const OTHER_ARTIFACTS = 'The environments before now stand on other artifacts of this commit.';

/** The rules depend on what would change as well as on the configuration. */
function voided({ plan: former }: Deployment, plan: Plan): string {
  if (!sameArtifacts(former?.artifacts ?? [], plan.artifacts ?? [])) return OTHER_ARTIFACTS;
  const others = JSON.stringify(rulesOf(former)) !== JSON.stringify(rulesOf(plan));
  return others && former?.configuration === plan.configuration
    ? 'What would change there is no longer the same, and with it who must countersign.'
    : 'The configuration of this target changed.';
}

function asksNobody(plan: Plan): boolean {
  return plan.stages.every(({ kind }) => kind !== 'approval');
}

/** What is known at the moment a queued deployment could go. */
export interface Admission {
  readonly plan: Plan;
  /** The commit that runs on the target now. */
  readonly current?: string;
  /** Refusals of the gates at dispatch. */
  readonly refusals: readonly Refusal[];
  readonly expiresAt: string;
  /** Its moment has come since the facts were gathered. */
  readonly stale?: boolean;
  readonly expectedMs?: number;
  /** Since when nothing but failures came to the target. */
  readonly failingSince?: string;
}

export type AdmissionDecision = Decision | { readonly kind: 'gather-again' };

/**
 * The last look before dispatch. What was approved must still be what would happen: the plan (with the commit and the configuration)
 * and the range of commits, whose people were kept from approving.
 */
export function decideAdmission(deployment: Deployment, admission: Admission): AdmissionDecision {
  const { findings } = deployment;
  if (deployment.state !== 'queued' || findings === undefined) return NOTHING;
  const { plan } = admission;
  // What was slept through is told at once; all else is asked of what is true at the moment.
  const missed = admission.refusals.filter(({ code }) => code === 'schedule-missed');
  if (missed.length > 0) return happen({ type: 'refused', refusals: missed });
  if (admission.stale === true) return { kind: 'gather-again' };
  if (admission.refusals.length > 0) return happen({ type: 'refused', refusals: admission.refusals });
  if (deployment.kind !== 'rollback' && findings.former?.sha !== admission.current) return { kind: 'gather-again' };
  const go: DeploymentEvent = {
    type: 'dispatched',
    ...(admission.expectedMs === undefined ? {} : { expectedMs: admission.expectedMs }),
    ...(admission.failingSince === undefined ? {} : { failingSince: admission.failingSince }),
  };
  if (deployment.kind === 'rollback') return happen(go);
  const bound = deployment.countersignatures.filter(({ binding }) => binding === plan.hash);
  const met = satisfied(tally({ rules: askedRules(deployment) }, bound, findings.excluded));
  const stands = plan.hash === deployment.plan?.hash && (met || deployment.glass?.binding === plan.hash);
  if (stands) return happen(go);
  const reason =
    plan.hash === deployment.plan?.hash
      ? 'What runs there has changed, and an approver turned out to have a hand in what would be deployed.'
      : sameArtifacts(plan.artifacts ?? [], deployment.plan?.artifacts ?? [])
        ? 'The configuration of this target changed after the approval.'
        : OTHER_ARTIFACTS;
  const again: DeploymentEvent[] = [
    { type: 'approvals-voided', reason },
    { type: 'approval-asked', plan, expiresAt: admission.expiresAt },
  ];
  // A policy without rules has nobody to ask again: the new plan simply goes.
  return happen(...again, ...(asksNobody(plan) ? [{ type: 'queued' as const, plan }, go] : []));
}
