import type { Effect } from '../domain/effect.ts';
import type { Settled, Work } from '../ports/store.ts';
import type { Groups } from './groups.ts';
import type { Kit } from './kit.ts';
import type { Held } from './lease.ts';

/** What became of a piece of work. `reported`: the result went through the door, together with the settling. */
export type Outcome =
  | Settled['outcome']
  | { readonly kind: 'done'; readonly handle: NonNullable<Settled['handle']> }
  | { readonly kind: 'reported' };

export const DONE: Outcome = { kind: 'done' };

/** Work under a lease that is being renewed. */
export type HeldWork = Work & Pick<Held, 'stands'>;

/** How one kind of effect is performed. May throw a PortFailure: the courier repeats what may be repeated. */
export type Performer<K extends Effect['kind']> = (
  kit: Kit,
  groups: Groups,
  effect: Extract<Effect, { kind: K }>,
  work: HeldWork,
) => Promise<Outcome>;

export function settled(work: Work): Settled {
  return { ...work.lease, outcome: { kind: 'done' } };
}
