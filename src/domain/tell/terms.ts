import type { Button, Fact } from '../announcement.ts';
import type { Deployment } from '../deployment.ts';
import { namesOf, type TellContext } from './context.ts';

/** What stands before the state of a deployment that is no regular one. */
export function kindWords({ kind }: Pick<Deployment, 'kind'>): string {
  return kind === 'regular' ? '' : kind === 'hotfix' ? 'Hotfix: ' : 'Rollback: ';
}

/** What was said beside the reason, and the review that it left. */
export function termFacts(deployment: Deployment, { review }: Pick<TellContext, 'review'>): readonly Fact[] {
  const { incident, override, scheduledFor, inputs = {} } = deployment;
  const facts: Fact[] = Object.entries(inputs).map(([name, value]) => ({ label: name, value: [value] }));
  if (incident !== undefined)
    facts.push({ label: 'Incident', value: [{ kind: 'link', text: incident, url: incident }] });
  if (override !== undefined) facts.push({ label: 'Override', value: [override] });
  if (scheduledFor !== undefined)
    facts.push({ label: 'Scheduled for', value: [{ kind: 'time', at: scheduledFor, style: 'date' }] });
  if (review === undefined) return facts;
  const { closed, dueAt } = review;
  const value: Fact['value'] =
    closed === undefined
      ? ['open until ', { kind: 'time', at: dueAt, style: 'date' }]
      : ['closed by ', { kind: 'person', person: closed.by, notify: false }, `: ${closed.note}`];
  return [...facts, { label: 'Review', value }];
}

/** Brings the commit on to each environment that asks for this one first. */
export function promoteButtons(deployment: Deployment, context: TellContext): readonly Button[] {
  const { state, kind, service, environment, findings } = deployment;
  if (state !== 'succeeded' || kind === 'rollback' || findings === undefined) return [];
  const targets = Object.values(namesOf(deployment, context).service?.targets ?? {});
  return targets
    .filter(({ after = [] }) => after.some((one) => one.environment === environment))
    .map((next) => ({
      label: `Promote to ${next.environment}`.slice(0, 75),
      verb: 'run',
      value: `${service}@${findings.sha} ${next.environment}`,
      style: 'primary',
    }));
}

/** Why a queued deployment waits although it would be its turn; nothing when neither its moment nor the calendar keeps it. */
export function waitingWords(deployment: Deployment, { now, closure }: TellContext): string | undefined {
  const { scheduledFor, kind } = deployment;
  if (scheduledFor !== undefined && Date.parse(scheduledFor) > Date.parse(now))
    return `Approved; begins ${scheduledFor.slice(0, 16).replace('T', ' ')} UTC.`;
  if (closure === undefined || kind !== 'regular' || scheduledFor !== undefined) return undefined;
  const opens = closure.opens === undefined ? '' : ` It opens ${closure.opens}.`;
  return `Waiting for the calendar to open: ${closure.title}.${opens}`;
}
