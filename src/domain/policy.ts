import type { Rule } from './catalog.ts';
import type { ChangeSet, Commit, Hand, Role } from './change-set.ts';
import { type Account, type People, type Person, personOf, sameHuman } from './person.ts';

/** Why somebody may not countersign: a part they had in what is to be deployed. */
export type Part = 'requester' | Role;

export interface Exclusion {
  readonly person: Person;
  readonly parts: readonly Part[];
  /** Commits they had a hand in, short SHAs, at most three. */
  readonly commits: readonly string[];
}

/** One approval by one person under one rule, of exactly what `binding` names. */
export interface Countersignature {
  readonly by: Person;
  /** The account that clicked. */
  readonly through: Account;
  /** Groups of the policy that the person belonged to at the click. */
  readonly groups: readonly string[];
  readonly at: string;
  readonly binding: string;
  /** Who asked `by` to decide in their stead; the groups are theirs then too. */
  readonly onBehalfOf?: Person;
}

/** Which rule still needs whom. Names are of the moment the request was checked; membership is read again at each click. */
export interface Eligibility {
  readonly group: string;
  readonly count: number;
  /** Known people of the group who may countersign. */
  readonly may: readonly Person[];
  /** Known people of the group who may not, because of their part in it. */
  readonly mayNot: readonly Exclusion[];
}

/** Is a person a member of a group? `unreadable` is never taken for yes. */
export interface Membership {
  readonly group: string;
  readonly member: boolean | 'unreadable';
}

/**
 * Everybody who may not countersign: the requester, and whoever authored, co-authored, committed or merged a commit of the
 * change set. Machine accounts are nobody's human.
 */
export function excludedFrom(requester: Person, changeSet: ChangeSet, people: People): readonly Exclusion[] {
  const found: Exclusion[] = [{ person: requester, parts: ['requester'], commits: [] }];
  for (const commit of changeSet.commits) {
    for (const hand of commit.hands) {
      if (!hand.bot) include(found, commit, hand, personOf(people, hand.account));
    }
  }
  return found;
}

function include(found: Exclusion[], commit: Commit, hand: Hand, person: Person): void {
  const sha = commit.sha.slice(0, 7);
  const index = found.findIndex((one) => sameHuman(one.person, person));
  const known = found[index];
  if (known === undefined) {
    found.push({ person, parts: [hand.role], commits: [sha] });
    return;
  }
  const parts = known.parts.includes(hand.role) ? known.parts : [...known.parts, hand.role];
  const commits = known.commits.length >= 3 || known.commits.includes(sha) ? known.commits : [...known.commits, sha];
  found[index] = { person: known.person, parts, commits };
}

export function exclusionOf(person: Person, excluded: readonly Exclusion[]): Exclusion | undefined {
  return excluded.find((one) => sameHuman(one.person, person));
}

/** Rules to be met; `instead`: groups whose members may take the rule's part. */
interface Asked {
  readonly rules: readonly (Rule & { readonly instead?: readonly string[] })[];
}

/** How far a rule is. */
export interface RuleProgress {
  readonly rule: Asked['rules'][number];
  readonly by: readonly Person[];
}

/**
 * Shares the countersignatures among the rules: each serves one rule only, so one human never counts twice, and a person of two
 * groups is counted where still needed. Excluded and doubled humans are passed over, whatever the log holds.
 */
export function tally(
  policy: Asked,
  given: readonly Countersignature[],
  excluded: readonly Exclusion[],
): readonly RuleProgress[] {
  const humans: Countersignature[] = [];
  for (const one of given) {
    const behind = behindOf(one);
    const twice = humans.some((other) => behindOf(other).some((former) => behind.some((by) => sameHuman(former, by))));
    const clear = behind.every((by) => by.known && exclusionOf(by, excluded) === undefined);
    if (!twice && clear) humans.push(one);
  }
  const seats = policy.rules.flatMap((rule, index) => Array.from({ length: rule.count }, () => index));
  const taken: (Countersignature | undefined)[] = seats.map(() => undefined);
  for (const one of humans) seat(one, policy.rules, seats, taken, new Set());
  return policy.rules.map((rule, index) => ({
    rule,
    by: taken.flatMap((one, place) => (one !== undefined && seats[place] === index ? [one.by] : [])),
  }));
}

/** Whose word it is: that of whoever gave it, and of whoever lent theirs. */
function behindOf({ by, onBehalfOf }: Countersignature): readonly Person[] {
  return onBehalfOf === undefined ? [by] : [by, onBehalfOf];
}

/** Finds a seat for one countersignature, moving others if that makes room (an augmenting path of a bipartite matching). */
function seat(
  one: Countersignature,
  rules: Asked['rules'],
  seats: readonly number[],
  taken: (Countersignature | undefined)[],
  tried: Set<number>,
): boolean {
  for (const [place, index] of seats.entries()) {
    const rule = rules[index];
    if (rule === undefined || tried.has(place) || !serves(one, rule)) continue;
    tried.add(place);
    const sitting = taken[place];
    if (sitting === undefined || seat(sitting, rules, seats, taken, tried)) {
      taken[place] = one;
      return true;
    }
  }
  return false;
}

function serves({ groups }: Countersignature, { group, instead = [] }: Asked['rules'][number]): boolean {
  return [group, ...instead].some((one) => groups.includes(one));
}

export function satisfied(progress: readonly RuleProgress[]): boolean {
  return progress.every(({ rule, by }) => by.length >= rule.count);
}

/** Could this policy still be satisfied by the people known now? Each needs a seat of its own. */
export function satisfiable(policy: Asked, eligible: readonly Eligibility[]): boolean {
  const everybody: Countersignature[] = [];
  for (const { may } of eligible) {
    for (const person of may) {
      if (everybody.some(({ by }) => sameHuman(by, person))) continue;
      const groups = eligible
        .filter((one) => one.may.some((other) => sameHuman(other, person)))
        .map(({ group }) => group);
      everybody.push({ by: person, groups, through: { system: '', id: '' }, at: '', binding: '' });
    }
  }
  return satisfied(tally(policy, everybody, []));
}
