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
  ])('refuses %s', (_what, change) => {
    expect(validate({ ...parse(text), ...change })).toBe(false);
  });
});
