import { reasonRefusal } from '../domain/decide.ts';
import { isOver, isOwner, lockSentence, scopeTyped, scopeWords } from '../domain/held.ts';
import { type Lock, type LockEvent, type LockMode, type Scope, scopeKey } from '../domain/lock.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { newerRefusal } from '../domain/refusals.ts';
import { closed } from '../domain/text.ts';
import { isNewer } from '../domain/vocabulary.ts';
import { rightRefusal } from './access.ts';
import { no, orUnwritable } from './answers.ts';
import type { Caller } from './door.ts';
import type { Groups } from './groups.ts';
import { type Kit, now } from './kit.ts';
import { lockChange, lockRow, spotsIn } from './lock-rows.ts';
import { stopped } from './locks-and-places.ts';
import { type Proposal, transact } from './transact.ts';

/** What somebody wants closed, why, and for how long. */
export interface LockWish {
  readonly scope: Scope;
  readonly reason: string;
  /** It opens by itself after this many milliseconds; absent: only when somebody opens it. */
  readonly forMs?: number;
  /** Absent: `closed`. */
  readonly mode?: LockMode;
}

export type LockAnswer =
  /** `lock`: as it stands now. `former`: the one that stood there before. */
  | { readonly kind: 'done'; readonly scope: Scope; readonly lock?: Lock; readonly former?: Lock }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'duplicate' };

/** The longest that a lock may be asked for, in milliseconds: a year. */
const LONGEST_MS = 365 * 86_400_000;

interface Turn {
  readonly kit: Kit;
  readonly groups: Groups;
  readonly caller: Caller;
  readonly scope: Scope;
}

/** What is decided about a lock, with what stands there now. */
type Judged = Refusal | { readonly event: LockEvent; readonly notify?: 'lock-taken' | 'lock-opened' };

/** Closes a scope. A second lock of the same scope is refused; one of a wider or narrower scope is a lock of its own. */
export function lockScope(kit: Kit, groups: Groups, caller: Caller, wish: LockWish): Promise<LockAnswer> {
  const { scope, reason, forMs, mode } = wish;
  const turn = { kit, groups, caller, scope };
  return turned(turn, async (before) => {
    const missing =
      reasonRefusal(reason, 'A lock needs a reason, so that others know when it may go.') ?? badTime(forMs);
    if (missing !== undefined) return missing;
    if (before !== undefined) {
      const said = closed(lockSentence({ scope, lock: before }));
      const next = `First \`unlock ${scopeTyped(scope)}\`.`;
      return refusal('target-locked', said, isOwner(before, caller.person) ? next : `${next} ${theirs(before)}`);
    }
    const refused = await refusedFor(turn, 'lock');
    if (refused !== undefined) return refused;
    const terms = { reason: reason.trim(), ...expiry(kit, forMs), ...(mode === undefined ? {} : { mode }) };
    return { event: { type: 'locked', ...terms } };
  });
}

/** Opens a scope. Whose lock it is may; anybody else needs the right to take locks over, and the owner is told. */
export function unlockScope(
  kit: Kit,
  groups: Groups,
  caller: Caller,
  { scope, reason }: { readonly scope: Scope; readonly reason?: string },
): Promise<LockAnswer> {
  const turn = { kit, groups, caller, scope };
  return turned(turn, async (before) => {
    if (before === undefined) return notLocked(scope);
    const long = reason === undefined || reason.trim() === '' ? undefined : reasonRefusal(reason, '');
    if (long !== undefined) return long;
    const said = reason === undefined ? {} : { reason };
    const event = { type: 'unlocked' as const, ...said };
    if (isOwner(before, caller.person)) return { event };
    const foreign = before.cause === undefined;
    const refused = await refusedFor(turn, foreign ? 'steal' : 'lock');
    if (refused === undefined) return foreign ? { event, notify: 'lock-opened' } : { event };
    if (!foreign || refused.code !== 'not-allowed') return refused;
    const sentence = `${scopeWords(scopeKey(scope))} was locked by ${before.by.name}, and you may not open somebody else's lock.`;
    return refusal('lock-not-yours', capital(sentence, scope), `Ask ${before.by.name} to open it. ${refused.next}`);
  });
}

/** Makes somebody else's lock the caller's own, with a reason. Never silent: who held it is told. What it keeps out stays the same. */
export function stealLock(
  kit: Kit,
  groups: Groups,
  caller: Caller,
  { scope, reason, forMs }: Omit<LockWish, 'mode'>,
): Promise<LockAnswer> {
  const turn = { kit, groups, caller, scope };
  return turned(turn, async (before) => {
    if (before === undefined) return notLocked(scope);
    const missing = reasonRefusal(reason, 'Taking a lock over needs a reason; its owner is told.') ?? badTime(forMs);
    if (missing !== undefined) return missing;
    const refused = await refusedFor(turn, 'steal');
    if (refused !== undefined) return refused;
    const { mode } = before;
    const terms = { reason: reason.trim(), ...expiry(kit, forMs), ...(mode === undefined ? {} : { mode }) };
    const event: LockEvent = { type: 'lock-taken', ...terms };
    return isOwner(before, caller.person) ? { event } : { event, notify: 'lock-taken' };
  });
}

function turned(turn: Turn, judge: (before: Lock | undefined) => Promise<Judged>): Promise<LockAnswer> {
  const { kit, caller, scope } = turn;
  return orUnwritable<LockAnswer>(kit, () =>
    transact<LockAnswer>(kit, { key: caller.key }, async (): Promise<Proposal<LockAnswer>> => {
      const refused = stopped(caller);
      if (refused !== undefined) return { moves: [], answer: () => refused };
      const row = await lockRow(kit, scope);
      // What has left the configuration can still be opened by its owner.
      if (spotsIn(kit, scope).length === 0 && row.lock === undefined)
        return { moves: [], answer: () => no(unknownScope(scope)) };
      if (isNewer(row.needs)) return { moves: [], answer: () => no(newerRefusal(scopeWords(scopeKey(scope)))) };
      // Its time is over, though the log does not say so yet: it is as good as opened.
      const before = row.lock === undefined || isOver(row.lock, now(kit)) ? undefined : row.lock;
      const judged = await judge(before);
      if ('code' in judged) return { moves: [], answer: () => no(judged) };
      const { event, notify } = judged;
      const change = await lockChange(kit, {
        scope,
        row,
        event,
        by: caller.person,
        ...(notify === undefined ? {} : { notify }),
      });
      const { after, ...proposed } = change;
      return {
        ...proposed,
        answer: () => ({
          kind: 'done',
          scope,
          ...(after === undefined ? {} : { lock: after }),
          ...(before === undefined ? {} : { former: before }),
        }),
      };
    }),
  );
}

/** A wide scope is closed and opened by those who may do so on every target in it. */
async function refusedFor({ kit, groups, caller, scope }: Turn, right: 'lock' | 'steal'): Promise<Refusal | undefined> {
  const spots = spotsIn(kit, scope);
  if (spots.length === 0)
    return refusal('not-allowed', 'The configuration no longer says who may do this there.', 'Ask an operator.');
  for (const spot of spots) {
    const refused = await rightRefusal(groups, caller.person, right, spot);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function unknownScope(scope: Scope): Refusal {
  switch (scope.kind) {
    case 'target':
      return refusal('unknown-environment', `There is no ${scope.service} in ${scope.environment}.`, 'See `services`.');
    case 'environment':
      return refusal('unknown-environment', `There is no environment "${scope.environment}".`, 'See `envs`.');
    case 'service':
      return refusal('unknown-service', `There is no service "${scope.service}".`, 'See `services`.');
    case 'region':
      return refusal(
        'unknown-scope',
        `No target names the region "${scope.region}".`,
        'An operator can name regions under a target.',
      );
    case 'everything':
      return refusal('unknown-scope', 'Nothing is configured yet that could be locked.', 'Ask an operator.');
  }
}

function notLocked(scope: Scope): Refusal {
  const sentence = `${scopeWords(scopeKey(scope))} is not locked.`;
  return refusal(
    'target-not-locked',
    capital(sentence, scope),
    'Nothing needs to be done; `locks` shows what is locked.',
  );
}

/** Our own words begin a sentence with a capital; names keep their form. */
function capital(sentence: string, { kind }: Scope): string {
  return kind === 'target' || kind === 'service' ? sentence : sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

function theirs({ by, cause }: Lock): string {
  return cause === undefined ? `It is ${by.name}'s: \`steal\` takes it over, for those who may.` : '';
}

function badTime(forMs: number | undefined): Refusal | undefined {
  if (forMs === undefined || (Number.isFinite(forMs) && forMs > 0 && forMs <= LONGEST_MS)) return undefined;
  return refusal('bad-time', 'A lock lasts for more than no time, and for a year at most.', 'Say e.g. `--for 2h`.');
}

function expiry(kit: Kit, forMs: number | undefined): { readonly expiresAt?: string } {
  return forMs === undefined ? {} : { expiresAt: new Date(kit.clock.now() + forMs).toISOString() };
}
