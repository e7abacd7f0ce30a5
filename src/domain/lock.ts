import { targetKey } from './catalog.ts';
import type { Person } from './person.ts';

/** What somebody may close: everything, an environment, a region, a service, or one target. */
export type Scope =
  | { readonly kind: 'everything' }
  | { readonly kind: 'environment'; readonly environment: string }
  | { readonly kind: 'region'; readonly region: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'target'; readonly service: string; readonly environment: string };

/**
 * What a lock keeps out. `closed`: everything but rollbacks. `freeze`: the same, but a hotfix passes. `warning`: nothing; it stands on
 * the card, so that whoever approves knows of it.
 */
export const LOCK_MODES = ['closed', 'freeze', 'warning'] as const;
export type LockMode = (typeof LOCK_MODES)[number];

/** Why nothing may be deployed somewhere, and by whose word. */
export interface Lock {
  readonly by: Person;
  readonly reason: string;
  readonly at: string;
  /** The rollback that locked it, if one did. */
  readonly cause?: string;
  /** It opens by itself then, ISO 8601 in UTC; absent: only when somebody opens it. */
  readonly expiresAt?: string;
  /** Absent: `closed`. */
  readonly mode?: LockMode;
  /** When its owner was last asked whether it is still needed. */
  readonly naggedAt?: string;
  /** Whose lock it was before it was taken over. */
  readonly takenFrom?: Person;
}

export type LockEvent =
  | ({ readonly type: 'locked'; readonly cause?: string } & LockTerms)
  | { readonly type: 'unlocked'; readonly reason?: string }
  /** Somebody made another person's lock their own. */
  | ({ readonly type: 'lock-taken' } & LockTerms)
  /** The owner was asked whether it is still needed. */
  | { readonly type: 'lock-nagged' };

/** What a lock says beside whose it is. */
export interface LockTerms {
  readonly reason: string;
  readonly expiresAt?: string;
  readonly mode?: LockMode;
}

/** A scope wider than a target, and its lock. A fold of its events. */
export interface ScopeBook {
  /** See `scopeKey`; never a target's. */
  readonly scope: string;
  readonly version: number;
  /** The highest vocabulary of its events (see vocabulary.ts); absent while that is the first. */
  readonly needs?: number;
  readonly lock?: Lock;
}

/** A lock with what it closes. */
export interface HeldLock {
  readonly scope: Scope;
  readonly lock: Lock;
}

/** A stable name: `*`, `environment/production`, `region/eu`, `service/web`, `target/web/production`. */
export function scopeKey(scope: Scope): string {
  switch (scope.kind) {
    case 'everything':
      return '*';
    case 'environment':
      return `environment/${scope.environment}`;
    case 'region':
      return `region/${scope.region}`;
    case 'service':
      return `service/${scope.service}`;
    case 'target':
      return `target/${targetKey(scope.service, scope.environment)}`;
  }
}

/** The scope of a key; nothing for a key that only a newer version can read. */
export function scopeOf(key: string): Scope | undefined {
  if (key === '*') return { kind: 'everything' };
  const [kind, name = '', rest = ''] = key.split('/', 3);
  if (name === '') return undefined;
  switch (kind) {
    case 'environment':
      return { kind, environment: name };
    case 'region':
      return { kind, region: name };
    case 'service':
      return { kind, service: name };
    case 'target':
      return rest === '' ? undefined : { kind, service: name, environment: rest };
    default:
      return undefined;
  }
}

/** The scopes that a target lies in, the widest first: everything > environment > region > service > the target itself. */
export function scopesAround(target: {
  readonly service: string;
  readonly environment: string;
  readonly regions: readonly string[];
}): readonly Scope[] {
  const { service, environment, regions } = target;
  return [
    { kind: 'everything' },
    { kind: 'environment', environment },
    ...regions.map((region): Scope => ({ kind: 'region', region })),
    { kind: 'service', service },
    { kind: 'target', service, environment },
  ];
}

/** What stands in place of a lock after one more event; pure, total. */
export function evolveLock(before: Lock | undefined, event: LockEvent, at: string, by: Person): Lock | undefined {
  switch (event.type) {
    case 'locked': {
      const { type: _type, ...terms } = event;
      return { by, at, ...terms };
    }
    case 'lock-taken': {
      const { type: _type, ...terms } = event;
      return { by, at, ...terms, ...(before === undefined ? {} : { takenFrom: before.by }) };
    }
    case 'lock-nagged':
      return before === undefined ? undefined : { ...before, naggedAt: at };
    case 'unlocked':
      return undefined;
  }
}

export function emptyScopeBook(scope: string): ScopeBook {
  return { scope, version: 0 };
}
