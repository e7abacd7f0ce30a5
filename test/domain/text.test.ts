import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangeSet } from '../../src/domain/change-set.ts';
import { stranger } from '../../src/domain/person.ts';
import { secondLook } from '../../src/domain/second-look.ts';
import { progressOf } from '../../src/domain/tell/progress.ts';
import { clip, counted, duration, grouped, plain } from '../../src/domain/text.ts';
import { ANNA, at, CLEO, changeSet, commit, email, hand, inState, steps } from './samples.ts';

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [65_984, '65,984'],
  [1_234_567, '1,234,567'],
])('a number of many digits is read in groups: %d is %s', (count, words) => {
  expect(grouped(count)).toBe(words);
});

describe('cutting a text', () => {
  it('never goes beyond the limit, nor through a pair of surrogates', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const cut = clip(text, limit);

        expect(cut.length).toBeLessThanOrEqual(limit);
        expect(cut.isWellFormed()).toBe(true);
        expect(cut === text || cut.endsWith('…')).toBe(true);
      }),
    );
  });

  it('gives way before an emoji', () => {
    expect(clip('ab🚀cd', 4)).toBe('ab…');
    expect(clip('ab🚀', 4)).toBe('ab🚀');
  });
});

describe('words', () => {
  it.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [999, '999 ms'],
    [999.7, '1 s'],
    [1000, '1 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [60_000, '1 min'],
    [252_000, '4 min 12 s'],
    [3_599_999, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('for %d milliseconds', (milliseconds, words) => {
    expect(duration(milliseconds)).toBe(words);
  });

  it('count one and many', () => {
    expect([counted(0, 'change'), counted(1, 'change'), counted(2, 'person', 'people')]).toEqual([
      '0 changes',
      '1 change',
      '2 people',
    ]);
  });

  it('lose their dress where there is none', () => {
    const words = plain([
      { kind: 'strong', text: 'Deployed' },
      ' ',
      { kind: 'link', text: '#12', url: 'https://x.example' },
      ' ',
      { kind: 'time', at: at(5), style: 'clock' },
      ' ',
      { kind: 'time', at: at(5), style: 'date' },
      ' ',
      { kind: 'person', person: ANNA, notify: true },
      ' ',
      { kind: 'group', name: 'platform', notify: true },
    ]);

    expect(words).toBe('Deployed #12 09:05 UTC 2026-11-21 09:05 UTC Anna @platform');
  });
});

describe('a second look', () => {
  const look = (more: Partial<ChangeSet>, title = 'Paint the door') =>
    secondLook(changeSet([commit([hand('ben')], { title })], more), []);

  it.each<[string, Partial<ChangeSet>, string, string | undefined]>([
    ['nothing special', {}, 'Paint the door', undefined],
    ['a first deployment', { direction: 'first' }, 'Paint the door', 'The first deployment to this target'],
    ['an older commit', { direction: 'behind' }, 'Paint the door', 'This goes back'],
    ['a force-push', { direction: 'diverged' }, 'Paint the door', 'commits that are live now would disappear'],
    ['one migration', { files: [{ path: 'm', flag: 'migration' }] }, 'x', 'Changes the database: 1 migration file'],
    [
      'configuration',
      {
        files: [
          { path: 'a', flag: 'configuration' },
          { path: 'b', flag: 'configuration' },
        ],
      },
      'x',
      'Changes configuration: 2 files',
    ],
    ['risk words', {}, 'Drop the old table, REVERT later', 'Commit titles speak of: drop, revert'],
    ['part of a harmless word', {}, 'Raindrops and hackneyed words by the author', undefined],
  ])('sees %s', (_what, more, title, expected) => {
    const found = look(more, title);

    expect(found.join('\n')).toContain(expected ?? '');
    expect(found).toHaveLength(expected === undefined ? 0 : 1);
  });

  it('sees a large change and strangers among the authors', () => {
    const many = changeSet(Array.from({ length: 31 }, () => commit([])));
    const excluded = ['v', 'w', 'x', 'y'].map((id) => ({
      person: stranger({ ...email(id), name: id }),
      parts: [],
      commits: [],
    }));

    const found = secondLook(many, [{ person: CLEO, parts: [], commits: [] }, ...excluded]);

    expect(found).toEqual([
      'Not linked to a known person: v, w, x and 1 more; whether an approver is one of them cannot be told',
      'A large change: 31 commits at once',
    ]);
  });
});

describe('progress', () => {
  it.each([
    ['nothing before the start', inState('queued'), 5, undefined],
    ['the step and the time that is left', inState('running'), 7, [50, '2 of 3: Unit tests · about 2 min left']],
    [
      'what takes longer than usual, never quite full',
      inState('running'),
      11,
      [95, '2 of 3: Unit tests · 2 min longer than usual'],
    ],
    ['nothing of time while no usual length is known', withoutUsual(), 8, [33, '2 of 3: Unit tests']],
    ['a start without steps', inState('running', { steps: [] }), 5, [0, 'about 4 min left']],
    [
      'a failed step',
      inState('failed', { runState: 'failed', steps: steps('succeeded', 'failed', 'waiting') }),
      30,
      [33, '2 of 3: Unit tests failed'],
    ],
    [
      'a good end',
      inState('succeeded', { runState: 'succeeded', steps: steps('succeeded', 'skipped', 'succeeded') }),
      30,
      [100, '3 of 3 steps done'],
    ],
  ] as const)('shows %s', (_what, deployment, minutes, expected) => {
    const progress = progressOf(deployment, at(minutes));

    expect(progress === undefined ? undefined : [progress.percent, progress.words]).toEqual(expected);
  });

  it('is never below nothing when clocks differ', () => {
    expect(progressOf(inState('running'), at(0))?.percent).toBe(0);
  });

  function withoutUsual() {
    const { expectedMs: _gone, ...row } = inState('running');
    return row;
  }
});
