import { AUDIENCES } from './catalog.ts';
import { type Deployment, knowsState } from './deployment.ts';
import { EFFECT_KINDS, type Effect, TOPICS } from './effect.ts';
import type { AnyEvent } from './event.ts';

/**
 * The newest form of what is written that this version knows. While an upgrade is rolled out, an older and a newer version work on one
 * database: the older one leaves alone whatever needs more than its own number.
 */
export const VOCABULARY = 4;

/** With which vocabulary each kind of event came. Who adds a kind adds it here, with a new VOCABULARY. */
const SINCE: Readonly<Record<AnyEvent['type'], number>> = {
  requested: 1,
  'checks-started': 1,
  'findings-gathered': 1,
  refused: 1,
  'approval-asked': 1,
  reminded: 1,
  nudged: 1,
  countersigned: 1,
  'approval-denied': 1,
  'approvals-voided': 1,
  rejected: 1,
  expired: 1,
  queued: 1,
  'cancel-asked': 1,
  cancelled: 1,
  'card-undelivered': 1,
  dispatched: 1,
  'run-started': 1,
  progressed: 1,
  'contact-lost': 1,
  'contact-regained': 1,
  succeeded: 1,
  failed: 1,
  'rollback-began': 1,
  'rollback-ended': 1,
  deployed: 1,
  locked: 1,
  unlocked: 1,
  subscribed: 1,
  unsubscribed: 1,
  broken: 1,
  mended: 1,
  'program-started': 1,
  restored: 1,
  configured: 1,
  'link-offered': 2,
  'link-claimed': 2,
  'account-linked': 2,
  'account-unlinked': 2,
  escalated: 3,
  'glass-broken': 3,
  'lock-taken': 3,
  'lock-nagged': 3,
  'review-opened': 3,
  'review-chased': 3,
  'review-closed': 3,
  delegated: 3,
  'delegation-ended': 3,
  preferred: 3,
  checkpointed: 3,
  'wait-answered': 4,
  'wait-unanswered': 4,
  'outside-run': 4,
};

/** The vocabulary a reader must know to understand an event: that of its kind, or of what it carries when that is newer. */
export function vocabularyOf(event: AnyEvent): number {
  return Math.max(SINCE[event.type], 'plan' in event ? event.plan.machine : 1, saysMore(event) ? 3 : 1, ofTrain(event));
}

/** A train is decided on and goes as one: who does not know of trains would let one of them go alone. */
function ofTrain(event: AnyEvent): number {
  return event.type === 'requested' && event.request.train !== undefined ? 4 : 1;
}

/** Does an event of an old kind say something that its first readers would not heed? */
function saysMore(event: AnyEvent): boolean {
  switch (event.type) {
    case 'requested': {
      const { kind, scheduledFor, override, inputs } = event.request;
      return [scheduledFor, override, inputs].some((said) => said !== undefined) || kind === 'hotfix';
    }
    case 'findings-gathered':
      return event.findings.artifacts !== undefined;
    case 'approval-asked':
    case 'queued':
      return event.plan.artifacts !== undefined || event.plan.inputs !== undefined;
    case 'progressed':
    case 'succeeded':
      return event.artifacts !== undefined;
    case 'locked':
      return event.expiresAt !== undefined || event.mode !== undefined;
    case 'subscribed': {
      const { audience, moments, refs, people, kinds } = event;
      return audience === 'digest' || [moments, refs, people, kinds].some((filter) => filter !== undefined);
    }
    default:
      return false;
  }
}

/** The mark on a fold after one more event; nothing while everything in it is of the first vocabulary. */
export function needsAfter(before: { readonly needs?: number } | undefined, event: AnyEvent): { needs?: number } {
  const needs = Math.max(before?.needs ?? 1, vocabularyOf(event));
  return needs === 1 ? {} : { needs };
}

/** Was something of it written in a form that only a newer version knows? True of entries (`format`) and of folds (`needs`). */
export function isNewer(needs: number | undefined): boolean {
  return needs !== undefined && needs > VOCABULARY;
}

/** A deployment that a newer version works on. This one may show what it recognises, and must touch nothing. */
export function isForeign(deployment: Pick<Deployment, 'state' | 'needs'>): boolean {
  return isNewer(deployment.needs) || !knowsState(deployment.state);
}

/** What is said in place of an event that only a newer version can read. */
export function newerEvent(type: string): string {
  return `Only a newer version of Countersign can tell what "${type}" means`;
}

/** Can this version perform it? An effect in another form was written by a newer one, which will. */
export function knowsEffect(effect: Effect): boolean {
  if (!EFFECT_KINDS.includes(effect.kind)) return false;
  if ('topic' in effect && !TOPICS.includes(effect.topic)) return false;
  return !('audience' in effect) || AUDIENCES.includes(effect.audience);
}
