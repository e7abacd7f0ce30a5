import type { Catalog, GroupSource, Rule } from './catalog.ts';
import { delegatorsOf, mayLend, withLent } from './delegation.ts';
import type { Deployment } from './deployment.ts';
import { type Person, sameHuman } from './person.ts';
import type { PersonBook } from './person-book.ts';
import type { Membership } from './policy.ts';
import { type Refusal, refusal } from './refusal.ts';
import { approvalRefusals } from './refusals.ts';
import { askedProgress } from './rules.ts';
import { onTurn } from './turns.ts';

/** What is known now of who may give whose word. */
export interface Circle {
  /** The books of everybody who ever said anything. */
  readonly books: readonly PersonBook[];
  readonly catalog: Catalog;
  /** ISO 8601 in UTC. */
  readonly now: string;
  /** Who is in a group now, by its name, where that was read; absent: what is known without asking. */
  readonly rosters?: Readonly<Record<string, readonly Person[]>>;
}

/** May somebody still countersign a deployment? No refusals: yes, perhaps in the stead of somebody who is away. */
export interface Standing {
  readonly refusals: readonly Refusal[];
  readonly onBehalfOf?: Person;
}

/**
 * The one answer to "may this person still approve this deployment", judged like the press itself: groups reached by escalation and
 * those who are away count. A group that nobody could read is never taken for a yes. Nothing while it does not wait for approval.
 */
export function standingOf(deployment: Deployment, person: Person, circle: Circle): Standing | undefined {
  const { state, findings, expiresAt } = deployment;
  if (state !== 'awaiting-approval' || findings === undefined) return undefined;
  if (expiresAt !== undefined && circle.now >= expiresAt)
    return {
      refusals: [refusal('expired', 'The time to approve this request is over.', 'Ask for the deployment again.')],
    };
  const groups = openGroups(deployment);
  const { books, catalog, now } = circle;
  const lenders = delegatorsOf(person, books, catalog.people, now).filter((one) => mayLend(one, deployment));
  const { memberships, onBehalfOf } = withLent(
    membershipsOf(person, groups, deployment, circle),
    lenders.map((from) => ({ from, memberships: membershipsOf(from, groups, deployment, circle) })),
  );
  const stead = onBehalfOf === undefined ? {} : { onBehalfOf };
  const wish = { by: person, through: { system: '', id: '' }, memberships, now, ...stead };
  return { refusals: approvalRefusals(deployment, findings.excluded, wish), ...stead };
}

/** Does a deployment wait for this person's word? */
export function waitsForWord(deployment: Deployment, person: Person, circle: Circle): boolean {
  return standingOf(deployment, person, circle)?.refusals.length === 0;
}

/** Groups of whom somebody is still needed, and those that may take their part. */
function openGroups(deployment: Deployment): readonly Pick<Rule, 'group' | 'source'>[] {
  const open = askedProgress(deployment).filter(({ rule, by }) => by.length < rule.count);
  return open.flatMap(({ rule }) => [rule, ...(rule.instead ?? []).map((group) => ({ group }))]);
}

function membershipsOf(
  person: Person,
  groups: readonly Pick<Rule, 'group' | 'source'>[],
  deployment: Deployment,
  circle: Circle,
): readonly Membership[] {
  return groups.map((rule) => ({ group: rule.group, member: isMember(person, rule, deployment, circle) }));
}

/** As read now; else as the configuration says; else as it was found when the request was checked. */
function isMember(
  person: Person,
  { group, source }: Pick<Rule, 'group' | 'source'>,
  { findings }: Deployment,
  { catalog, rosters, now }: Circle,
): Membership['member'] {
  const read = rosters !== undefined && Object.hasOwn(rosters, group) ? rosters[group] : undefined;
  if (read !== undefined) return read.some((one) => sameHuman(one, person));
  const written = writtenIn(source ?? catalog.groups[group]?.source, now);
  if (written !== undefined) return written.includes(person.id);
  const found = findings?.eligible.find((one) => one.group === group);
  if (found === undefined) return 'unreadable';
  return [...found.may, ...found.mayNot.map((one) => one.person)].some((one) => sameHuman(one, person));
}

/** The ids that the configuration itself names; nothing where somebody else keeps the list. */
function writtenIn(source: GroupSource | undefined, now: string): readonly string[] | undefined {
  if (source?.kind === 'people') return source.people;
  if (source?.kind !== 'rotation') return undefined;
  const turn = onTurn(source, Date.parse(now));
  return turn === undefined ? [] : [turn];
}

/** Groups whose members are to be read, so that it is known who may decide on these deployments now. */
export function groupsAsked(deployments: readonly Deployment[], { groups }: Catalog): readonly string[] {
  const waiting = deployments.filter(({ state }) => state === 'awaiting-approval');
  const names = waiting.flatMap((one) => openGroups(one).filter(({ source }) => source === undefined));
  return [...new Set(names.map(({ group }) => group))].filter((group) => Object.hasOwn(groups, group));
}
