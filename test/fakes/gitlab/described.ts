import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Route } from './calls.ts';

/** Generated from the types of @gitbeaker/core; absent where that folder is. */
const FILE = join(import.meta.dirname, '../../../../shared/specs/gitlab/from-gitbeaker-types.schema.json');
const DESCRIBED = existsSync(FILE);

type Json = Record<string, unknown>;

/** What in an answer is not as GitLab's types have it. Those types know little of null, so everything may be null. */
export function createDescribed(): (gives: NonNullable<Route['gives']>, answer: unknown) => readonly string[] {
  if (!DESCRIBED) return () => [];
  const whole = JSON.parse(readFileSync(FILE, 'utf8')) as {
    definitions: Record<string, { properties: Record<string, Json> }>;
  };
  const definitions = open(whole.definitions) as Json;
  const ajv = new Ajv({ strict: false, logger: false });
  const compiled = new Map<string, ValidateFunction>();

  function schemaOf(gives: string): Json {
    const schema = whole.definitions['GitLab']?.properties[gives] ?? {};
    const all = Array.isArray(schema['required']) && !UNDEMANDED.includes(gives) ? schema['required'] : [];
    return { ...(open(schema) as Json), required: all.filter((name) => !LEFT_OUT.includes(name)) };
  }

  return function check(gives, answer) {
    const one = (value: unknown): readonly string[] => {
      const validate = compiled.get(gives) ?? ajv.compile({ ...schemaOf(gives), definitions });
      compiled.set(gives, validate);
      return validate(value) ? [] : [`${gives}: ${ajv.errorsText(validate.errors?.slice(0, 3))}`];
    };
    return Array.isArray(answer) ? answer.flatMap(one) : one(answer);
  };
}

/** What GitLab leaves out of a job without artifacts and of a bridge, although the types demand it. */
const LEFT_OUT = ['artifacts', 'artifacts_file', 'runner'];
/** The types demand of these all that any call of GitLab's says of them. */
const UNDEMANDED = ['mr'];

/** Newer versions of GitLab say more than the types know, also in words of states. */
function open(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(open);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { additionalProperties: _closed, enum: _words, properties, required: _demanded, ...rest } = schema as Json;
  const others = Object.entries(rest).map(([key, value]) => [key, open(value)]);
  const own = Object.entries(properties ?? {}).map(([key, value]) => [key, { anyOf: [{ type: 'null' }, open(value)] }]);
  return {
    ...Object.fromEntries(others),
    ...(properties === undefined ? {} : { properties: Object.fromEntries(own) }),
  };
}
