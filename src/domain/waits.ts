import { type Decision, happen, NOTHING } from './decide.ts';
import type { Deployment } from './deployment.ts';
import { pipelineStage } from './plan.ts';
import type { Refusal } from './refusal.ts';
import type { Wait } from './run.ts';

/**
 * In whose name a question of the provider's own may be answered; nothing when it may not: the plan does not say so, or nobody has
 * decided here. What nobody countersigned is for a person to answer at the provider.
 */
export function answerWords(deployment: Deployment): string | undefined {
  const { plan, countersignatures, glass, kind, requester, id } = deployment;
  if (plan === undefined || pipelineStage(plan).waits !== 'answered') return undefined;
  if (kind === 'rollback') return `Rolled back by ${requester.name} (${id}), in Countersign.`;
  const bound = countersignatures.filter(({ binding }) => binding === plan.hash).map(({ by }) => by.name);
  if (glass !== undefined) return `Let through by ${glass.by.name}, who broke the glass (${id}), in Countersign.`;
  return bound.length === 0 ? undefined : `Countersigned by ${bound.join(' and ')} (${id}), in Countersign.`;
}

/** The questions that are to be answered for this deployment now. */
export function toAnswer(deployment: Deployment): readonly Wait[] {
  const { state, cancellation, waits = [] } = deployment;
  if (state !== 'running' || cancellation !== undefined || answerWords(deployment) === undefined) return [];
  return waits.filter(({ answerable }) => answerable);
}

/** The provider took our answer. */
export function decideAnswered(deployment: Deployment, wait: Pick<Wait, 'id' | 'name'>, words: string): Decision {
  if (deployment.state !== 'running') return NOTHING;
  return happen({ type: 'wait-answered', wait: { id: wait.id, name: wait.name }, words });
}

/** The provider did not take our answer: a person must give it there. */
export function decideUnanswered(deployment: Deployment, wait: Pick<Wait, 'id' | 'name'>, why: Refusal): Decision {
  if (deployment.state !== 'running') return NOTHING;
  return happen({ type: 'wait-unanswered', wait: { id: wait.id, name: wait.name }, why });
}

/** Are these the same questions, with the same way to answer them? */
export function sameWaits(one: readonly Wait[] = [], other: readonly Wait[] = []): boolean {
  return (
    one.length === other.length &&
    one.every(({ id, answerable }, at) => id === other[at]?.id && answerable === other[at]?.answerable)
  );
}
