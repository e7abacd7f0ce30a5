import type { Escalation } from './catalog.ts';
import { type Decision, happen, NOTHING } from './decide.ts';
import type { Deployment } from './deployment.ts';
import { askedProgress } from './rules.ts';

interface Step {
  readonly group: string;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly due: number;
}

/** What is still to come: each group that is needed and silent, with whoever may take its part, once each. */
function open(deployment: Deployment, escalations: readonly Escalation[]): readonly Step[] {
  if (deployment.state !== 'awaiting-approval') return [];
  const asked = Date.parse(deployment.since);
  const done = deployment.escalations ?? [];
  return askedProgress(deployment)
    .filter(({ rule, by }) => by.length < rule.count)
    .flatMap(({ rule: { group } }) =>
      escalations
        .filter(({ to }) => to !== group && !done.some((step) => step.group === group && step.to === to))
        .map(({ to, afterMs }) => ({ group, to, due: asked + afterMs })),
    );
}

/** A group was silent for too long: members of the next one may take its part. `now`: ISO 8601 in UTC. */
export function decideEscalation(deployment: Deployment, escalations: readonly Escalation[], now: string): Decision {
  const due = open(deployment, escalations).filter((step) => step.due <= Date.parse(now));
  return due.length === 0
    ? NOTHING
    : happen(...due.map(({ group, to }) => ({ type: 'escalated' as const, group, to })));
}

/** When the next group is to be asked, in milliseconds since 1970; nothing when none is left. */
export function nextEscalation(deployment: Deployment, escalations: readonly Escalation[]): number | undefined {
  const times = open(deployment, escalations).map(({ due }) => due);
  return times.length === 0 ? undefined : Math.min(...times);
}
