import { describe, expect, it } from 'vitest';
import type { Findings } from '../../src/domain/deployment.ts';
import { stranger } from '../../src/domain/person.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { refusalsOf, warningsOf } from '../../src/domain/verdict.ts';
import type { GateFacts, Moment } from '../../src/gates/gate.ts';
import { askGates, GATE_IDS, gateRefusals, gates } from '../../src/gates/index.ts';
import {
  ANNA,
  at,
  BEN,
  CATALOG,
  changeSet,
  commit,
  findings,
  hand,
  OLD,
  POLICY,
  SHA,
  slack,
} from '../domain/samples.ts';

const settings = CATALOG.services['web']?.targets['production'];
if (settings === undefined) throw new Error('The sample has lost its target.');

const TARGET = { service: 'web', environment: 'production', version: 1 };
const FACTS: GateFacts = {
  ...{ kind: 'regular', requester: ANNA, external: false, reason: 'Sale starts' },
  ...{ settings, target: TARGET, findings: findings() },
};
const OPEN = { ...settings, customerFacing: false, policy: { ...POLICY, rules: [] } };
const STRICT = { ...settings, policy: { ...POLICY, checks: 'required' as const } };
const LOCKED = { ...TARGET, lock: { by: BEN, reason: 'Stocktaking', at: at(0) } };
const THERE = { ...TARGET, current: { deployment: 'D-1', sha: SHA, since: at(-9) } };

function ask(id: string, more: Partial<GateFacts>): Verdict {
  const gate = gates.find((one) => one.id === id);
  if (gate === undefined) throw new Error(`There is no gate ${id}.`);
  return gate.check({ ...FACTS, ...more });
}

function checks(state: Findings['checks']['state']): Findings {
  return findings({ checks: { state, passed: 3, failed: 2, pending: 1, failures: ['lint', 'unit'] } });
}

const PARTIAL = findings({ changeSet: changeSet([commit([hand('ben')])], { complete: false }) });
const NOBODY = findings({ eligible: [{ group: 'platform', count: 1, may: [], mayNot: [] }] });
const { findings: _later, ...BEFORE } = FACTS;

describe('each gate', () => {
  it.each<[string, string, Partial<GateFacts>, string]>([
    ['requester-linked', 'a known person', {}, 'allow'],
    [
      'requester-linked',
      'a stranger where nobody approves',
      { requester: stranger(slack('x')), settings: OPEN },
      'allow',
    ],
    [
      'requester-linked',
      'a stranger where somebody must approve',
      { requester: stranger(slack('x')) },
      'person-unlinked',
    ],
    [
      'requester-linked',
      'somebody from outside, even where nobody approves',
      { external: true, settings: OPEN },
      'external-person',
    ],
    ['reason-given', 'a reason', {}, 'allow'],
    ['reason-given', 'blanks', { reason: '  ' }, 'missing-reason'],
    ['reason-given', 'no reason where customers are not concerned', { reason: '', settings: OPEN }, 'allow'],
    ['reason-given', 'a rollback without a reason', { reason: '', settings: OPEN, kind: 'rollback' }, 'missing-reason'],
    ['reason-given', 'five hundred characters', { reason: 'x'.repeat(500) }, 'allow'],
    ['reason-given', 'one more', { reason: 'x'.repeat(501) }, 'reason-too-long'],
    [
      'reason-given',
      'a long reason where none is needed',
      { reason: 'x'.repeat(501), settings: OPEN },
      'reason-too-long',
    ],
    ['target-open', 'an open target', {}, 'allow'],
    ['target-open', 'a locked target', { target: LOCKED }, 'target-locked'],
    ['target-open', 'a rollback of a locked target', { target: LOCKED, kind: 'rollback' }, 'allow'],
    ['range-readable', 'a whole range', {}, 'allow'],
    ['range-readable', 'half a range', { findings: PARTIAL }, 'range-unreadable'],
    ['range-readable', 'half a range where nobody approves', { findings: PARTIAL, settings: OPEN }, 'allow'],
    ['range-readable', 'a rollback', { findings: PARTIAL, kind: 'rollback' }, 'allow'],
    ['not-there-already', 'another commit', { target: { ...THERE, current: { ...THERE.current, sha: OLD } } }, 'allow'],
    ['not-there-already', 'the very commit', { target: THERE }, 'already-running-there'],
    ['not-there-already', 'a rollback to the very commit', { target: THERE, kind: 'rollback' }, 'allow'],
    ['checks-passed', 'passed checks', { settings: STRICT }, 'allow'],
    ['checks-passed', 'failed checks that are shown', { findings: checks('failed') }, 'warn'],
    [
      'checks-passed',
      'failed checks that are required',
      { findings: checks('failed'), settings: STRICT },
      'checks-failed',
    ],
    ['checks-passed', 'running checks that are shown', { findings: checks('pending') }, 'warn'],
    [
      'checks-passed',
      'running checks that are required',
      { findings: checks('pending'), settings: STRICT },
      'checks-pending',
    ],
    ['checks-passed', 'no checks that are shown', { findings: checks('none') }, 'allow'],
    ['checks-passed', 'no checks that are required', { findings: checks('none'), settings: STRICT }, 'checks-failed'],
    [
      'checks-passed',
      'unreadable checks that are required',
      { findings: checks('unknown'), settings: STRICT },
      'checks-failed',
    ],
    ['checks-passed', 'a rollback', { findings: checks('failed'), settings: STRICT, kind: 'rollback' }, 'allow'],
    ['approver-exists', 'somebody left', {}, 'allow'],
    ['approver-exists', 'nobody left', { findings: NOBODY }, 'nobody-may-approve'],
    ['approver-exists', 'a rollback', { findings: NOBODY, kind: 'rollback' }, 'allow'],
  ])('%s: %s', (id, _what, more, expected) => {
    const verdict = ask(id, more);

    expect(verdict.kind === 'refuse' ? verdict.refusal.code : verdict.kind).toBe(expected);
    for (const { sentence, next } of refusalsOf([verdict])) {
      expect(sentence).toMatch(/^[A-Zw\d"].*[^ ]$/s);
      expect(next).toMatch(/^[A-Z].*\.$/s);
      expect(`${sentence} ${next}`).not.toMatch(/undefined|NaN|\[object/);
    }
  });
});

describe('all gates', () => {
  const at_ = (moment: Moment) => gates.filter(({ moments }) => moments.includes(moment)).map(({ id }) => id);

  it('have names of their own and a moment', () => {
    expect(GATE_IDS).toEqual([...new Set(GATE_IDS)]);
    expect(gates.every(({ moments }) => moments.length > 0)).toBe(true);
  });

  it('are asked at their moments', () => {
    expect(at_('request')).toEqual([
      ...[
        'requester-linked',
        'reason-given',
        'incident-given',
        'inputs-fit',
        'target-open',
        'lock-warning',
        'calendar-open',
      ],
    ]);
    expect(at_('dispatch')).toEqual([
      ...['inputs-fit', 'calendar-open', 'still-in-time', 'not-there-already', 'environments-before', 'not-taken-back'],
    ]);
    const closing = ['target-open', 'calendar-open', 'environments-before', 'not-taken-back'];
    expect(at_('renewal')).toEqual(at_('plan').filter((id) => !closing.includes(id)));
  });

  it('are all heard: nobody stops at the first no', () => {
    const refusals = gateRefusals('request', {
      ...{ ...FACTS, requester: stranger(slack('x')), reason: '', target: LOCKED },
    });

    expect(refusals.map(({ code }) => code)).toEqual(['person-unlinked', 'missing-reason', 'target-locked']);
  });

  it('keep their warnings apart from their refusals', () => {
    const verdicts = askGates('plan', { ...FACTS, findings: checks('failed') });

    expect(refusalsOf(verdicts)).toEqual([]);
    expect(warningsOf(verdicts)).toEqual(['2 checks of this commit failed: lint, unit']);
  });

  it('say nothing about findings that are not there yet', () => {
    expect(gates.map((gate) => gate.check(BEFORE).kind)).toEqual(gates.map(() => 'allow'));
  });
});
