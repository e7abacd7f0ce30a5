import { leadOf } from '../domain/train.ts';
import { actOn } from './acts.ts';
import { comeBack, goAway } from './delegations.ts';
import type { Door } from './door.ts';
import type { Groups } from './groups.ts';
import type { Kit } from './kit.ts';
import { linkAccounts, openLinkBook, unlinkAccounts } from './links.ts';
import { lockScope, stealLock, unlockScope } from './locks.ts';
import { turnSubscription, welcome } from './locks-and-places.ts';
import { turnPreference } from './preferences.ts';
import { previewDeployment, requestDeployment, retryDeployment } from './requests.ts';
import { closeReview } from './reviews.ts';
import { rollBack } from './rollbacks.ts';
import { requestTrain } from './train-requests.ts';
import { actOnTrain } from './trains.ts';

/** THE DOOR: facts, gates, machine, commit. Nothing else writes. */
export function createDoor(kit: Kit, groups: Groups): Door {
  const book = kit.links ?? openLinkBook(kit.store);
  return {
    catalog: kit.catalog,
    request: (caller, wish) => requestDeployment(kit, groups, caller, wish),
    train: (caller, wish) => requestTrain(kit, groups, caller, wish),
    rollback: (caller, wish) => rollBack(kit, groups, caller, wish),
    retry: (caller, id) => retryDeployment(kit, groups, caller, id),
    review: (caller, id, note) => closeReview(kit, caller, id, note),
    act: (caller, id, wish) => (leadOf(id) === undefined ? actOn : actOnTrain)(kit, groups, caller, id, wish),
    lock: (caller, wish) => lockScope(kit, groups, caller, wish),
    unlock: (caller, scope, reason) =>
      unlockScope(kit, groups, caller, { scope, ...(reason === undefined ? {} : { reason }) }),
    steal: (caller, scope, reason, forMs) =>
      stealLock(kit, groups, caller, { scope, reason, ...(forMs === undefined ? {} : { forMs }) }),
    subscribe: (caller, place, wish) => turnSubscription(kit, caller, place, { type: 'subscribed', ...wish }),
    unsubscribe: (caller, place, wish) => turnSubscription(kit, caller, place, { type: 'unsubscribed', ...wish }),
    prefer: (caller, wish) => turnPreference(kit, caller, wish),
    away: (caller, wish) => goAway(kit, caller, wish),
    back: (caller) => comeBack(kit, caller),
    link: (caller, wish) => linkAccounts({ ...kit, book }, caller, wish),
    unlink: (caller, system) => unlinkAccounts({ ...kit, book }, caller, system),
    joined: (place) => welcome(kit, place),
    preview: (caller, wish) => previewDeployment(kit, groups, caller, wish),
  };
}
