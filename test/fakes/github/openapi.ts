import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';

type Json = { readonly [key: string]: unknown };

interface Operation {
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

/** One call as it went over the wire. */
export interface Exchange {
  readonly method: string;
  /** As the description writes it: `/repos/{owner}/{repo}/git/refs`. */
  readonly template: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

const require = createRequire(import.meta.url);
let loaded: Description | undefined;

/** GitHub's own description of its REST API, from `@octokit/openapi`. */
function description(): Description {
  if (loaded === undefined) {
    const file = require.resolve('@octokit/openapi/generated/api.github.com.json');
    loaded = JSON.parse(readFileSync(file, 'utf8')) as Description;
  }
  return loaded;
}

/** A copy of one of the description's own examples, to be dressed with what a test knows. */
export function example(name: string): Record<string, unknown> {
  const value = description().components['examples']?.[name]?.['value'];
  if (typeof value !== 'object' || value === null)
    throw new RangeError(`GitHub's description has no example "${name}"`);
  return structuredClone(Array.isArray(value) ? value[0] : value);
}

/** What in an exchange is not as GitHub describes it. */
export function createChecker(): (exchange: Exchange) => readonly string[] {
  const { paths, components } = description();
  const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
  ajv.addSchema({ $id: 'github', components: { schemas: converted(components['schemas']) } });
  const compiled = new Map<string, ValidateFunction>();

  function faults(key: string, schema: unknown, value: unknown): readonly string[] {
    const validate = compiled.get(key) ?? ajv.compile(converted(schema) as Json);
    compiled.set(key, validate);
    return validate(value) ? [] : [`${key}: ${ajv.errorsText(validate.errors?.slice(0, 3))}`];
  }

  return function check({ method, template, query, body, status, answer }): readonly string[] {
    const name = `${method} ${template}`;
    const operation = paths[template]?.[method.toLowerCase()];
    if (operation === undefined) return [`${name}: GitHub has no such call`];
    const response = followed(components, operation.responses[String(status)]);
    const parameters = (operation.parameters ?? []).map((one) => followed(components, one));
    const names = parameters.filter((one) => one?.['in'] === 'query').map((one) => one?.['name']);
    const wish = schemaOf(operation.requestBody);
    const promise = schemaOf(response);
    const known = wish === undefined ? {} : ((followed(components, wish)?.['properties'] ?? {}) as Json);
    return [
      ...[...query.keys()].filter((key) => !names.includes(key)).map((key) => `${name}: no query parameter "${key}"`),
      ...(wish === undefined ? [] : faults(`${name} request`, wish, body)),
      ...Object.keys(body ?? {})
        .filter((key) => !Object.hasOwn(known, key))
        .map((key) => `${name}: no field "${key}"`),
      // Every call may be refused, and the description does not tell all the ways.
      ...(response === undefined && status < 400 ? [`${name}: GitHub does not answer ${status}`] : []),
      ...(promise === undefined || status >= 400 ? [] : faults(`${name} ${status}`, promise, answer)),
    ];
  };
}

function schemaOf(part: Json | undefined): Json | undefined {
  const content = part?.['content'] as Record<string, Json> | undefined;
  return content?.['application/json']?.['schema'] as Json | undefined;
}

function followed(components: Description['components'], part: Json | undefined): Json | undefined {
  const ref = part?.['$ref'];
  if (typeof ref !== 'string') return part;
  const [, , kind = '', name = ''] = ref.split('/');
  return components[kind]?.[name];
}

/** OpenAPI 3.0 says `nullable`, JSON Schema does not; references are made to point into the one schema that ajv was given. */
function converted(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(converted);
  if (typeof part !== 'object' || part === null) return part;
  const { nullable, ...rest } = part as Record<string, unknown>;
  const entries = Object.entries(nullable === true ? rest : part).map(([key, value]) => [
    key,
    key === '$ref' && typeof value === 'string' ? value.replace(/^#/, 'github#') : converted(value),
  ]);
  const plain = Object.fromEntries(entries);
  return nullable === true ? { anyOf: [{ type: 'null' }, plain] } : plain;
}
