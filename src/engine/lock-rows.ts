import { placeKey } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { NewEffect } from '../domain/effect.ts';
import { type NewEntry, scopeStream, targetStream } from '../domain/event.ts';
import { closes } from '../domain/held.ts';
import { evolveLock, type Lock, type LockEvent, type Scope, scopeKey } from '../domain/lock.ts';
import type { Notice } from '../domain/notice.ts';
import { BOT, type Person, sameHuman } from '../domain/person.ts';
import { noticeLane } from '../domain/urgent.ts';
import { isForeign } from '../domain/vocabulary.ts';
import type { Wakeup } from '../ports/store.ts';
import type { Guarded } from './access.ts';
import { cardEffect } from './effects.ts';
import { type Kit, now } from './kit.ts';
import { hearings, teamPlaces } from './places.ts';

/** An owner is asked whether a lock without an end is still needed after this many milliseconds, and then as often again. */
const NAG_MS = 86_400_000;

/** The row that holds a scope's lock: a target's own, or the book of a wider scope. */
export interface LockRow {
  readonly version: number;
  readonly needs?: number;
  readonly lock?: Lock;
}

export async function lockRow({ store }: Pick<Kit, 'store'>, scope: Scope): Promise<LockRow> {
  if (scope.kind === 'target') return store.target(scope.service, scope.environment);
  const key = scopeKey(scope);
  return (await store.scopes()).find((book) => book.scope === key) ?? { version: 0 };
}

/** The configured targets that a lock of this scope closes. */
export function spotsIn(kit: Pick<Kit, 'catalog'>, scope: Scope): readonly Guarded[] {
  return Object.values(kit.catalog().services).flatMap(({ id: service, targets }) =>
    Object.values(targets)
      .filter(({ environment, regions = [] }) => closes(scope, { service, environment, regions }))
      .map((settings) => ({ service, settings })),
  );
}

/** When a lock must be looked after: at its end, or when its owner is to be asked. Milliseconds since 1970. */
export function lockDue({ at, expiresAt, naggedAt }: Lock): number {
  return expiresAt === undefined ? Date.parse(naggedAt ?? at) + NAG_MS : Date.parse(expiresAt);
}

export function lockWakeup(scope: Scope, lock: Lock): Wakeup {
  return { key: `lock:${scopeKey(scope)}`, due: lockDue(lock) };
}

export interface LockTurn {
  readonly scope: Scope;
  readonly row: LockRow;
  readonly event: LockEvent;
  readonly by: Person;
  /** What the owner of the lock that stood there is told. */
  readonly notify?: 'lock-taken' | 'lock-opened' | 'lock-expired' | 'lock-still-needed';
}

/** Everything that one event on a lock changes: the entry, who is told, whose cards are drawn anew, and who looks whether it may go now. */
export async function lockChange(kit: Kit, turn: LockTurn) {
  const { scope, row, event, by } = turn;
  const at = now(kit);
  const after = evolveLock(row.lock, event, at, by);
  // Whether somebody was asked, no card shows and nobody waits for.
  const queue = event.type === 'lock-nagged' ? { effects: [], wakeups: [] } : await touched(kit, scope);
  return {
    moves: [],
    others: [{ entry: entryOf(scope, event, by, at), version: row.version }],
    effects: [...queue.effects, ...noticeEffects(kit, turn), ...(await rollbackNotices(kit, turn))],
    wakeups: [
      // A new lock lets nobody go who could not go before.
      ...(event.type === 'locked' ? [] : queue.wakeups),
      ...(after === undefined ? [] : [lockWakeup(scope, after)]),
    ],
    after,
  };
}

function entryOf(scope: Scope, event: LockEvent, by: Person, at: string): NewEntry {
  return scope.kind === 'target'
    ? { stream: targetStream(scope.service, scope.environment), event, by, at }
    : { stream: scopeStream(scopeKey(scope)), event, by, at };
}

function noticeEffects(kit: Kit, { scope, row, event, by, notify }: LockTurn): readonly NewEffect[] {
  const { lock } = row;
  if (notify === undefined || lock === undefined || sameHuman(lock.by, by)) return [];
  const key = scopeKey(scope);
  const reason = 'reason' in event && event.reason !== undefined ? event.reason : '';
  const notice: Notice =
    notify === 'lock-taken'
      ? { kind: notify, scope: key, lock, by, reason }
      : notify === 'lock-opened'
        ? { kind: notify, scope: key, lock, by, ...(reason === '' ? {} : { reason }) }
        : { kind: notify, scope: key, lock };
  const effect = { kind: 'notice' as const, notice, to: { person: lock.by } };
  const lane = noticeLane(lock.by, notice);
  return [{ key: `notice:lock:${key}:${row.version}`, lane, mode: 'once', effect, due: kit.clock.now() }];
}

/**
 * A lock that an automatic rollback left has no owner who could be asked: whoever asked for the deployment that went wrong is, and the
 * channels of the team.
 */
async function rollbackNotices(kit: Kit, { scope, row, notify }: LockTurn): Promise<readonly NewEffect[]> {
  const { lock } = row;
  if (notify !== 'lock-still-needed' || lock?.cause === undefined || !sameHuman(lock.by, BOT)) return [];
  const rollback = await kit.store.deployment(lock.cause);
  const undone = rollback?.undoes === undefined ? undefined : await kit.store.deployment(rollback.undoes);
  const about = undone ?? rollback;
  if (about === undefined) return [];
  const notice: Notice = { kind: notify, scope: scopeKey(scope), lock };
  const key = `notice:lock:${scopeKey(scope)}:${row.version}`;
  const [mode, due] = ['once' as const, kit.clock.now()];
  const person = about.requester;
  const asked: readonly NewEffect[] = sameHuman(person, BOT)
    ? []
    : [{ key, lane: noticeLane(person, notice), mode, due, effect: { kind: 'notice', notice, to: { person } } }];
  const places = teamPlaces(about, kit.catalog(), await kit.store.placeBooks());
  return [
    ...asked,
    ...places.map((place): NewEffect => {
      const where = placeKey(place);
      return {
        ...{ key: `${key}:${where}`, lane: `notice:${where}`, mode, due },
        effect: { kind: 'notice', notice, to: { place } },
      };
    }),
  ];
}

/** Cards that show the lock of this scope, and those that may wait for it. */
async function touched(
  kit: Kit,
  scope: Scope,
): Promise<{ readonly effects: readonly NewEffect[]; readonly wakeups: readonly Wakeup[] }> {
  const where = scope.kind === 'target' ? { service: scope.service, environment: scope.environment } : {};
  const inside = new Set(spotsIn(kit, scope).map(({ service, settings }) => `${service}/${settings.environment}`));
  const open = (await kit.store.deployments({ ...where, open: true, limit: 10_000 })).filter(
    ({ service, environment }) => inside.has(`${service}/${environment}`),
  );
  const drawn = open.filter((one) => !isForeign(one) && (one.state === 'queued' || one.state === 'awaiting-approval'));
  const books = drawn.length === 0 ? [] : await kit.store.placeBooks();
  const due = kit.clock.now();
  const waits = (one: Deployment) => isForeign(one) || one.state === 'queued';
  return {
    effects: drawn.flatMap((one) =>
      hearings(one, kit.catalog(), books).map((hearing) => cardEffect(one, hearing, due)),
    ),
    // Those of a newer version may have waited for just this.
    wakeups: open.filter(waits).map(({ id }) => ({ key: id, due })),
  };
}
