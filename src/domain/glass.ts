import type { Policy } from './catalog.ts';
import { type Decision, deny, happen, reasonRefusal } from './decide.ts';
import type { Deployment } from './deployment.ts';
import type { Person } from './person.ts';
import { type Refusal, refusal } from './refusal.ts';
import { decidedRefusal } from './refusals.ts';

/** Somebody wants a request to go on without the countersignatures that are still needed. */
export interface GlassWish {
  readonly by: Person;
  readonly reason: string;
  /** They were shown what it means shortly before, and then said so. */
  readonly confirmed: boolean;
  /** ISO 8601 in UTC. */
  readonly now: string;
}

/**
 * Breaks the glass, or says why not: only for people whom the configuration names, whoever asked for it, and never while it names
 * nobody. Every gate still counts, now and when its turn comes.
 */
export function decideGlass(deployment: Deployment, policy: Pick<Policy, 'breakGlass'>, wish: GlassWish): Decision {
  const named = policy.breakGlass ?? [];
  if (named.length === 0) {
    const sentence = `Nobody may break the glass of ${deployment.service} in ${deployment.environment}.`;
    return deny([refusal('glass-closed', sentence, 'Ask the approvers; Nudge tells them again.')]);
  }
  if (!wish.by.known || !named.includes(wish.by.id)) {
    const refusals = [notNamed(named)];
    const open = deployment.state === 'awaiting-approval';
    return deny(refusals, open ? [{ type: 'approval-denied', refusals }] : []);
  }
  const closed = decidedRefusal(deployment) ?? late(deployment, wish.now);
  if (closed !== undefined) return deny([closed]);
  const reason = reasonRefusal(wish.reason, 'Breaking the glass needs a reason, which everybody will read.');
  if (reason !== undefined) return deny([reason]);
  const { plan, id } = deployment;
  if (plan === undefined) {
    return deny([refusal('request-changed', 'This request has not been worked out yet.', 'Try again in a moment.')]);
  }
  if (!wish.confirmed) {
    const sentence = `${id} would go on without the countersignatures that are still needed.`;
    return deny([
      refusal('glass-not-confirmed', sentence, 'Read the question and press Break the Glass within five minutes.'),
    ]);
  }
  return happen({ type: 'glass-broken', reason: wish.reason.trim() }, { type: 'queued', plan });
}

function notNamed(named: readonly string[]): Refusal {
  const sentence = 'You may not break the glass here.';
  return refusal('glass-not-yours', sentence, `The configuration names ${named.join(', ')}.`);
}

function late({ expiresAt }: Deployment, now: string): Refusal | undefined {
  if (expiresAt === undefined || now < expiresAt) return undefined;
  return refusal('expired', 'The time to approve this request is over.', 'Ask for the deployment again.');
}
