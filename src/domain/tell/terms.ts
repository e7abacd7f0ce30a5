import type { Button, Fact } from '../announcement.ts';
import type { Deployment } from '../deployment.ts';
import { type InputSpecs, type Inputs, inputValue } from '../inputs.ts';
import { inputFlags } from '../quoted.ts';
import { clip } from '../text.ts';
import { namesOf, type TellContext } from './context.ts';

const TITLE_SHOWN = 40;
const VALUE_SHOWN = 80;

/** What stands before the state of a deployment that is no regular one. */
export function kindWords({ kind }: Pick<Deployment, 'kind'>): string {
  return kind === 'regular' ? '' : kind === 'hotfix' ? 'Hotfix: ' : 'Rollback: ';
}

/** What was said beside the reason, and the review that it left. */
export function termFacts(deployment: Deployment, context: TellContext): readonly Fact[] {
  const { incident, override, scheduledFor, inputs } = deployment;
  const { review } = context;
  // Under an older configuration other names may have been handed in.
  const facts = [...inputFacts(inputs, namesOf(deployment, context).settings?.inputs)];
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

/** What was handed in, each by its title; a long text is told whole in the evidence. */
export function inputFacts(inputs: Inputs = {}, specs: InputSpecs = {}): readonly Fact[] {
  return Object.entries(inputs).map(([name, value]) => {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    const said = spec?.type === 'boolean' ? (value === 'true' ? 'yes' : 'no') : value;
    return { label: clip(spec?.title ?? name, TITLE_SHOWN), value: [clip(said, VALUE_SHOWN)] };
  });
}

/** What the provider itself asks of a person, with the way there. */
export function waitFacts({ state, waits = [], unanswered = {} }: Deployment): readonly Fact[] {
  if (state !== 'running') return [];
  return waits.map(({ id, name, url }) => {
    const why = unanswered[id];
    const value: Fact['value'] = url === undefined ? [name] : [{ kind: 'link', text: name, url }];
    return { label: 'Waits there for', value: why === undefined ? value : [...value, ` (${why.sentence})`] };
  });
}

/** Brings the commit on to each environment that asks for this one first, with what was handed in here as far as it is taken there. */
export function promoteButtons(deployment: Deployment, context: TellContext): readonly Button[] {
  const { state, kind, service, environment, findings } = deployment;
  if (state !== 'succeeded' || kind === 'rollback' || findings === undefined) return [];
  const targets = Object.values(namesOf(deployment, context).service?.targets ?? {});
  return targets
    .filter(({ after = [] }) => after.some((one) => one.environment === environment))
    .map((next): Button => {
      const label = `Promote to ${next.environment}`.slice(0, 75);
      const line = `${service}@${findings.sha} ${next.environment}`;
      const flags = inputFlags(inputsTaken(next.inputs, deployment.inputs));
      return { label, verb: 'run', value: flags === '' ? line : `${line} ${flags}`, style: 'primary' };
    });
}

/** What was handed in before, as far as it fits there too. */
function inputsTaken(specs: InputSpecs = {}, former: Inputs = {}): Inputs {
  const taken = Object.entries(former).filter(([name, value]) => {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    return spec !== undefined && inputValue(spec, value) !== undefined;
  });
  return Object.fromEntries(taken);
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
