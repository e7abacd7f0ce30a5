import type { Effect, Topic } from './effect.ts';
import type { DeploymentEvent } from './event.ts';
import type { Notice } from './notice.ts';
import type { Person } from './person.ts';
import { canWait } from './preferences.ts';

/** News of what went past the rules, or is being taken back: whoever hears it late may make it worse. */
const NEWS: ReadonlySet<Topic> = new Set(['hotfix-asked', 'glass-broken', 'rolling-back', 'rolled-back']);

/** Is it something that must find a hand of the courier even where everything else waits for a slow chat? */
export function isUrgent(effect: Effect): boolean {
  if (effect.kind === 'reply') return NEWS.has(effect.topic) || effect.topic === 'failed';
  return effect.kind === 'notice' && !canWait(effect.notice);
}

/** May it overtake what is still owed in the thread of the same deployment? The end of a rollback comes after its beginning. */
export function overtakes(topic: Topic, event: DeploymentEvent): boolean {
  return NEWS.has(topic) || event.type === 'rollback-ended';
}

/**
 * In which order notices reach a person: those about one thing one after the other. What may wait for the morning, or for a chat that
 * does not answer, holds up nothing that may not.
 */
export function noticeLane(to: Person, notice: Notice): string {
  const lane = `notice:${to.id}`;
  return canWait(notice) ? lane : `${lane}:${subjectOf(notice)}`;
}

function subjectOf(notice: Notice): string {
  if ('scope' in notice) return notice.scope;
  return 'deployment' in notice ? notice.deployment : notice.by.id;
}
