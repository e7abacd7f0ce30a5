import { type Audience, type Place, placeKey } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import { tell } from '../domain/tell/index.ts';
import { leadOf, trainRevision } from '../domain/train.ts';
import { isForeign } from '../domain/vocabulary.ts';
import type { Outgoing } from '../ports/chat.ts';
import type { Rows } from '../ports/store.ts';
import { type Knowing, tellContext } from './context.ts';
import { cardKey } from './effects.ts';
import { hearings, trainHearings } from './places.ts';

type Looking = Knowing & { readonly store: Pick<Rows, 'deployment' | 'placeBooks'> };

/** What the card of this key shows now; the same words that the courier would post. Nothing: no card of ours, or not in this place. */
export async function pictureOf(looking: Looking, place: Place, key: string): Promise<Outgoing | undefined> {
  const told = /^card:([DT]-\d+)@/.exec(key)?.[1] ?? '';
  const deployment = await looking.store.deployment(leadOf(told) ?? told);
  if (deployment === undefined || isForeign(deployment) || key !== cardKey(deployment, { place })) return undefined;
  return cardNow(looking, deployment, place, key);
}

/**
 * The root message about a deployment, or about the train that it goes with, as it is to be in a place now.
 * @param fallback in which words, where nobody there has subscribed to it any more; absent: then there is none
 */
export async function cardNow(
  looking: Looking,
  deployment: Deployment,
  place: Place,
  key: string,
  fallback?: Audience,
): Promise<Outgoing | undefined> {
  const context = await tellContext(looking, deployment);
  const books = await looking.store.placeBooks();
  const catalog = looking.catalog();
  const members = context.train?.members;
  const heard = members === undefined ? hearings(deployment, catalog, books) : trainHearings(members, catalog, books);
  const audience = heard.find((one) => placeKey(one.place) === placeKey(place))?.audience ?? fallback;
  if (audience === undefined) return undefined;
  const revision = members === undefined ? deployment.revision : trainRevision(members);
  return { key, announcement: tell(deployment, audience, context), revision };
}
