import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configurationParts } from '../../bin/parts.ts';
import { configurationJsonSchema } from '../../src/config/json-schema.ts';
import { loadConfiguration } from '../../src/config/load.ts';

const text = readFileSync(join(import.meta.dirname, '../../countersign.example.yaml'), 'utf8');
const parts = configurationParts();

describe('countersign.example.yaml', () => {
  it('is without faults and warnings', () => {
    const loaded = loadConfiguration(text, 'countersign.example.yaml', parts);

    expect(loaded).toMatchObject({ ok: true, warnings: [] });
  });

  it('becomes targets with the policies it speaks of', () => {
    const loaded = loadConfiguration(text, 'countersign.example.yaml', parts);
    const services = loaded.ok ? loaded.catalog.services : {};

    expect(services['web']?.targets['staging']?.policy.rules).toEqual([]);
    expect(services['web']?.targets['production']).toMatchObject({
      policy: { rules: [{ group: 'platform' }, { group: 'release' }], checks: 'required' },
      pipeline: { provider: 'actions', settings: { workflow: 'deploy.yml' } },
      customerFacing: true,
      rollbackOnFailure: true,
      timeoutMs: 1_800_000,
    });
    expect(services['billing']?.targets['production']?.policy).toMatchObject({
      rules: [{ group: 'platform' }, { group: 'security' }],
      checks: 'required',
    });
  });

  it('shows rules, rights, order, calendar and digests that are understood', () => {
    const loaded = loadConfiguration(text, 'countersign.example.yaml', parts);
    const catalog = loaded.ok ? loaded.catalog : undefined;

    expect(catalog?.services['billing']?.targets['production']).toMatchObject({
      policy: { escalations: [{ afterMs: 1_200_000, to: 'on-call' }], breakGlass: ['anna'] },
      access: { deploy: ['platform', 'release'], steal: ['platform'] },
      after: [{ environment: 'staging', bakeMs: 1_800_000 }],
      regions: ['eu'],
    });
    expect(catalog?.services['billing']?.targets['production']?.policy.further).toHaveLength(4);
    expect(catalog?.services['web']?.targets['production']?.policy.further).toHaveLength(3);
    expect(catalog?.calendar?.freezes).toMatchObject([{ title: 'Christmas', timeZone: 'Europe/Zurich' }]);
    expect(catalog?.calendar?.hours).toHaveLength(1);
    expect(catalog?.subscriptions.map(({ cadence }) => cadence).filter(Boolean)).toEqual(['weekly']);
  });

  it('has checkpoints that work once the comment signs are taken away', () => {
    const [above = '', below = ''] = text.split('# audit:\n');
    const whole = `${above}audit:\n${below.replace(/^# /gm, '')}`;

    expect(loadConfiguration(whole, 'countersign.example.yaml', parts)).toMatchObject({
      ok: true,
      configuration: { audit: { checkpoints: { key: 'file:secrets/checkpoints.pem', every: 3_600_000 } } },
    });
  });
});

describe('the JSON Schema', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(configurationJsonSchema(parts));

  it('accepts the example', () => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ['an unknown key', { nme: 'x' }],
    ['a wrong length of time', { approval: { expires: '60' } }],
    ['a source of another type', { sources: { a: { type: 'cvs' } } }],
    ['a setting of another provider', { providers: { a: { type: 'local', webhookSecret: 'env:A' } } }],
    ['a right of nobody known', { access: { deploy: 'platform' } }],
    ['a further rule for rollbacks', { approval: { further: [{ when: { kinds: ['rollback'] }, rules: [] }] } }],
    ['a freeze without a beginning', { calendar: { freezes: [{ title: 'Christmas', for: '4d' }] } }],
  ])('refuses %s', (_what, change) => {
    expect(validate({ ...parse(text), ...change })).toBe(false);
  });
});
