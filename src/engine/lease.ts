import type { Lease } from '../ports/store.ts';
import type { Kit } from './kit.ts';

/**
 * How long work is held before others may take it, in milliseconds. Short, because so long the work of an instance that died waits;
 * whoever lives renews it several times meanwhile.
 */
export const LEASE_MS = 8000;
const RENEWALS = 4;
/** What is begun needs a moment to arrive outside: nothing is begun in the last so many milliseconds of a lease. */
const MARGIN_MS = 1000;

/** A lease that is renewed for as long as its work lasts. */
export interface Held {
  /** False once the lease has run out, e.g. because this process stood still: somebody else may be at the same work. */
  stands(): boolean;
  free(): void;
}

/** Renews a lease that was taken just now. */
export function keepLease(kit: Pick<Kit, 'store' | 'clock' | 'log'>, lease: Lease, leasedUntil: number): Held {
  let until = leasedUntil;
  let freed = false;
  let callOff = kit.clock.at(kit.clock.now() + LEASE_MS / RENEWALS, renew);

  function renew(): void {
    const next = kit.clock.now() + LEASE_MS;
    kit.store
      .renew(lease, next)
      .then((kept) => {
        // A lost one does not come back.
        until = kept ? next : 0;
        if (kept && !freed) callOff = kit.clock.at(kit.clock.now() + LEASE_MS / RENEWALS, renew);
      })
      .catch((error: unknown) => {
        kit.log.warn({ key: lease.key, error: String(error) }, 'a lease could not be renewed');
        if (!freed) callOff = kit.clock.at(kit.clock.now() + LEASE_MS / RENEWALS, renew);
      });
  }

  return {
    stands: () => kit.clock.now() < until - MARGIN_MS,
    free() {
      freed = true;
      callOff();
    },
  };
}
