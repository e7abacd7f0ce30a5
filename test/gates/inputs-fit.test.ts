import { expect, it } from 'vitest';
import type { InputSpecs } from '../../src/domain/inputs.ts';
import type { GateFacts } from '../../src/gates/gate.ts';
import { gates } from '../../src/gates/index.ts';
import { ANNA, CATALOG } from '../domain/samples.ts';

const target = CATALOG.services['web']?.targets['production'];
if (target === undefined) throw new Error('The sample has lost its target.');
const gate = gates.find(({ id }) => id === 'inputs-fit');

const SPECS: InputSpecs = {
  region: { type: 'enum', options: ['eu', 'us'], required: true },
  note: { type: 'text', pattern: '[a-z ]+', required: false },
};
const FACTS: GateFacts = {
  ...{ kind: 'regular', requester: ANNA, external: false },
  ...{ settings: target, target: { service: 'web', environment: 'production', version: 1 } },
};

it.each<[string, Pick<GateFacts, 'inputs'> & Partial<Pick<GateFacts, 'kind'>>, InputSpecs | undefined, string]>([
  ['nothing where nothing is taken', {}, undefined, 'allow'],
  ['something where nothing is taken', { inputs: { region: 'eu' } }, undefined, 'unknown-input'],
  ['what fits', { inputs: { region: 'eu', note: 'a b' } }, SPECS, 'allow'],
  ['a hotfix with what fits', { inputs: { region: 'eu' }, kind: 'hotfix' }, SPECS, 'allow'],
  ['nothing where something is required', {}, SPECS, 'missing-input'],
  ['a hotfix without what is required', { kind: 'hotfix' }, SPECS, 'missing-input'],
  ['another option', { inputs: { region: 'asia' } }, SPECS, 'bad-input'],
  ['a text of another form', { inputs: { region: 'eu', note: 'A' } }, SPECS, 'bad-input'],
  [
    'a rollback with what was handed in then',
    { inputs: { region: 'asia', old: 'x' }, kind: 'rollback' },
    SPECS,
    'allow',
  ],
])('inputs-fit: %s', (_what, asked, inputs, said) => {
  const settings = { ...target, ...(inputs === undefined ? {} : { inputs }) };
  const verdict = gate?.check({ ...FACTS, ...asked, settings });

  expect(verdict?.kind === 'refuse' ? verdict.refusal.code : verdict?.kind).toBe(said);
});
