import { expect, it } from 'vitest';
import type { GateFacts, Moment } from '../../src/gates/gate.ts';
import { askGates, gates, overridden } from '../../src/gates/index.ts';
import { ANNA, at, CATALOG, findings, SHA } from '../domain/samples.ts';

const settings = CATALOG.services['web']?.targets['production'];
if (settings === undefined) throw new Error('The sample has lost its target.');
const FACTS: GateFacts = {
  ...{ kind: 'regular', requester: ANNA, external: false, reason: 'Sale starts', settings },
  ...{ target: { service: 'web', environment: 'production', version: 1 }, findings: findings(), now: at(0) },
};
const FREEZE = { kind: 'freeze', title: 'Christmas', until: at(600), opens: 'Mon 4 Jan' } as const;
const OUTSIDE = { kind: 'outside-hours', title: 'Office hours' } as const;
const staging = (minutes: number, bakeMs = 3_600_000) => ({
  passed: [{ environment: 'staging', bakeMs, arrived: { deployment: 'D-7', at: at(minutes) } }],
});
const SKIPPED = { passed: [{ environment: 'staging', bakeMs: 0 }] };
const TAKEN = { takenBack: [{ sha: SHA, by: 'D-9' }] };
const early = findings({ at: at(-600) });

it.each<[string, Partial<GateFacts>, string]>([
  ['calendar-open', {}, 'allow'],
  ['calendar-open', { closure: FREEZE }, 'frozen'],
  ['calendar-open', { closure: OUTSIDE }, 'outside-hours'],
  ['calendar-open', { closure: FREEZE, kind: 'hotfix' }, 'allow'],
  ['calendar-open', { closure: FREEZE, kind: 'rollback' }, 'allow'],
  ['calendar-open', { closure: FREEZE, clearedAt: at(-5) }, 'allow'],
  ['calendar-open', { closure: FREEZE, clearedAt: at(-5), scheduledFor: at(0) }, 'frozen'],
  ['incident-given', {}, 'allow'],
  ['incident-given', { kind: 'hotfix' }, 'missing-incident'],
  ['incident-given', { kind: 'hotfix', incident: 'javascript:alert(1)' }, 'missing-incident'],
  ['incident-given', { kind: 'hotfix', incident: 'https://' }, 'missing-incident'],
  ['incident-given', { kind: 'hotfix', incident: 'https://a.example/7 x' }, 'missing-incident'],
  ['incident-given', { kind: 'hotfix', incident: 'https://a.example/7' }, 'allow'],
  ['environments-before', {}, 'allow'],
  ['environments-before', SKIPPED, 'environment-skipped'],
  ['environments-before', { ...SKIPPED, kind: 'hotfix' }, 'environment-skipped'],
  ['environments-before', { ...SKIPPED, kind: 'rollback' }, 'allow'],
  ['environments-before', { ...SKIPPED, override: 'sale' }, 'warn'],
  ['environments-before', staging(-59), 'bake-unfinished'],
  ['environments-before', staging(-60), 'allow'],
  ['environments-before', { ...staging(-1), override: 'sale' }, 'warn'],
  ['not-taken-back', {}, 'allow'],
  ['not-taken-back', TAKEN, 'taken-back-before'],
  ['not-taken-back', { ...TAKEN, kind: 'rollback' }, 'allow'],
  ['not-taken-back', { ...TAKEN, override: 'mended outside' }, 'warn'],
  ['still-in-time', {}, 'allow'],
  ['still-in-time', { findings: early, scheduledFor: at(-60), clearedAt: at(-300) }, 'allow'],
  ['still-in-time', { findings: early, scheduledFor: at(-61), clearedAt: at(-300) }, 'schedule-missed'],
  ['still-in-time', { findings: early, scheduledFor: at(-61), clearedAt: at(-5) }, 'allow'],
  ['still-in-time', { findings: findings({ at: at(-60) }), scheduledFor: at(-61), clearedAt: at(-300) }, 'allow'],
])('%s with %j: %s', (id, more, expected) => {
  const verdict = gates.find((one) => one.id === id)?.check({ ...FACTS, ...more });

  expect(verdict?.kind === 'refuse' ? verdict.refusal.code : verdict?.kind).toBe(expected);
});

it.each<[Moment, number]>([
  ['plan', 1],
  ['dispatch', 1],
  ['renewal', 0],
])('the past is asked at %s', (moment, times) => {
  const codes = askGates(moment, { ...FACTS, ...TAKEN }).filter(
    (one) => one.kind === 'refuse' && one.refusal.code === 'taken-back-before',
  );

  expect(codes).toHaveLength(times);
});

it('what was set aside is told with its reason', () => {
  expect(overridden({ ...FACTS, ...SKIPPED, ...TAKEN, override: 'mended outside' })).toEqual([
    expect.stringMatching(/staging.*mended outside$/),
    expect.stringMatching(/D-9.*mended outside$/),
  ]);
  expect(overridden({ ...FACTS, ...SKIPPED, ...TAKEN })).toEqual([]);
});
