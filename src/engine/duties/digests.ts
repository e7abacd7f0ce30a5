import { lastMorning, nextMorning } from '../../calendar/mornings.ts';
import { CADENCES, type Cadence, type Place, placeKey } from '../../domain/catalog.ts';
import type { NewEffect } from '../../domain/effect.ts';
import type { Wakeup } from '../../ports/store.ts';
import type { Kit } from '../kit.ts';
import { subscriptionsOf } from '../places.ts';
import type { Duty, Next } from './duty.ts';

/** One message a day or week for each place that asked for it. Keys: `digest:<placeKey>:<cadence>`. */
export const digests: Duty = {
  name: 'digest',
  async tend(kit: Kit, rest: string): Promise<Next> {
    const found = (await wanted(kit)).find(({ place, cadence }) => `${placeKey(place)}:${cadence}` === rest);
    if (found === undefined) return undefined;
    await kit.store.commit({ expect: [], entries: [], wakeups: [], effects: [digestEffect(kit, found)] });
    return { due: nextMorning(found.cadence, kit.clock.now(), zoneOf(kit)) };
  },
  async owed(kit: Kit): Promise<readonly Wakeup[]> {
    return (await wanted(kit)).map(({ place, cadence }) => ({
      key: `digest:${placeKey(place)}:${cadence}`,
      due: nextMorning(cadence, kit.clock.now(), zoneOf(kit)),
    }));
  },
};

interface Wanted {
  readonly place: Place;
  readonly cadence: Cadence;
}

/** Each place once for each rhythm that it asked for; a digest is daily unless the subscription says otherwise. */
async function wanted(kit: Kit): Promise<readonly Wanted[]> {
  const all = subscriptionsOf(kit.catalog(), await kit.store.placeBooks()).filter(
    ({ audience }) => audience === 'digest',
  );
  return CADENCES.flatMap((cadence) => {
    const places = all.filter((one) => (one.cadence ?? 'daily') === cadence).map(({ place }) => place);
    return places
      .filter((place, index) => places.findIndex((other) => placeKey(other) === placeKey(place)) === index)
      .map((place) => ({ place, cadence }));
  });
}

/** The key names the span, so that a wake-up that comes twice, or on two instances, makes one message. */
function digestEffect(kit: Kit, { place, cadence }: Wanted): NewEffect {
  const until = lastMorning(cadence, kit.clock.now(), zoneOf(kit));
  const from = lastMorning(cadence, until - 1, zoneOf(kit));
  const [first, last] = [new Date(from).toISOString(), new Date(until).toISOString()];
  return {
    key: `digest:${placeKey(place)}:${cadence}:${last}`,
    lane: `digest:${placeKey(place)}`,
    mode: 'once',
    effect: { kind: 'digest', place, cadence, from: first, until: last },
    due: kit.clock.now(),
  };
}

function zoneOf(kit: Kit): string {
  return kit.catalog().timeZone ?? 'Etc/UTC';
}
