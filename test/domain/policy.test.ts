import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/domain/catalog.ts';
import { type Person, personOf, stranger } from '../../src/domain/person.ts';
import { excludedFrom, exclusionOf, satisfiable, satisfied, tally } from '../../src/domain/policy.ts';
import {
  ANNA,
  BEN,
  CATALOG,
  CLEO,
  changeSet,
  commit,
  DANA,
  email,
  hand,
  human,
  POLICY,
  signed,
  slack,
} from './samples.ts';

const people = CATALOG.people;
const rule = (group: string, count = 1): Rule => ({ group, count });
const withRules = (...rules: readonly Rule[]) => ({ ...POLICY, rules });

function counts(rules: readonly Rule[], ...given: readonly (readonly [Person, ...string[]])[]): readonly number[] {
  const progress = tally(
    withRules(...rules),
    given.map(([by, ...groups]) => signed(by, groups)),
    [],
  );
  return progress.map(({ by }) => by.length);
}

describe('who may not countersign', () => {
  const parts = (...hands: readonly ReturnType<typeof hand>[]) =>
    excludedFrom(ANNA, changeSet([commit(hands)]), people).map(({ person, parts: own }) => [person.id, ...own]);

  it('is the requester, and everybody with a hand in a commit', () => {
    const found = parts(hand('ben'), hand('cleo', 'co-author'), hand('dana', 'committer'));

    expect(found).toEqual([
      ['anna', 'requester'],
      ['ben', 'author'],
      ['cleo', 'co-author'],
      ['dana', 'committer'],
    ]);
  });

  it('is whoever merged it', () => {
    const found = parts(hand('ben'), hand('cleo', 'merger'));

    expect(found.at(-1)).toEqual(['cleo', 'merger']);
  });

  it('is one human with all parts, also through several accounts', () => {
    const changes = changeSet([
      commit([hand('ben'), { role: 'merger', account: slack('ben'), bot: false }]),
      commit([hand('BEN')], { sha: 'b'.repeat(40) }),
    ]);

    const found = excludedFrom(BEN, changes, people);

    expect(found).toEqual([{ person: BEN, parts: ['requester', 'author', 'merger'], commits: ['1a2b3c4', 'bbbbbbb'] }]);
  });

  it('is no machine, but the human beside it', () => {
    const found = parts(hand('dependabot[bot]', 'author', true), hand('cleo', 'co-author'));

    expect(found.map(([id]) => id)).toEqual(['anna', 'cleo']);
  });

  it('is a stranger too, known by the account alone', () => {
    const [, found] = excludedFrom(ANNA, changeSet([commit([hand('zoe')])]), people);

    expect(found?.person).toMatchObject({ known: false, id: 'email::zoe@example.com' });
    expect(exclusionOf(human('zoe'), found === undefined ? [] : [found])).toBeDefined();
  });

  it('names three commits at most', () => {
    const commits = ['a', 'b', 'c', 'd'].map((letter) => commit([hand('ben')], { sha: letter.repeat(40) }));

    const found = excludedFrom(ANNA, changeSet(commits), people);

    expect(found[1]?.commits).toEqual(['aaaaaaa', 'bbbbbbb', 'ccccccc']);
  });
});

describe('counting countersignatures', () => {
  it.each([
    ['one of one', [rule('a')], [[CLEO, 'a']], [1]],
    ['nobody of the group', [rule('a')], [[CLEO, 'b']], [0]],
    [
      'no more than are needed',
      [rule('a')],
      [
        [CLEO, 'a'],
        [DANA, 'a'],
      ],
      [1],
    ],
    [
      'two of one group',
      [rule('a', 2)],
      [
        [CLEO, 'a'],
        [DANA, 'a'],
      ],
      [2],
    ],
    ['a person of two groups once', [rule('a'), rule('b')], [[CLEO, 'a', 'b']], [1, 0]],
    [
      'a person of two groups where still needed',
      [rule('a'), rule('b')],
      [
        [CLEO, 'a', 'b'],
        [DANA, 'a'],
      ],
      [1, 1],
    ],
    [
      'two rules of one group as two people',
      [rule('a'), rule('a')],
      [
        [CLEO, 'a'],
        [DANA, 'a'],
      ],
      [1, 1],
    ],
  ] as const)('counts %s', (_what, rules, given, expected) => {
    expect(counts(rules, ...given)).toEqual(expected);
  });

  it('never counts a human twice, whatever account was used', () => {
    const other: Person = { ...human('cleo-elsewhere'), accounts: [email('cleo')] };

    expect(counts([rule('a', 2)], [CLEO, 'a'], [other, 'a'])).toEqual([1]);
  });

  it('passes over excluded people and strangers, whatever the log holds', () => {
    const given = [CLEO, stranger(slack('who')), DANA].map((by) => signed(by, ['a']));
    const excluded = [{ person: CLEO, parts: ['author' as const], commits: [] }];

    const [progress] = tally(withRules(rule('a', 3)), given, excluded);

    expect(progress?.by).toEqual([DANA]);
  });

  it('is satisfied by no rules at all', () => {
    expect(satisfied(tally(withRules(), [], []))).toBe(true);
  });

  it('fills as many seats as can be filled, in any order of arrival', () => {
    const groups = fc.subarray(['a', 'b', 'c'], { minLength: 0 });
    const rules = fc.array(
      fc.record({ group: fc.constantFrom('a', 'b', 'c'), count: fc.integer({ min: 1, max: 2 }) }),
      {
        maxLength: 3,
      },
    );

    fc.assert(
      fc.property(rules, fc.array(groups, { maxLength: 5 }), (needed, members) => {
        const given = members.map((own, index) => signed(human(`p${index}`), own));

        const progress = tally(withRules(...needed), given, []);

        const seats = needed.flatMap(({ group, count }) => Array.from({ length: count }, () => group));
        expect(progress.reduce((sum, { by }) => sum + by.length, 0)).toBe(most(seats, members));
        for (const { rule: one, by } of progress) {
          expect(by.length).toBeLessThanOrEqual(one.count);
          for (const person of by) expect(members[Number(person.id.slice(1))]).toContain(one.group);
        }
        const seated = progress.flatMap(({ by }) => by.map(({ id }) => id));
        expect(seated).toEqual([...new Set(seated)]);
      }),
      { numRuns: 500 },
    );
  });

  /** The largest number of seats that can be filled, by trying everything. */
  function most(seats: readonly string[], members: readonly (readonly string[])[]): number {
    const [seat, ...rest] = seats;
    if (seat === undefined) return 0;
    const filled = members.flatMap((own, index) =>
      own.includes(seat)
        ? [
            1 +
              most(
                rest,
                members.filter((_, other) => other !== index),
              ),
          ]
        : [],
    );
    return Math.max(most(rest, members), ...filled);
  }
});

describe('a policy that can be satisfied', () => {
  const may = (group: string, ...known: readonly Person[]) => ({ group, count: 1, may: known, mayNot: [] });

  it.each([
    ['one group, one person', [rule('a')], [may('a', CLEO)], true],
    ['nobody left', [rule('a')], [may('a')], false],
    ['one person for two rules', [rule('a'), rule('b')], [may('a', CLEO), may('b', CLEO)], false],
    ['two people for two rules', [rule('a'), rule('b')], [may('a', CLEO), may('b', CLEO, DANA)], true],
  ] as const)('%s', (_what, rules, eligible, expected) => {
    expect(satisfiable(withRules(...rules), eligible)).toBe(expected);
  });
});

describe('a person', () => {
  it('is found by e-mail and GitHub login whatever the case, but not so by a Slack id', () => {
    const all = [human('eve', { system: 'github', id: 'Eve-Codes' })];
    const found = (system: string, id: string) => personOf({ all }, { system, id, tenant: 'T1' }).known;

    expect([found('email', 'EVE@example.com'), found('github', 'eve-codes'), found('slack', 'u-eve')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is nobody we know in another workspace', () => {
    expect(personOf(people, { ...slack('ben'), tenant: 'T2' })).toMatchObject({ known: false, id: 'slack:T2:U-ben' });
  });

  it('is found in any workspace when the configuration names none', () => {
    const all = [{ ...human('eve'), accounts: [{ system: 'slack', id: 'U7' }] }];

    expect(personOf({ all }, { system: 'slack', tenant: 'T9', id: 'U7' }).id).toBe('eve');
  });

  it('is not told apart by the name that an account shows', () => {
    const impostor = personOf(people, { system: 'slack', tenant: 'T1', id: 'U-else', name: 'Cleo' });

    expect(impostor.known).toBe(false);
    expect(exclusionOf(impostor, [{ person: CLEO, parts: ['author'], commits: [] }])).toBeUndefined();
  });
});
