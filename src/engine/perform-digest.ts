import { placeKey, type Subscription } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import { askDora, daysBefore, filtersFor } from '../domain/dora.ts';
import { type Delivery, digestCard } from '../domain/tell/digest.ts';
import type { Outgoing } from '../ports/chat.ts';
import type { Kit } from './kit.ts';
import { chatOf, earlier } from './perform-chat.ts';
import { DONE, fenceOf, type Performer } from './performing.ts';
import { hears, subscriptionsOf } from './places.ts';

const PAGE = 500;
/** Of a week. */
const DAYS = 7;
/** A deployment that ended in the span was asked for at most so long before, in milliseconds: nothing stays open for longer. */
const LONGEST_MS = 31 * 86_400_000;

/** One message about all that ended in a span and that the place asked to hear of. Nothing ended: no message. */
export const digest: Performer<'digest'> = async (kit, _groups, effect, work) => {
  const { place, cadence, from, until } = effect;
  const wanted = subscriptionsOf(kit.catalog(), await kit.store.placeBooks()).filter(
    (one) =>
      one.audience === 'digest' && (one.cadence ?? 'daily') === cadence && placeKey(one.place) === placeKey(place),
  );
  const ended = await endedIn(kit, from, until);
  const told = ended.filter((deployment) => wanted.some((one) => hears(one, deployment)));
  if (told.length === 0) return DONE;
  const delivery = cadence === 'weekly' ? await deliveryOf(kit, wanted, until) : undefined;
  const announcement = digestCard(told, { cadence, from, until, catalog: kit.catalog() }, delivery);
  const message: Outgoing = { key: work.key, announcement, revision: 0 };
  const chat = chatOf(kit, place);
  const found = await earlier(chat, place, message, work, until);
  return { kind: 'done', handle: found ?? (await chat.post(place, message, fenceOf(work))) };
};

/** The figures of the targets that were asked for, by the definitions of docs/dora.md: seven whole days in UTC. */
async function deliveryOf(kit: Kit, wanted: readonly Subscription[], until: string): Promise<Delivery> {
  const filters = filtersFor(wanted, Object.keys(kit.catalog().environments));
  const dora = await askDora((query) => kit.store.rollups(query), daysBefore(until, DAYS), ...filters);
  const more = wanted.some(({ moments, refs, people, kinds }) =>
    [moments, refs, people, kinds].some((terms) => terms !== undefined),
  );
  return { dora, more };
}

async function endedIn(kit: Kit, from: string, until: string): Promise<readonly Deployment[]> {
  const found: Deployment[] = [];
  const oldest = new Date(Date.parse(from) - LONGEST_MS).toISOString();
  let before: number | undefined;
  for (;;) {
    const page = await kit.store.deployments({ ...(before === undefined ? {} : { before }), limit: PAGE });
    found.push(...page.filter(({ endedAt }) => endedAt !== undefined && from <= endedAt && endedAt < until));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE || last.requestedAt < oldest) return found;
    before = last.number;
  }
}
