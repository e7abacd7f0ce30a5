import type { Deployment } from '../deployment.ts';
import { type Person, sameHuman } from '../person.ts';
import { exclusionOf } from '../policy.ts';
import { askedProgress } from '../rules.ts';
import { type Inline, plain } from '../text.ts';
import { groupInline, type TellContext } from './context.ts';

/** So many people are rung one by one; a crowd is rung nowhere. */
const MOST_RUNG = 10;

/**
 * The groups that are still needed, by bell; whoever is known by list is rung one by one.
 * @param only a group that may now take a silent one's part: it alone is called
 */
export function calledGroups(deployment: Deployment, context: TellContext, only?: string): readonly Inline[] {
  if (deployment.findings === undefined) return [];
  const open = askedProgress(deployment).filter(({ rule, by }) => by.length < rule.count);
  const groups = open.flatMap(({ rule: { group, instead = [] } }) => [group, ...instead]);
  const asked = groups
    .filter((group) => only === undefined || group === only)
    .flatMap((group) => call(group, deployment, context));
  const once = asked.filter((one, index) => asked.findIndex((other) => plain([other]) === plain([one])) === index);
  return once.flatMap((one, index): Inline[] => (index === 0 ? [one] : [', ', one]));
}

function call(id: string, deployment: Deployment, context: TellContext): readonly Inline[] {
  const group = context.catalog.groups[id];
  if (group?.source.kind === 'chat') return [groupInline(group, id, true)];
  const { findings, countersignatures } = deployment;
  const known = findings?.eligible.find((one) => one.group === id)?.may ?? context.members?.[id] ?? [];
  const may = known.filter(
    (person) =>
      person.known &&
      exclusionOf(person, findings?.excluded ?? []) === undefined &&
      !countersignatures.some(({ by }) => sameHuman(by, person)),
  );
  return may.length === 0 ? [groupInline(group, id, false)] : may.slice(0, MOST_RUNG).map(ring);
}

function ring(person: Person): Inline {
  return { kind: 'person', person, notify: true };
}
