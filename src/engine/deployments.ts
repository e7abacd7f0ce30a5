import { actOn } from './acts.ts';
import type { Door } from './door.ts';
import type { Groups } from './groups.ts';
import type { Kit } from './kit.ts';
import { linkAccounts, openLinkBook, unlinkAccounts } from './links.ts';
import { turnLock, turnSubscription, welcome } from './locks-and-places.ts';
import { previewDeployment, requestDeployment, retryDeployment } from './requests.ts';
import { rollBack } from './rollbacks.ts';

/** THE DOOR: facts, gates, machine, commit. Nothing else writes. */
export function createDoor(kit: Kit, groups: Groups): Door {
  const book = kit.links ?? openLinkBook(kit.store);
  return {
    catalog: kit.catalog,
    request: (caller, wish) => requestDeployment(kit, caller, wish),
    rollback: (caller, wish) => rollBack(kit, caller, wish),
    retry: (caller, id) => retryDeployment(kit, caller, id),
    act: (caller, id, wish) => actOn(kit, groups, caller, id, wish),
    lock: (caller, service, environment, reason) => turnLock(kit, caller, { service, environment, lock: true, reason }),
    unlock: (caller, service, environment, reason) =>
      turnLock(kit, caller, { service, environment, lock: false, ...(reason === undefined ? {} : { reason }) }),
    subscribe: (caller, place, wish) => turnSubscription(kit, caller, place, { type: 'subscribed', ...wish }),
    unsubscribe: (caller, place, wish) => turnSubscription(kit, caller, place, { type: 'unsubscribed', ...wish }),
    link: (caller, wish) => linkAccounts({ ...kit, book }, caller, wish),
    unlink: (caller, system) => unlinkAccounts({ ...kit, book }, caller, system),
    joined: (place) => welcome(kit, place),
    preview: (caller, wish) => previewDeployment(kit, groups, caller, wish),
  };
}
