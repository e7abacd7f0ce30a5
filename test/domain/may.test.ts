import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Access, GUARDED_RIGHTS, RIGHT_NAMES } from '../../src/domain/access.ts';
import { mayDo } from '../../src/domain/may.ts';
import type { Membership } from '../../src/domain/policy.ts';

const WAYS = ['member', 'not', 'unreadable'] as const;
const memberships = (way: (typeof WAYS)[number]): readonly Membership[] => [
  { group: 'release', member: way === 'unreadable' ? 'unreadable' : way === 'member' },
];

describe('who may', () => {
  it.each(RIGHT_NAMES.flatMap((right) => WAYS.map((way) => [right, way] as const)))('%s, %s', (right, way) => {
    const person = { known: true, memberships: memberships(way) };
    const other = right === 'deploy' ? 'lock' : 'deploy';

    expect(mayDo(right, person, undefined), 'nothing is said').toBe(GUARDED_RIGHTS.includes(right) ? 'no' : 'yes');
    expect(mayDo(right, person, {}), 'nothing is said, at length').toBe(GUARDED_RIGHTS.includes(right) ? 'no' : 'yes');
    expect(mayDo(right, person, { [other]: ['release'] }), 'only another right is said').toBe('no');
    expect(mayDo(right, person, { [right]: [] }), 'nobody is named').toBe('no');
    expect(mayDo(right, person, { [right]: ['*'] }), 'everybody known').toBe('yes');
    expect(mayDo(right, person, { [right]: ['release'] })).toBe(
      { member: 'yes', not: 'no', unreadable: 'unreadable' }[way],
    );
    expect(mayDo(right, { ...person, known: false }, { [right]: ['*', 'release'] }), 'a stranger').toBe('no');
  });

  it('takes one group that says yes, and a silent one for unreadable', () => {
    const access: Access = { deploy: ['one', 'two'] };
    const known = (list: readonly Membership[]) => ({ known: true, memberships: list });

    expect(
      mayDo(
        'deploy',
        known([
          { group: 'one', member: 'unreadable' },
          { group: 'two', member: true },
        ]),
        access,
      ),
    ).toBe('yes');
    expect(mayDo('deploy', known([{ group: 'one', member: false }]), access)).toBe('unreadable');
  });

  it('never says yes to a group that was not named', () => {
    const group = fc.constantFrom('a', 'b', 'c');
    const member = fc.constantFrom<Membership['member']>(true, false, 'unreadable');
    fc.assert(
      fc.property(
        fc.constantFrom(...RIGHT_NAMES),
        fc.uniqueArray(group),
        fc.array(fc.record({ group, member })),
        (right, named, list) => {
          const answer = mayDo(right, { known: true, memberships: list }, { [right]: named });
          const isIn = list.some((one) => one.member === true && named.includes(one.group));
          expect(answer === 'yes').toBe(isIn);
        },
      ),
    );
  });
});
