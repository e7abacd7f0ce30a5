import {
  type HeldLock,
  type Lock,
  type LockMode,
  type Scope,
  type ScopeBook,
  scopeKey,
  scopeOf,
  scopesAround,
} from './lock.ts';
import { type Person, sameHuman } from './person.ts';
import type { Kind } from './plan.ts';
import type { Target } from './target.ts';

/** What a scope is compared with: one target and the regions it reaches. */
export interface Spot {
  readonly service: string;
  readonly environment: string;
  readonly regions?: readonly string[];
}

/** Does a lock of this scope close that target? */
export function closes(scope: Scope, { service, environment, regions = [] }: Spot): boolean {
  return scopesAround({ service, environment, regions }).some((one) => scopeKey(one) === scopeKey(scope));
}

/** Every lock that a target lies under, the widest first, its own last. */
export function locksOver(
  target: Target,
  regions: readonly string[],
  books: readonly ScopeBook[],
): readonly HeldLock[] {
  const { service, environment } = target;
  return scopesAround({ service, environment, regions }).flatMap((scope) => {
    const lock = scope.kind === 'target' ? target.lock : books.find((book) => book.scope === scopeKey(scope))?.lock;
    return lock === undefined ? [] : [{ scope, lock }];
  });
}

/** Everything that is locked anywhere, wide scopes first. A scope that only a newer version can read is left out. */
export function allLocks(targets: readonly Target[], books: readonly ScopeBook[]): readonly HeldLock[] {
  const wide = books.flatMap(({ scope: key, lock }): readonly HeldLock[] => {
    const scope = scopeOf(key);
    return lock === undefined || scope === undefined ? [] : [{ scope, lock }];
  });
  const own = targets.flatMap(({ service, environment, lock }): readonly HeldLock[] =>
    lock === undefined ? [] : [{ scope: { kind: 'target', service, environment }, lock }],
  );
  return [...wide, ...own];
}

export function modeOf({ mode }: Lock): LockMode {
  return mode ?? 'closed';
}

/** A moment before every end: where the time is not known, every lock holds. */
export const BEFORE_ALL = '0000-01-01T00:00:00.000Z';

/** Is its time over? From that moment on it holds nobody, even before the log says that it was opened. `now`: ISO 8601 in UTC. */
export function isOver({ expiresAt }: Lock, now: string): boolean {
  return expiresAt !== undefined && Date.parse(now) >= Date.parse(expiresAt);
}

/** The lock that keeps such a deployment out: the widest that does. Rollbacks pass every lock, hotfixes a freeze; a warning holds nobody. */
export function holdingLock(locks: readonly HeldLock[], kind: Kind, now: string): HeldLock | undefined {
  if (kind === 'rollback') return undefined;
  return locks.find(({ lock }) => {
    const mode = modeOf(lock);
    return !isOver(lock, now) && (mode === 'closed' || (mode === 'freeze' && kind !== 'hotfix'));
  });
}

/** Locks that keep nobody out, but that whoever decides should know of. */
export function warningLocks(locks: readonly HeldLock[], now: string): readonly HeldLock[] {
  return locks.filter(({ lock }) => modeOf(lock) === 'warning' && !isOver(lock, now));
}

/** The lock that is spoken of where a target is listed: the widest that keeps a regular deployment out, else the widest warning. */
export function spokenLock(locks: readonly HeldLock[], now: string): HeldLock | undefined {
  return holdingLock(locks, 'regular', now) ?? warningLocks(locks, now)[0];
}

/** `everything`, `everything in production`, `web everywhere`, `web in production`. */
export function scopeWords(key: string): string {
  const scope = scopeOf(key);
  switch (scope?.kind) {
    case 'everything':
      return 'everything';
    case 'environment':
      return `everything in ${scope.environment}`;
    case 'region':
      return `everything in the region ${scope.region}`;
    case 'service':
      return `${scope.service} everywhere`;
    case 'target':
      return `${scope.service} in ${scope.environment}`;
    default:
      return key;
  }
}

/** How a scope is typed behind `lock`, `unlock` and `steal`: `web production`, `environment/production`, `everything`. */
export function scopeTyped(scope: Scope): string {
  if (scope.kind === 'everything') return 'everything';
  return scope.kind === 'target' ? `${scope.service} ${scope.environment}` : scopeKey(scope);
}

const WORDS: Readonly<Record<LockMode, string>> = {
  closed: 'locked',
  freeze: 'frozen',
  warning: 'under a warning',
};

/** `web in production is locked by Anna: the index is rebuilt` (without a full stop). */
export function lockSentence({ scope, lock }: HeldLock): string {
  return `${capital(scopeWords(scopeKey(scope)), scope)} is ${WORDS[modeOf(lock)]} by ${lock.by.name}: ${lock.reason}`;
}

/** `locked by Anna`, with what is locked where that is more than the one target. */
export function lockedBy({ scope, lock }: HeldLock): string {
  const what = scope.kind === 'target' ? '' : `${scopeWords(scopeKey(scope))} is `;
  return `${what}${WORDS[modeOf(lock)]} by ${lock.by.name}`;
}

/** Names keep their form; our own words begin a sentence with a capital. */
function capital(words: string, scope: Scope): string {
  const own = scope.kind === 'everything' || scope.kind === 'environment' || scope.kind === 'region';
  return own ? words.slice(0, 1).toUpperCase() + words.slice(1) : words;
}

/** Is this the person's own lock? What a rollback locked is nobody's own: it stands for "look before you go on". */
export function isOwner({ by, cause }: Lock, person: Person): boolean {
  return cause === undefined && sameHuman(by, person);
}
