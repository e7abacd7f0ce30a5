import { describe, expect, it } from 'vitest';
import {
  closes,
  holdingLock,
  isOver,
  lockSentence,
  locksOver,
  spokenLock,
  warningLocks,
} from '../../src/domain/held.ts';
import { type HeldLock, LOCK_MODES, type Lock, type LockMode, type Scope, scopeKey } from '../../src/domain/lock.ts';
import { KINDS, type Kind } from '../../src/domain/plan.ts';
import { isNext, queuePlaceOf } from '../../src/domain/queue.ts';
import { tell } from '../../src/domain/tell/index.ts';
import { plain } from '../../src/domain/text.ts';
import { at, BEN, CATALOG, CLEO, inState } from './samples.ts';

const TARGET: Scope = { kind: 'target', service: 'web', environment: 'production' };
const WIDE: readonly Scope[] = [
  { kind: 'everything' },
  { kind: 'environment', environment: 'production' },
  { kind: 'region', region: 'eu' },
  { kind: 'service', service: 'web' },
];
const lockOf = (more: Partial<Lock> = {}): Lock => ({ by: CLEO, reason: 'Stocktaking', at: at(0), ...more });
const spot = { service: 'web', environment: 'production', regions: ['eu', 'us'] };

describe('a lock', () => {
  it.each(WIDE.map((scope) => [scopeKey(scope), scope] as const))(
    'of %s closes what lies in it only',
    (_key, scope) => {
      expect(closes(scope, spot)).toBe(true);
      expect(closes(scope, { service: 'shop', environment: 'staging' })).toBe(scope.kind === 'everything');
    },
  );

  it('is seen from the target with all others around it, the widest first', () => {
    const books = WIDE.toReversed().map((scope) => ({ scope: scopeKey(scope), version: 1, lock: lockOf() }));
    const target = { service: 'web', environment: 'production', version: 1, lock: lockOf() };

    const found = locksOver(target, ['eu'], [...books, { scope: 'region/us', version: 1, lock: lockOf() }]);

    expect(found.map(({ scope }) => scope)).toEqual([...WIDE, TARGET]);
  });

  const PASSES: Readonly<Record<LockMode, readonly Kind[]>> = {
    closed: ['rollback'],
    freeze: ['rollback', 'hotfix'],
    warning: ['rollback', 'hotfix', 'regular'],
  };
  it.each(LOCK_MODES.flatMap((mode) => KINDS.map((kind) => [mode, kind] as const)))('%s and a %s', (mode, kind) => {
    for (const scope of [...WIDE, TARGET]) {
      const locks = [{ scope, lock: lockOf({ mode, expiresAt: at(10) }) }];

      expect(holdingLock(locks, kind, at(9)) === undefined).toBe(PASSES[mode].includes(kind));
      expect(holdingLock(locks, kind, at(10))).toBeUndefined();
    }
  });

  it('that only warns does not hide one that holds', () => {
    const warning: HeldLock = { scope: { kind: 'everything' }, lock: lockOf({ mode: 'warning' }) };
    const own: HeldLock = { scope: TARGET, lock: lockOf({ by: BEN }) };

    expect(spokenLock([warning, own], at(1))).toBe(own);
    expect(spokenLock([warning], at(1))).toBe(warning);
    expect(warningLocks([warning, own], at(1))).toEqual([warning]);
  });

  it('has an end at its very moment, or none', () => {
    expect([9, 10, 11].map((minute) => isOver(lockOf({ expiresAt: at(10) }), at(minute)))).toEqual([false, true, true]);
    expect(isOver(lockOf(), at(1_000_000))).toBe(false);
  });

  it('is told in one sentence', () => {
    const said = [...WIDE, TARGET].map((scope) => lockSentence({ scope, lock: lockOf({ mode: 'freeze' }) }));

    expect(said).toEqual([
      'Everything is frozen by Cleo: Stocktaking',
      'Everything in production is frozen by Cleo: Stocktaking',
      'Everything in the region eu is frozen by Cleo: Stocktaking',
      'web everywhere is frozen by Cleo: Stocktaking',
      'web in production is frozen by Cleo: Stocktaking',
    ]);
  });
});

describe('the queue', () => {
  const queued = (number: number, more: Parameters<typeof inState>[1] = {}) =>
    inState('queued', { id: `D-${number}`, number, since: at(number), ...more });
  const running = inState('running', { id: 'D-1', number: 1, requester: BEN, startedAt: at(0), expectedMs: 480_000 });
  const place = (
    one: ReturnType<typeof queued>,
    others: Parameters<typeof queuePlaceOf>[1],
    locks: readonly HeldLock[] = [],
  ) => queuePlaceOf(one, others, { locks, now: at(2) });

  it('lets rollbacks go before hotfixes, and those before all others', () => {
    const all = [queued(3), queued(4, { kind: 'hotfix' }), queued(5, { kind: 'rollback' })];

    expect(all.map((one) => isNext(one, all, at(9)))).toEqual([false, false, true]);
    expect(isNext(all[1] ?? queued(0), all.slice(0, 2), at(9))).toBe(true);
  });

  it('is not held back by what is scheduled for later', () => {
    const later = queued(2, { scheduledFor: at(60) });
    const one = queued(3);

    expect([isNext(one, [later, one], at(59)), isNext(one, [later, one], at(60))]).toEqual([true, false]);
    expect(place(one, [later, one]).position).toBe(1);
  });

  it('says when a run will begin, where all that is before it is known', () => {
    expect(place(queued(3), [running]).startsInMs).toBe(360_000);
    expect(place(queued(3), [running, queued(2)]).startsInMs).toBe(360_000 + 480_000);
    const { expectedMs: _unknown, ...first } = running;
    expect(place(queued(3), [first]).startsInMs).toBeUndefined();
    expect(place(queued(3), [{ ...running, expectedMs: 60_000 }]).startsInMs).toBeUndefined();
    expect(place(queued(3), [running], [{ scope: TARGET, lock: lockOf() }]).startsInMs).toBeUndefined();
    expect(place(queued(3), []).startsInMs).toBeUndefined();
  });

  it('is told on the card', () => {
    const card = (locks: readonly HeldLock[]) => {
      const one = queued(3);
      const queue = place(one, [running, queued(2, { requester: CLEO })], locks);
      return plain(tell(one, 'engineering', { catalog: CATALOG, now: at(2), queue }).lines.at(-1) ?? []);
    };

    expect(card([])).toBe('Position 2 in the queue, behind D-2 (Cleo), begins in about 14 min.');
    expect(
      card([{ scope: { kind: 'environment', environment: 'production' }, lock: lockOf({ mode: 'freeze' }) }]),
    ).toBe('Waiting: everything in production is frozen by Cleo (Stocktaking).');
  });

  it('is foretold to whoever decides', () => {
    const card = tell(inState('awaiting-approval'), 'engineering', {
      catalog: CATALOG,
      now: at(2),
      locks: [
        { scope: { kind: 'everything' }, lock: lockOf({ mode: 'warning' }) },
        { scope: TARGET, lock: lockOf() },
      ],
    });

    expect(JSON.stringify(card)).toContain('Everything is under a warning by Cleo: Stocktaking.');
    expect(JSON.stringify(card)).toContain('Once approved, it waits until that is opened.');
  });
});
