import type { Deployment } from './deployment.ts';
import { type People, type Person, sameHuman } from './person.ts';
import type { PersonBook } from './person-book.ts';
import { exclusionOf, type Membership } from './policy.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Who decides in whose stead now: everybody known who has handed their word to `to`. `now`: ISO 8601 in UTC. */
export function delegatorsOf(to: Person, books: readonly PersonBook[], people: People, now: string): readonly Person[] {
  if (!to.known) return [];
  return books
    .filter(({ delegation }) => delegation !== undefined && delegation.to.id === to.id && isOn(delegation, now))
    .flatMap((book) => people.all.find(({ id }) => id === book.person) ?? [])
    .filter((person) => person.known && !sameHuman(person, to))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Who decides now in the stead of somebody who may still countersign, and may do so themselves. `now`: ISO 8601 in UTC. */
export function standInsOf(
  deployment: Pick<Deployment, 'countersignatures' | 'findings'>,
  books: readonly PersonBook[],
  now: string,
): readonly Person[] {
  const { eligible = [], excluded = [] } = deployment.findings ?? {};
  const may = eligible.flatMap((one) => one.may);
  return books.flatMap(({ person, delegation }) => {
    const lender = may.find(({ id }) => id === person);
    if (delegation === undefined || lender === undefined || !isOn(delegation, now)) return [];
    const { to } = delegation;
    return exclusionOf(to, excluded) === undefined && mayLend(lender, deployment) ? [to] : [];
  });
}

/** Is a span of time under way? From inclusive, until exclusive, ISO 8601 in UTC. */
export function isOn(span: { readonly from: string; readonly until: string }, now: string): boolean {
  return span.from <= now && now < span.until;
}

/** Has this person's word been given on a deployment, by themselves or by somebody in their stead? */
function hasSpoken(person: Person, { countersignatures }: Pick<Deployment, 'countersignatures'>): boolean {
  return countersignatures.some(
    ({ by, onBehalfOf }) => sameHuman(by, person) || (onBehalfOf !== undefined && sameHuman(onBehalfOf, person)),
  );
}

/** May somebody's word be lent for this deployment? Not if they had a hand in it, and nobody's word counts twice. */
export function mayLend(person: Person, deployment: Pick<Deployment, 'countersignatures' | 'findings'>): boolean {
  return exclusionOf(person, deployment.findings?.excluded ?? []) === undefined && !hasSpoken(person, deployment);
}

/** What somebody may decide on in somebody else's stead. */
export interface Lent {
  readonly from: Person;
  readonly memberships: readonly Membership[];
}

/**
 * A person's own memberships with those that are lent to them. One word is lent at a time: that of whoever adds most, so that it can be
 * written down for whom it was given. What cannot be read is not lent.
 */
export function withLent(
  own: readonly Membership[],
  lent: readonly Lent[],
): { readonly memberships: readonly Membership[]; readonly onBehalfOf?: Person } {
  const adds = ({ memberships }: Lent) =>
    memberships.filter(
      ({ group, member }) => member === true && !own.some((one) => one.group === group && one.member === true),
    );
  const [best] = lent.filter((one) => adds(one).length > 0).sort((one, other) => adds(other).length - adds(one).length);
  if (best === undefined) return { memberships: own };
  const groups = new Set(adds(best).map(({ group }) => group));
  return {
    memberships: own.map((one) => (groups.has(one.group) ? { ...one, member: true } : one)),
    onBehalfOf: best.from,
  };
}

/** Why somebody cannot hand over their word like this; nothing when they can. Times are ISO 8601 in UTC. */
export function delegationRefusal(
  by: Person,
  to: Person | undefined,
  span: { readonly from: string; readonly until: string },
  now: string,
): Refusal | undefined {
  if (to === undefined || !to.known) {
    const sentence = 'It is not known who should decide in your stead.';
    return refusal('delegate-unknown', sentence, 'Name somebody of the configuration, e.g. `away 3d to @ben`.');
  }
  if (sameHuman(by, to)) {
    const sentence = 'Nobody can decide in their own stead.';
    return refusal('delegate-not-possible', sentence, 'Name another person.');
  }
  if (span.until > now && span.until > span.from) return undefined;
  return refusal('time-past', 'That time is over already.', 'Name a time that is still to come, e.g. `3d`.');
}
