import { describe, expect, it } from 'vitest';
import type { Review } from '../../src/domain/review.ts';
import { closeRefusal, nextChase, reviewFor } from '../../src/domain/reviewing.ts';
import { ANNA, at, BEN, CLEO, DANA, inState, signed } from './samples.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse(at(0));
const later = (ms: number) => new Date(NOW + ms).toISOString();

describe('the review that a deployment leaves', () => {
  const glass = { by: DANA, reason: 'Down', at: at(1) };

  it.each([
    ['a regular one', {}, undefined],
    ['a rollback', { kind: 'rollback' }, undefined],
    ['a hotfix', { kind: 'hotfix' }, { causes: ['hotfix'], barred: ['anna'] }],
    ['an override', { override: 'Now' }, { causes: ['override'], barred: ['anna'] }],
    ['a broken glass', { glass }, { causes: ['break-glass'], barred: ['anna', 'dana'] }],
    [
      'all at once, each human once',
      { kind: 'hotfix', override: 'Now', glass: { ...glass, by: BEN }, countersignatures: [signed(BEN), signed(CLEO)] },
      { causes: ['hotfix', 'break-glass', 'override'], barred: ['anna', 'ben', 'cleo'] },
    ],
  ] as const)('of %s', (_name, over, expected) => {
    const said = reviewFor(inState('queued', { countersignatures: [], ...over } as never), NOW);

    if (expected === undefined) expect(said).toBeUndefined();
    else {
      expect(said?.causes).toEqual(expected.causes);
      expect(said?.barred.map(({ id }) => id)).toEqual(expected.barred);
      expect(said?.dueAt).toBe(later(3 * DAY));
    }
  });

  it('is due when its target says', () => {
    expect(reviewFor(inState('queued', { kind: 'hotfix' }), NOW, HOUR)?.dueAt).toBe(later(HOUR));
  });
});

const OPEN: Review = {
  ...{ deployment: 'D-1', version: 1, causes: ['hotfix'], service: 'web', environment: 'production', kind: 'hotfix' },
  ...{ openedAt: later(0), dueAt: later(4 * DAY), barred: [ANNA, BEN], chases: 0 },
};
const CLOSED = { by: CLEO, note: 'Fine', at: later(DAY) };

describe('the next chase of a review', () => {
  it.each([
    ['at half time first', {}, 2 * DAY],
    ['at half time, to the millisecond above', { dueAt: later(5) }, 3],
    ['when it is due', { chases: 1, chasedAt: later(2 * DAY) }, 4 * DAY],
    ['when it is due, though the first came late', { chases: 1, chasedAt: later(4 * DAY - 1) }, 4 * DAY],
    ['a day after the moment it was due', { chases: 2, chasedAt: later(4 * DAY) }, 5 * DAY],
    ['a day after the last, however late that came', { chases: 5, chasedAt: later(9 * DAY + HOUR) }, 10 * DAY + HOUR],
    ['never once it is closed', { closed: CLOSED }, undefined],
    [
      'never once it is closed, however often it was chased',
      { chases: 9, chasedAt: later(9 * DAY), closed: CLOSED },
      undefined,
    ],
  ] as const)('is %s', (_name, over, expected) => {
    expect(nextChase({ ...OPEN, ...over })).toBe(expected === undefined ? undefined : NOW + expected);
  });
});

describe('a review is closed', () => {
  it.each([
    [OPEN, CLEO, false, 'Fine', undefined],
    [undefined, CLEO, false, 'Fine', 'no-review'],
    [{ ...OPEN, closed: CLOSED }, DANA, false, 'Fine', 'review-closed-already'],
    [OPEN, ANNA, false, 'Fine', 'review-not-yours'],
    [OPEN, { ...BEN, id: 'other' }, false, 'Fine', 'review-not-yours'],
    [OPEN, CLEO, true, 'Fine', 'review-not-yours'],
    [OPEN, { ...CLEO, known: false }, false, 'Fine', 'review-not-yours'],
    [OPEN, CLEO, false, '  ', 'missing-reason'],
  ])('%#: by who may, with a few words', (review, person, external, note, code) => {
    expect(closeRefusal(review, 'D-1', { person, external }, note)?.code).toBe(code);
  });
});
