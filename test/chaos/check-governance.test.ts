import { beforeEach, describe, expect, it } from 'vitest';
import type { Request } from '../../src/domain/event.ts';
import { wrongLocks } from './check-locks.ts';
import { toldTwice } from './check-notices.ts';
import { forgottenReviews, wrongReviews } from './check-reviews.ts';
import { unmetRules } from './check-rules.ts';
import { wrongTurns } from './check-turns.ts';
import { at, type LogMaker, logMaker, person } from './log-maker.ts';
import type { Side } from './sides.ts';

/** A check that cannot fail checks nothing: each is shown a log that breaks its rule, and one that just keeps it. */
let log: LogMaker;
beforeEach(() => {
  log = logMaker();
});

const PRODUCTION = 'target:web/production';
const HOTFIX: Partial<Request> = { kind: 'hotfix' };
const lock = (more: object = {}) => ({ type: 'locked' as const, reason: 'x', ...more });

describe('what is locked', () => {
  const locks = () => wrongLocks(log.entries, at(100));

  it.each(['scope:*', 'scope:environment/production', 'scope:region/eu', 'scope:service/web', PRODUCTION])(
    'keeps out what is under %s',
    (stream) => {
      log.asked(0, 1);
      log.says(1, stream, lock(), 'sam');
      log.dispatched(2, 1);

      expect(locks()).toEqual([expect.stringContaining('D-1 (regular) was dispatched')]);
    },
  );

  it.each(['scope:environment/staging', 'scope:region/us', 'scope:service/api', 'target:web/staging'])(
    'keeps out nothing beside %s',
    (stream) => {
      log.asked(0, 1);
      log.says(1, stream, lock(), 'sam');
      log.dispatched(2, 1);

      expect(locks()).toEqual([]);
    },
  );

  it.each([
    ['regular', 'freeze', 1],
    ['hotfix', 'freeze', 0],
    ['hotfix', 'closed', 1],
    ['rollback', 'closed', 0],
    ['regular', 'warning', 0],
  ] as const)('a %s and a lock that is %s: %i faults', (kind, mode, faults) => {
    log.asked(0, 1, { kind });
    log.says(1, 'scope:*', lock({ mode }), 'sam');
    log.dispatched(2, 1);

    expect(locks()).toHaveLength(faults);
  });

  it('holds nobody any more when its time is over, and must then be opened', () => {
    log.asked(0, 1);
    log.says(1, 'scope:*', lock({ expiresAt: at(5) }), 'sam');
    log.dispatched(6, 1);

    expect(wrongLocks(log.entries, at(10))).toEqual([]);
    expect(wrongLocks(log.entries, at(60))).toEqual([expect.stringContaining('is over since')]);
  });

  it('refuses nobody for a lock that is long gone', () => {
    const refusals = [{ code: 'target-locked' as const, sentence: '', next: '' }];
    log.says(0, PRODUCTION, lock(), 'sam');
    log.says(1, PRODUCTION, { type: 'unlocked' }, 'sam');
    log.asked(2, 1);
    log.says(5, 'deployment:D-1', { type: 'refused', refusals });
    expect(locks()).toEqual([]);

    log.asked(50, 2);
    log.says(51, 'deployment:D-2', { type: 'refused', refusals });
    expect(locks()).toEqual([expect.stringContaining('D-2 was refused')]);
  });

  it("is not touched by whoever may not touch another's, nor by the bot before its time", () => {
    log.says(0, PRODUCTION, lock(), 'anna');
    log.says(1, PRODUCTION, { type: 'lock-taken', reason: 'y' }, 'sam');
    log.says(2, PRODUCTION, { type: 'unlocked' }, 'cleo');
    log.says(3, PRODUCTION, lock({ expiresAt: at(60) }), 'anna');
    log.says(4, PRODUCTION, { type: 'unlocked' });

    expect(locks()).toEqual([expect.stringContaining('sam touched'), expect.stringContaining('before its time')]);
  });
});

describe('whose turn it is', () => {
  it.each([
    ['regular', 'hotfix'],
    ['regular', 'rollback'],
    ['hotfix', 'rollback'],
  ] as const)('a %s does not go before a %s that waits', (kind, before) => {
    log.asked(0, 1, { kind });
    log.asked(0, 2, { kind: before });
    log.queued(1, 1);
    log.queued(2, 2);
    log.dispatched(10, 1);

    expect(wrongTurns(log.entries)).toEqual([expect.stringContaining('before D-2')]);
  });

  it('nobody goes before whoever was cleared first, except before what is for later or held', () => {
    log.asked(0, 1, { scheduledFor: at(60) });
    log.asked(0, 2);
    log.asked(0, 3);
    for (const id of [1, 2, 3]) log.queued(id, id);
    log.dispatched(10, 3);

    expect(wrongTurns(log.entries)).toEqual([expect.stringContaining('before D-2')]);
  });

  it('a hotfix that is held keeps no rollback waiting', () => {
    log.asked(0, 1, HOTFIX);
    log.queued(1, 1);
    log.says(2, 'scope:*', lock(), 'sam');
    log.asked(3, 2, { kind: 'rollback' });
    log.queued(3, 2);
    log.dispatched(10, 2);

    expect(wrongTurns(log.entries)).toEqual([]);
  });
});

describe('who let it go', () => {
  it('two people, one for each group', () => {
    log.asked(0, 1);
    log.signed(1, 1, 'cleo');
    log.signed(2, 1, 'dina');
    log.dispatched(3, 1);

    expect(unmetRules(log.entries)).toEqual([]);
  });

  it.each<readonly [string, readonly string[], number]>([
    ['nobody', [], 1],
    ['one person of both groups', ['cleo'], 1],
    ['the same person twice', ['cleo', 'cleo'], 1],
    ['somebody of neither group beside', ['cleo', 'sam'], 1],
    ['whoever asked for it', ['anna', 'cleo'], 1],
    ['whoever wrote it', ['ben', 'cleo'], 2],
  ])('is not %s', (_who, signers, faults) => {
    log.asked(0, 1);
    for (const who of signers) log.signed(1, 1, who);
    log.dispatched(3, 1);

    expect(unmetRules(log.entries)).toHaveLength(faults);
  });

  it('a group that steps in counts only after the escalation, and only for the silent group', () => {
    log.asked(0, 1);
    log.signed(1, 1, 'cleo');
    log.says(2, 'deployment:D-1', { type: 'escalated', group: 'platform', to: 'on-call' });
    log.signed(3, 1, 'sam');
    log.dispatched(4, 1);
    expect(unmetRules(log.entries)).toEqual([]);

    log.says(10, 'deployment:D-1', { type: 'approvals-voided', reason: '' });
    log.signed(11, 1, 'cleo');
    log.signed(12, 1, 'sam');
    log.dispatched(13, 1);
    expect(unmetRules(log.entries)).toEqual([expect.stringContaining('cleo (platform,release), sam (on-call)')]);
  });

  it('is not what was voided', () => {
    log.asked(0, 1);
    log.signed(1, 1, 'cleo');
    log.signed(2, 1, 'dina');
    log.says(3, 'deployment:D-1', { type: 'approvals-voided', reason: '' });
    log.dispatched(4, 1);

    expect(unmetRules(log.entries)).toHaveLength(1);
  });

  it('or somebody who may break the glass, and nobody else', () => {
    for (const [id, who] of [
      [1, 'dina'],
      [2, 'anna'],
    ] as const) {
      log.asked(0, id);
      log.says(1, `deployment:D-${id}`, { type: 'glass-broken', reason: '' }, who);
      log.dispatched(2, id);
    }

    expect(unmetRules(log.entries)).toEqual(['anna broke the glass of D-2']);
  });

  it('somebody in the stead of another counts while the word is lent', () => {
    log.asked(0, 1);
    log.signed(1, 1, 'dina');
    log.says(2, 'person:cleo', { type: 'delegated', to: person('sam'), from: at(2), until: at(3600) }, 'cleo');
    log.signed(3, 1, 'sam', 'cleo');
    log.dispatched(4, 1);
    expect(unmetRules(log.entries)).toEqual([]);

    log.says(5, 'person:cleo', { type: 'delegation-ended' }, 'cleo');
    log.asked(6, 2);
    log.signed(30, 2, 'sam', 'cleo');
    expect(unmetRules(log.entries)).toEqual(['sam countersigned D-2 for cleo, unasked']);
  });
});

describe('what is looked at afterwards', () => {
  const opened = (id: number) =>
    log.says(3, `review:D-${id}`, {
      type: 'review-opened',
      causes: ['hotfix'],
      service: 'web',
      environment: 'production',
      kind: 'hotfix',
      dueAt: at(60),
      barred: [],
    });
  const closed = (id: number, by: string) => log.says(9, `review:D-${id}`, { type: 'review-closed', note: '' }, by);

  it('is every hotfix, override and broken glass, once each, and nothing else', () => {
    log.asked(0, 1, HOTFIX);
    log.asked(0, 2, { override: 'because' });
    log.asked(0, 3);
    log.says(1, 'deployment:D-3', { type: 'glass-broken', reason: '' }, 'dina');
    log.asked(0, 4);
    for (const id of [1, 2, 3, 4]) log.dispatched(2, id);
    expect(wrongReviews(log.entries)).toEqual(['D-1 left 0 reviews', 'D-2 left 0 reviews', 'D-3 left 0 reviews']);

    for (const id of [1, 2, 3, 4]) opened(id);
    expect(wrongReviews(log.entries)).toEqual(['D-4 left a review for no reason']);
  });

  it.each([
    ['anna', 1],
    ['cleo', 1],
    ['sam', 0],
  ] as const)('is closed by %s: %i faults', (who, faults) => {
    log.asked(0, 1, HOTFIX);
    log.signed(1, 1, 'cleo');
    log.dispatched(2, 1);
    opened(1);
    closed(1, who);

    expect(wrongReviews(log.entries)).toHaveLength(faults);
  });

  it('is not forgotten', async () => {
    const openReviews = async () => [{ deployment: 'D-1' }, { deployment: 'D-2' }] as never;
    const unset = async (keys: readonly string[]) => keys.filter((key) => key.endsWith('2'));

    expect(await forgottenReviews({ openReviews, unset })).toEqual([expect.stringContaining('review:D-2 is open')]);
  });
});

describe('what is told in private', () => {
  const words = 'Your lock of web in staging has expired. Reason: Chaos lock 3.';
  const side = (times: readonly number[], lost: readonly number[] = []) =>
    ({
      id: 'slack',
      told: (who: string) => (who === 'anna' ? times.map((time) => ({ words, at: time })) : []),
      troubles: () => lost,
    }) as unknown as Side;

  it('is told once, or once more after a blow or a lost answer', () => {
    const hit = { what: 'kill', from: 10_500, until: 11_000 };

    expect(toldTwice([side([10_000])], [])).toEqual([]);
    expect(toldTwice([side([10_000, 12_000])], [hit])).toEqual([]);
    expect(toldTwice([side([10_000, 12_000], [10_010])], [])).toEqual([]);
    expect(toldTwice([side([10_000, 12_000])], [])).toHaveLength(1);
    expect(toldTwice([side([20_000, 22_000])], [hit])).toHaveLength(1);
  });
});
