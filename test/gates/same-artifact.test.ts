import { describe, expect, it } from 'vitest';
import type { Artifact } from '../../src/domain/artifact.ts';
import type { GateFacts, Passed } from '../../src/gates/gate.ts';
import { askGates, gates, overridden } from '../../src/gates/index.ts';
import { ANNA, at, CATALOG, findings } from '../domain/samples.ts';

const settings = CATALOG.services['web']?.targets['production'];
if (settings === undefined) throw new Error('The sample has lost its target.');
const FACTS: GateFacts = {
  ...{ kind: 'regular', requester: ANNA, external: false, reason: 'Sale starts', settings },
  ...{ target: { service: 'web', environment: 'production', version: 1 }, now: at(0) },
};
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const web = (digit: string): Artifact => ({ name: 'web', digest: digest(digit) });
const api = (digit: string): Artifact => ({ name: 'api', digest: digest(digit) });

function step(environment: string, artifacts: readonly Artifact[] | undefined, artifact?: 'required'): Passed {
  const named = artifacts === undefined ? {} : { artifacts };
  const arrived = { deployment: `D-${environment.length}`, at: at(-60), ...named };
  return { environment, bakeMs: 0, arrived, ...(artifact === undefined ? {} : { artifact }) };
}

function verdict(passed: readonly Passed[], bound: readonly Artifact[] | undefined, more: Partial<GateFacts> = {}) {
  const facts = { ...FACTS, passed, findings: findings(bound === undefined ? {} : { artifacts: bound }), ...more };
  const found = gates.find(({ id }) => id === 'environments-before')?.check(facts);
  return found?.kind === 'refuse' ? found.refusal : found;
}

describe('the artifacts of the environments before', () => {
  it.each<[string, Passed[], Artifact[] | undefined, string]>([
    ['nobody names any', [step('staging', undefined)], undefined, 'allow'],
    ['one is named and bound', [step('staging', [web('a')])], [web('a')], 'allow'],
    ['one is demanded and named', [step('staging', [web('a')], 'required')], [web('a')], 'allow'],
    ['one is demanded, none named', [step('staging', undefined, 'required')], undefined, 'artifact-unknown'],
    [
      'one is demanded of one and named by another',
      [step('staging', undefined, 'required'), step('qa', [web('a')])],
      [web('a')],
      'artifact-unknown',
    ],
    ['two agree', [step('qa', [web('a')]), step('staging', [web('a')])], [web('a')], 'allow'],
    ['two name different things', [step('qa', [api('b')]), step('staging', [web('a')])], [api('b'), web('a')], 'allow'],
    ['two differ', [step('qa', [web('b')]), step('staging', [web('a')])], [], 'artifacts-differ'],
    ['one contradicts itself', [step('staging', [web('a'), web('b')])], [], 'artifacts-differ'],
    ['another stands there since', [step('staging', [web('b')])], [web('a')], 'artifact-changed'],
    ['none stands there since', [step('staging', undefined)], [web('a')], 'artifact-changed'],
    ['one is known only since', [step('staging', [web('a')])], undefined, 'artifact-changed'],
  ])('%s', (_what, passed, bound, expected) => {
    const found = verdict(passed, bound);

    expect(found !== undefined && 'code' in found ? found.code : found?.kind).toBe(expected);
    if (found !== undefined && 'code' in found) expect(found.next).toMatch(/\w.*\.$/);
  });

  it('are told by name, place and short digest', () => {
    const found = verdict([step('qa', [web('b')]), step('staging', [web('a')])], []);

    expect(found).toMatchObject({
      sentence: '"web" of 1a2b3c4 is aaaaaaaaaaaa in staging and bbbbbbbbbbbb in qa.',
      next: expect.stringContaining('through staging and qa'),
    });
  });

  it('matter less than a commit that never was there', () => {
    expect(verdict([{ environment: 'staging', bakeMs: 0, artifact: 'required' }], undefined)).toMatchObject({
      code: 'environment-skipped',
    });
  });

  it('do not keep anybody from rolling back', () => {
    expect(verdict([step('staging', undefined, 'required')], undefined, { kind: 'rollback' })).toMatchObject({
      kind: 'allow',
    });
  });

  it('may be set aside with a reason, which stands on the card', () => {
    const passed = [step('staging', undefined, 'required')];
    const facts = { ...FACTS, passed, findings: findings(), override: 'The registry is down' };

    expect(askGates('plan', facts).filter(({ kind }) => kind === 'refuse')).toEqual([]);
    expect(overridden(facts)).toEqual([expect.stringMatching(/without naming its artifact.*The registry is down$/)]);
  });
});
