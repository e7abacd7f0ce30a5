import type { Rule } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import { type Person, sameHuman } from '../domain/person.ts';
import { type Eligibility, type Exclusion, exclusionOf, type Membership } from '../domain/policy.ts';
import { PortFailure } from '../ports/failure.ts';
import { readRoster, sourceOf } from './group-sources.ts';
import type { Kit } from './kit.ts';

/** Membership is believed for this long, in milliseconds (R25 of the chat rules). */
const BELIEVED_MS = 300_000;

/** Reads the members of groups, wherever they are kept. */
export interface Groups {
  /** Who is in the group of a rule now. Throws a PortFailure when the group cannot be read. */
  members(rule: Pick<Rule, 'group' | 'source'>): Promise<readonly Person[]>;
  /** Is the person in each of the rules' groups? What cannot be read is `unreadable`, never yes. */
  memberships(person: Person, rules: readonly Rule[]): Promise<readonly Membership[]>;
  /** Who may countersign under each rule, and who may not and why. Throws a PortFailure when a group cannot be read. */
  eligible(rules: readonly Rule[], excluded: readonly Exclusion[]): Promise<readonly Eligibility[]>;
}

export function createGroups(kit: Kit): Groups {
  const believed = new Map<string, { readonly until: number; readonly people: readonly Person[] }>();

  async function members(rule: Pick<Rule, 'group' | 'source'>): Promise<readonly Person[]> {
    const source = sourceOf(kit, rule);
    const key = JSON.stringify(source);
    const known = believed.get(key);
    if (known !== undefined && known.until > kit.clock.now()) return known.people;
    const { people, lasting } = await readRoster(kit, rule.group, source);
    if (lasting) believed.set(key, { until: kit.clock.now() + BELIEVED_MS, people });
    return people;
  }

  async function isMember(person: Person, rule: Rule): Promise<boolean | 'unreadable'> {
    try {
      return (await members(rule)).some((one) => sameHuman(one, person));
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      kit.log.warn({ group: rule.group, error: error.message }, 'a group could not be read');
      return 'unreadable';
    }
  }

  return {
    members,
    async memberships(person, rules) {
      const once = rules.filter(({ group }, at) => rules.findIndex((other) => other.group === group) === at);
      return Promise.all(once.map(async (rule) => ({ group: rule.group, member: await isMember(person, rule) })));
    },
    async eligible(rules, excluded) {
      return Promise.all(
        rules.map(async (rule) => {
          const { group, count } = rule;
          const known = (await members(rule)).filter((one) => one.known);
          const may = known.filter((one) => exclusionOf(one, excluded) === undefined);
          const mayNot = known.flatMap((one) => exclusionOf(one, excluded) ?? []);
          return { group, count, may, mayNot };
        }),
      );
    },
  };
}

/** Who is in the groups that may take a silent one's part. What cannot be read is left out: its people are not rung one by one. */
export function membersInstead(
  kit: Kit,
  groups: Groups,
  { escalations = [] }: Pick<Deployment, 'escalations'>,
): Promise<Readonly<Record<string, readonly Person[]>>> {
  return rostersOf(
    kit,
    groups,
    escalations.map(({ to }) => to),
  );
}

/** Who is in each of these groups now. What cannot be read is left out. */
export async function rostersOf(
  kit: Kit,
  groups: Groups,
  names: readonly string[],
): Promise<Readonly<Record<string, readonly Person[]>>> {
  const found: Record<string, readonly Person[]> = {};
  for (const group of names) {
    try {
      found[group] = await groups.members({ group });
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      kit.log.warn({ group, error: error.message }, 'a group could not be read');
    }
  }
  return found;
}
