import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition, FurtherRules, Policy, Rule } from '../../src/domain/catalog.ts';
import type { Kind } from '../../src/domain/plan.ts';
import { mayAsk, rulesFor } from '../../src/domain/rules.ts';
import { changeSet, commit, findings, hand, plan } from './samples.ts';

const BASE: Policy = { rules: [{ group: 'platform', count: 1 }], expiresMs: 3_600_000, checks: 'shown' };
const DBA: readonly Rule[] = [{ group: 'dba', count: 1 }];
const known = (more: Partial<ReturnType<typeof findings>> = {}) => findings({ fits: {}, ...more });
const when = (condition: Condition): Policy => ({ ...BASE, further: [{ when: condition, rules: DBA }] });
const needed = (rules: readonly Rule[]) => Object.fromEntries(rules.map(({ group, count }) => [group, count]));

describe('further rules', () => {
  const first = known({ changeSet: changeSet([commit([hand('ben')])], { direction: 'first' }) });
  const partial = known({ changeSet: changeSet([], { complete: false }), fits: { 'db/**': 0 } });
  const unlisted = known({ changeSet: changeSet([], { filesUnlisted: true }), fits: {} });
  const migration = known({
    changeSet: changeSet([], { files: [{ path: 'migrations/1', flag: 'migration' }], filesTotal: 1 }),
  });

  it.each<[string, Condition, ReturnType<typeof known>, Kind, boolean]>([
    ['a file fits', { files: ['db/**'] }, known({ fits: { 'db/**': 2 } }), 'regular', true],
    ['no file fits', { files: ['db/**'] }, known({ fits: { 'db/**': 0 } }), 'regular', false],
    ['nobody looked', { files: ['db/**'] }, known(), 'regular', true],
    ['the range is not whole', { files: ['db/**'] }, partial, 'regular', true],
    ['migrations', { migrations: true }, migration, 'regular', true],
    ['no migrations', { migrations: true }, known(), 'regular', false],
    ['files that nobody names', { migrations: true }, unlisted, 'regular', true],
    ['the first deployment', { first: true }, first, 'regular', true],
    ['not the first', { first: true }, known(), 'regular', false],
    ['many commits', { commits: 1 }, known(), 'regular', true],
    ['few commits', { commits: 2 }, known(), 'regular', false],
    ['commits of a first deployment', { commits: 500 }, first, 'regular', true],
    ['a hotfix', { kinds: ['hotfix'] }, known(), 'hotfix', true],
    ['no hotfix', { kinds: ['hotfix'] }, known(), 'regular', false],
    ['all that is said', { kinds: ['hotfix'], first: true }, known(), 'hotfix', false],
    ['nothing is asked for', {}, known(), 'regular', true],
    ['a rollback', {}, known(), 'rollback', false],
  ])('hold or not: %s', (_name, condition, facts, kind, expected) => {
    const rules = rulesFor(when(condition), kind, facts, 'code');

    expect(rules.some(({ group }) => group === 'dba')).toBe(expected);
  });

  it('ask owners by name, each set on its own', () => {
    const facts = known({ ownership: [{ owners: ['@anna', '@acme/web'], files: 3, example: 'a.ts' }] });

    expect(rulesFor({ ...BASE, codeOwners: true }, 'regular', facts, 'code')[1]).toMatchObject({
      count: 1,
      because: 'changes a.ts and 2 more files',
      source: { kind: 'owners', source: 'code', owners: ['@anna', '@acme/web'] },
    });
    expect(rulesFor(BASE, 'regular', facts, 'code')).toHaveLength(1);
  });
});

describe('rules of any policy', () => {
  const rule = fc.record({ group: fc.constantFrom('a', 'b', 'c', 'd'), count: fc.integer({ min: 1, max: 3 }) });
  const condition: fc.Arbitrary<Condition> = fc.record(
    {
      files: fc.subarray(['db/**', 'web/**', 'odd'], { minLength: 1 }),
      migrations: fc.constant(true as const),
      first: fc.constant(true as const),
      commits: fc.integer({ min: 1, max: 5 }),
      kinds: fc.subarray<Kind>(['regular', 'hotfix'], { minLength: 1 }),
    },
    { requiredKeys: [] },
  );
  const further = fc.record({ when: condition, rules: fc.array(rule, { maxLength: 3 }) });
  const facts = fc
    .record({
      fits: fc.dictionary(fc.constantFrom('db/**', 'web/**'), fc.nat(2)),
      direction: fc.constantFrom('first' as const, 'ahead' as const),
      complete: fc.boolean(),
      total: fc.nat(6),
    })
    .map(({ fits, direction, complete, total }) =>
      known({ fits, changeSet: changeSet([], { direction, complete }), commitsTotal: total }),
    );
  const kind = fc.constantFrom<Kind>('regular', 'hotfix');
  const policyOf = (rules: readonly Rule[], more: readonly FurtherRules[]): Policy => ({
    ...BASE,
    rules,
    further: more,
  });

  it('never become fewer by one rule more', () => {
    fc.assert(
      fc.property(fc.array(rule), fc.array(further), further, facts, kind, (rules, more, added, found, what) => {
        const before = needed(rulesFor(policyOf(rules, more), what, found, 'code'));
        const after = needed(rulesFor(policyOf(rules, [...more, added]), what, found, 'code'));
        for (const [group, count] of Object.entries(before)) expect(after[group]).toBeGreaterThanOrEqual(count);
      }),
    );
  });

  it('do not depend on the order in which they are written', () => {
    fc.assert(
      fc.property(fc.array(rule), fc.array(further), facts, kind, (rules, more, found, what) => {
        const one = rulesFor(policyOf(rules, more), what, found, 'code');
        const other = rulesFor(policyOf(rules.toReversed(), more.toReversed()), what, found, 'code');
        expect(needed(one)).toEqual(needed(other));
      }),
    );
  });

  it('are foreseen: who may be asked for nothing is asked for nothing', () => {
    fc.assert(
      fc.property(fc.array(rule), fc.array(further), facts, kind, (rules, more, found, what) => {
        const policy = policyOf(rules, more);
        if (!mayAsk(policy, what)) expect(rulesFor(policy, what, found, 'code')).toEqual([]);
      }),
    );
  });
});

describe('the plan', () => {
  it('is the same plan whatever words say why, and another one when another person is needed', () => {
    const hash = (rule: Rule) => plan({ rules: [rule] }).hash;

    expect(hash({ group: 'dba', count: 1, because: '3 commits' })).toBe(hash({ group: 'dba', count: 1 }));
    expect(hash({ group: 'dba', count: 2 })).not.toBe(hash({ group: 'dba', count: 1 }));
  });
});
