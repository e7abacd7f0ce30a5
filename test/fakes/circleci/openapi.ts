import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

type Json = { readonly [key: string]: unknown };

/** One call as it went over the wire. */
export interface Exchange {
  readonly method: string;
  /** As the description writes it: `/project/{project-slug}/pipeline`. */
  readonly template: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

interface Operation {
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

/**
 * CircleCI's own description (openapi-patched.json of circleci/circleci-docs), and the newer forms of its answers that were cut from the
 * present one. They lie beside the repository, and not everywhere.
 */
const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'specs', 'circleci');
const NEWER = { pipeline: 'pipelines', workflow: 'workflows', job: 'jobs' } as const;

export const described = existsSync(join(FOLDER, 'circleci-v2-openapi.json'));

function read(file: string): Json {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Json;
}

/** What in an exchange is not as CircleCI describes it; nothing where the description is not there. */
export function createChecker(): (exchange: Exchange) => readonly string[] {
  if (!described) return () => [];
  const description = read('circleci-v2-openapi.json') as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly components: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  };
  const { paths, components } = description;
  const newer = Object.fromEntries(Object.entries(NEWER).map(([item, file]) => [item, read(`${file}.schema.json`)]));
  const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
  ajv.addSchema({ $id: 'circleci', components: { schemas: converted(components['schemas']) } });
  const compiled = new Map<string, ValidateFunction>();

  function faults(key: string, schema: unknown, value: unknown): readonly string[] {
    const validate = compiled.get(key) ?? ajv.compile(converted(schema) as Json);
    compiled.set(key, validate);
    return validate(value) ? [] : [`${key}: ${ajv.errorsText(validate.errors?.slice(0, 3))}`];
  }

  return function check({ method, template, query, body, status, answer }): readonly string[] {
    const name = `${method} ${template}`;
    const operation = paths[template]?.[method.toLowerCase()];
    if (operation === undefined) return [`${name}: CircleCI has no such call`];
    const parameters = (operation.parameters ?? []).map((one) => followed(components, one));
    const names = parameters.filter((one) => one?.['in'] === 'query').map((one) => one?.['name']);
    const wish = followed(components, schemaOf(operation.requestBody));
    const known = (wish?.['properties'] ?? {}) as Json;
    const promise = followed(components, schemaOf(operation.responses[String(status)]));
    return [
      ...[...query.keys()].filter((key) => !names.includes(key)).map((key) => `${name}: no query parameter "${key}"`),
      ...(wish === undefined ? [] : faults(`${name} request`, wish, body)),
      ...Object.keys(body ?? {})
        .filter((key) => !Object.hasOwn(known, key))
        .map((key) => `${name}: no field "${key}"`),
      ...(promise === undefined && status < 400 ? [`${name}: CircleCI does not answer ${status}`] : []),
      ...(promise === undefined || status >= 400
        ? []
        : faults(`${name} ${status}`, renewed(template, promise), answer)),
    ];
  };

  /** The older description knows no null in `started_at` and fewer words; the newer forms do. */
  function renewed(template: string, promise: Json): Json {
    const [, last = ''] = /\/(pipeline|workflow|job)(?:\/mine|\/\{[\w-]+\})?$/.exec(template) ?? [];
    const form = template.startsWith('/project/') && last === 'job' ? undefined : newer[last];
    if (form === undefined || promise['description'] === 'A pipeline creation response.') return promise;
    const properties = promise['properties'] as Readonly<Record<string, Json>> | undefined;
    if (properties?.['items'] === undefined) return form;
    return { ...promise, properties: { ...properties, items: { type: 'array', items: form } } };
  }
}

function schemaOf(part: Json | undefined): Json | undefined {
  const content = part?.['content'] as Record<string, Json> | undefined;
  return content?.['application/json']?.['schema'] as Json | undefined;
}

function followed(
  components: Readonly<Record<string, Readonly<Record<string, Json>>>>,
  part: Json | undefined,
): Json | undefined {
  const ref = part?.['$ref'];
  if (typeof ref !== 'string') return part;
  const [, , kind = '', name = ''] = ref.split('/');
  return components[kind]?.[name];
}

/** The description says `x-nullable`, JSON Schema does not; references are made to point into the one schema that ajv was given. */
function converted(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(converted);
  if (typeof part !== 'object' || part === null) return part;
  const { nullable, 'x-nullable': other, ...rest } = part as Record<string, unknown>;
  const entries = Object.entries(rest).map(([key, value]) => [
    key,
    key === '$ref' && typeof value === 'string' ? value.replace(/^#/, 'circleci#') : converted(value),
  ]);
  const plain = Object.fromEntries(entries);
  return nullable === true || other === true ? { anyOf: [{ type: 'null' }, plain] } : plain;
}
