import type { Wakeup } from '../../ports/store.ts';
import type { Kit } from '../kit.ts';

/** When to look again, and what to remember until then; nothing when there is nothing to look after any more. */
export type Next = Omit<Wakeup, 'key'> | undefined;

/** Something besides deployments that must be looked after in time: a lock that expires, a review that is chased, a digest. */
export interface Duty {
  /** Its wake-ups have keys `<name>:<rest>`. */
  readonly name: string;
  /** Does what is due. A wake-up may come late, twice, or for something that is long gone. */
  tend(kit: Kit, rest: string): Promise<Next>;
  /** Every wake-up that must be there, so that one that got lost is made anew. */
  owed(kit: Kit): Promise<readonly Wakeup[]>;
}
