import type { Audience, Catalog, Moment, Place, Subscription, SubscriptionTerms } from '../domain/catalog.ts';
import { AUDIENCES, placeKey } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Spot } from '../domain/outside.ts';
import type { PlaceBook } from '../domain/target.ts';

/** A place that hears of a deployment, and in which words. */
export interface Hearing {
  readonly place: Place;
  readonly audience: Audience;
}

/** What a place is subscribed to: by configuration, and by what its people asked for. */
export function subscriptionsOf(catalog: Catalog, books: readonly PlaceBook[]): readonly Subscription[] {
  const asked = books.flatMap(({ place, subscriptions }) => subscriptions.map((one) => ({ ...one, place })));
  return [...catalog.subscriptions, ...asked];
}

/**
 * Everywhere a deployment is spoken of; each place once, in the most detailed words it asked for. The place where it was asked for
 * always hears, as engineers do, unless it has chosen other words.
 */
export function hearings(deployment: Deployment, catalog: Catalog, books: readonly PlaceBook[]): readonly Hearing[] {
  const found = new Map<string, Hearing>();
  const matching = subscriptionsOf(catalog, books).filter(
    (one) =>
      one.audience !== 'digest' &&
      (heeds(one, deployment) || isOrigin(deployment, one.place)) &&
      fits(one.service, deployment.service) &&
      fits(one.environment, deployment.environment),
  );
  for (const { place, audience } of matching) {
    const former = found.get(placeKey(place));
    if (former === undefined || AUDIENCES.indexOf(audience) < AUDIENCES.indexOf(former.audience))
      found.set(placeKey(place), { place, audience });
  }
  const { origin } = deployment;
  if (origin !== undefined && !found.has(placeKey(origin)))
    found.set(placeKey(origin), { place: origin, audience: 'engineering' });
  return [...found.values()].filter(
    ({ place, audience }) =>
      concerns(deployment, audience, catalog) && (isOrigin(deployment, place) || !isBroken(books, place)),
  );
}

/** Everywhere a train is spoken of: wherever one of its members is, in the most detailed words that any of them asks for. */
export function trainHearings(
  members: readonly Deployment[],
  catalog: Catalog,
  books: readonly PlaceBook[],
): readonly Hearing[] {
  const found = new Map<string, Hearing>();
  for (const hearing of members.flatMap((one) => hearings(one, catalog, books))) {
    const former = found.get(placeKey(hearing.place));
    if (former === undefined || AUDIENCES.indexOf(hearing.audience) < AUDIENCES.indexOf(former.audience))
      found.set(placeKey(hearing.place), hearing);
  }
  return [...found.values()];
}

/**
 * Where the team of a service is spoken to about one of its deployments: the places that subscribed as engineers to this very service;
 * else where the deployment was asked for; else every place that hears of it as engineers do.
 */
export function teamPlaces(deployment: Deployment, catalog: Catalog, books: readonly PlaceBook[]): readonly Place[] {
  const heard = hearings(deployment, catalog, books).filter(({ audience }) => audience === 'engineering');
  const own = new Set(
    subscriptionsOf(catalog, books).flatMap((one) =>
      one.audience === 'engineering' && one.service === deployment.service ? [placeKey(one.place)] : [],
    ),
  );
  const ofTeam = heard.filter(({ place }) => own.has(placeKey(place)));
  const ofOrigin = heard.filter(({ place }) => isOrigin(deployment, place));
  const chosen = [ofTeam, ofOrigin, heard].find((some) => some.length > 0) ?? [];
  return chosen.map(({ place }) => place);
}

/** Who hears of what was done past us at some targets: engineers and the line, each place once, with its own of the targets. */
export function spotPlaces(
  spots: readonly Spot[],
  catalog: Catalog,
  books: readonly PlaceBook[],
): readonly { readonly place: Place; readonly spots: readonly Spot[] }[] {
  const found = new Map<string, { readonly place: Place; readonly spots: readonly Spot[] }>();
  for (const one of subscriptionsOf(catalog, books)) {
    const { place, audience, moments, refs, people, kinds } = one;
    // Whoever chose people, branches or kinds chose among deployments, and this is none.
    const narrow = [refs, people, kinds].some((filter) => filter !== undefined);
    const wanted = (audience === 'engineering' || audience === 'line') && (moments?.includes('started') ?? true);
    if (narrow || !wanted || isBroken(books, place)) continue;
    const former = found.get(placeKey(place))?.spots ?? [];
    const own = spots.filter(
      (spot) => former.includes(spot) || (fits(one.service, spot.service) && fits(one.environment, spot.environment)),
    );
    if (own.length > 0) found.set(placeKey(place), { place, spots: own });
  }
  return [...found.values()];
}

/** Is a subscription about this deployment? */
export function hears(one: Subscription, deployment: Deployment): boolean {
  return (
    heeds(one, deployment) && fits(one.service, deployment.service) && fits(one.environment, deployment.environment)
  );
}

/** Does a deployment pass the filters of a subscription? What is not said does not matter. */
function heeds({ moments, refs, people, kinds }: SubscriptionTerms, deployment: Deployment): boolean {
  if (kinds !== undefined && !kinds.includes(deployment.kind)) return false;
  if (refs !== undefined && !refs.includes(deployment.ref)) return false;
  if (people !== undefined && !people.some((id) => hasPart(deployment, id))) return false;
  return moments === undefined || moments.some((moment) => reached(moment, deployment));
}

/** They asked for it, or had a hand in its commits. */
function hasPart({ requester, findings }: Deployment, id: string): boolean {
  return requester.id === id || (findings?.excluded ?? []).some(({ person }) => person.id === id);
}

/** Has it come to this moment? A card that is there stays: what has begun is also told when it has ended. */
function reached(moment: Moment, { startedAt, state }: Deployment): boolean {
  switch (moment) {
    case 'asked':
      return true;
    case 'started':
      return startedAt !== undefined;
    case 'succeeded':
      return state === 'succeeded' || state === 'rolling-back' || state === 'rolled-back';
    case 'failed':
      return state === 'failed' || (startedAt !== undefined && (state === 'rolling-back' || state === 'rolled-back'));
  }
}

function fits(pattern: string, value: string): boolean {
  return pattern === '*' || pattern === value;
}

/** Engineers see all of it, the line what has begun, everybody else what has begun for customers. */
function concerns(deployment: Deployment, audience: Audience, catalog: Catalog): boolean {
  if (audience === 'engineering') return true;
  if (deployment.startedAt === undefined) return false;
  if (audience === 'line') return true;
  const customers = catalog.services[deployment.service]?.targets[deployment.environment]?.customerFacing === true;
  // A rollback is told as news about the deployment that it takes back.
  return customers && !(deployment.kind === 'rollback' && deployment.undoes !== undefined);
}

/** Where somebody has just asked is tried even if it was out of reach before: the answer must come, or fail, loudly. */
function isOrigin({ origin }: Deployment, place: Place): boolean {
  return origin !== undefined && placeKey(origin) === placeKey(place);
}

function isBroken(books: readonly PlaceBook[], place: Place): boolean {
  return books.some((book) => book.broken !== undefined && placeKey(book.place) === placeKey(place));
}
