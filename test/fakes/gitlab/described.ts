import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Route } from './calls.ts';

/** Generated from the types of @gitbeaker/core; absent where that folder is. */
const FILE = join(import.meta.dirname, '../../../../shared/specs/gitlab/from-gitbeaker-types.schema.json');
export const DESCRIBED = existsSync(FILE);

type Json = Record<string, unknown>;

/** What in an answer is not as GitLab's types have it. Those types know little of null, so what is null is left out on both sides. */
export function createDescribed(): (gives: NonNullable<Route['gives']>, answer: unknown) => readonly string[] {
  if (!DESCRIBED) return () => [];
  const whole = JSON.parse(readFileSync(FILE, 'utf8')) as {
    definitions: Record<string, { properties: Record<string, Json> }>;
  };
  const ajv = new Ajv({ strict: false, logger: false });
  const compiled = new Map<string, ValidateFunction>();

  return function check(gives, answer) {
    const one = (value: unknown): readonly string[] => {
      const validate = compiled.get(gives) ?? ajv.compile(open(whole.definitions['GitLab']?.properties[gives]) as Json);
      compiled.set(gives, validate);
      return validate(present(value)) ? [] : [`${gives}: ${ajv.errorsText(validate.errors?.slice(0, 3))}`];
    };
    return Array.isArray(answer) ? answer.flatMap(one) : one(answer);
  };
}

/** Newer versions of GitLab say more than the types know, and some of it only where there is something to say. */
function open(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(open);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { additionalProperties: _closed, required: _required, ...rest } = schema as Json;
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, open(value)]));
}

function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(entries.map(([key, one]) => [key, present(one)]));
}
