import { allLocks, isOver } from '../../domain/held.ts';
import { type LockEvent, scopeOf } from '../../domain/lock.ts';
import { BOT } from '../../domain/person.ts';
import { isNewer } from '../../domain/vocabulary.ts';
import { now } from '../kit.ts';
import { lockChange, lockDue, lockRow, lockWakeup } from '../lock-rows.ts';
import { transact } from '../transact.ts';
import type { Duty, Next } from './duty.ts';

/** What a newer version wrote is left to it and looked at again after this many milliseconds. */
const NEWER_MS = 60_000;

/** Opens locks whose time is over, and asks the owners of those without an end whether they still need them. */
export const locks: Duty = {
  name: 'lock',
  async tend(kit, rest) {
    const scope = scopeOf(rest);
    if (scope === undefined) return { due: kit.clock.now() + NEWER_MS };
    const next = await transact<Next>(kit, {}, async () => {
      const row = await lockRow(kit, scope);
      const { lock } = row;
      if (isNewer(row.needs)) return { moves: [], answer: () => ({ due: kit.clock.now() + NEWER_MS }) };
      if (lock === undefined) return { moves: [], answer: () => undefined };
      const due = lockDue(lock);
      if (due > kit.clock.now()) return { moves: [], answer: () => ({ due }) };
      const over = isOver(lock, now(kit));
      const event: LockEvent = over ? { type: 'unlocked', reason: 'expired' } : { type: 'lock-nagged' };
      const notify = over ? 'lock-expired' : 'lock-still-needed';
      const { after, ...change } = await lockChange(kit, { scope, row, event, by: BOT, notify });
      // Our own wake-up is put where it belongs by whoever tends it.
      const wakeups = change.wakeups.filter(({ key }) => key !== `lock:${rest}`);
      return { ...change, wakeups, answer: () => (after === undefined ? undefined : { due: lockDue(after) }) };
    });
    return next === 'duplicate' ? undefined : next;
  },
  async owed(kit) {
    const [targets, books] = await Promise.all([kit.store.targets(), kit.store.scopes()]);
    return allLocks(targets, books).map(({ scope, lock }) => lockWakeup(scope, lock));
  },
};
