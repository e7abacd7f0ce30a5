import type { Effect } from '../domain/effect.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Fence } from '../ports/fence.ts';
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

/** For the calls that must not be made twice: refuses once the lease has run out, for somebody else may be at it. */
export function fenceOf(work: Pick<HeldWork, 'stands'>): Fence {
  return () => {
    if (!work.stands()) throw leaseLost();
  };
}

/** @param inDoubt an earlier call of this attempt may have taken effect */
export function leaseLost(inDoubt = false): PortFailure {
  return new PortFailure('The work took too long in our hands and is left to whoever holds it now.', {
    port: 'lease',
    kind: 'refused',
    retryable: true,
    code: 'lease-lost',
    ...(inDoubt ? { inDoubt } : {}),
  });
}
