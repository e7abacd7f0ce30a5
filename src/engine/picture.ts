import { type Place, placeKey } from '../domain/catalog.ts';
import { tell } from '../domain/tell/index.ts';
import { isForeign } from '../domain/vocabulary.ts';
import type { Outgoing } from '../ports/chat.ts';
import type { Rows } from '../ports/store.ts';
import { type Knowing, tellContext } from './context.ts';
import { cardKey } from './effects.ts';
import { hearings } from './places.ts';

type Looking = Knowing & { readonly store: Pick<Rows, 'deployment' | 'placeBooks'> };

/** What the card of this key shows now; the same words that the courier would post. Nothing: no card of ours, or not in this place. */
export async function pictureOf(looking: Looking, place: Place, key: string): Promise<Outgoing | undefined> {
  const id = /^card:(D-\d+)@/.exec(key)?.[1];
  if (id === undefined || key !== cardKey(id, { place })) return undefined;
  const deployment = await looking.store.deployment(id);
  if (deployment === undefined || isForeign(deployment)) return undefined;
  const heard = hearings(deployment, looking.catalog(), await looking.store.placeBooks());
  const hearing = heard.find((one) => placeKey(one.place) === placeKey(place));
  if (hearing === undefined) return undefined;
  const announcement = tell(deployment, hearing.audience, await tellContext(looking, deployment));
  return { key, announcement, revision: deployment.revision };
}
