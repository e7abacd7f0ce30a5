import type { Wakeup } from '../../ports/store.ts';
import type { Kit } from '../kit.ts';
import { checkpoints } from './checkpoints.ts';
import { digests } from './digests.ts';
import type { Duty } from './duty.ts';
import { locks } from './locks.ts';
import { outside } from './outside.ts';
import { reviews } from './reviews.ts';

/** Everything that is looked after besides deployments. Adding one is a file and a line. */
const duties: readonly Duty[] = [reviews, locks, checkpoints, digests, outside];

/** The duty that a wake-up is for, and the rest of its key. */
export function dutyOf(key: string): { readonly duty: Duty; readonly rest: string } | undefined {
  const colon = key.indexOf(':');
  const duty = duties.find(({ name }) => name === key.slice(0, colon));
  return duty === undefined ? undefined : { duty, rest: key.slice(colon + 1) };
}

/** Wake-ups of duties that should be there and are not. */
export async function lostDuties(kit: Kit): Promise<readonly Wakeup[]> {
  const owed = (await Promise.all(duties.map((duty) => duty.owed(kit)))).flat();
  if (owed.length === 0) return [];
  const missing = new Set(await kit.store.unset(owed.map(({ key }) => key)));
  return owed.filter(({ key }) => missing.has(key));
}
