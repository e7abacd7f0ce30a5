import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly parameters?: readonly Json[];
  readonly responses: Readonly<Record<string, Json>>;
}

/** One call as it went over the wire. */
export interface Exchange {
  readonly method: string;
  /** As the description writes it: `/api/v1/applications/{name}/sync`. */
  readonly template: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

/** Argo CD's own description of its API (assets/swagger.json of argoproj/argo-cd). */
const FILE = join(import.meta.dirname, '../../../../shared/specs/argocd/swagger.json');
export const isDescribed = existsSync(FILE);

type Checker = (exchange: Exchange) => readonly string[];
let made: Checker | undefined;

/** What in an exchange is not as Argo CD describes it; nothing where the description is not there. */
export function createChecker(): Checker {
  made ??= isDescribed ? readChecker() : () => [];
  return made;
}

function readChecker(): Checker {
  const { paths, definitions } = JSON.parse(readFileSync(FILE, 'utf8')) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly definitions: Json;
  };
  const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
  ajv.addSchema({ $id: 'argo', definitions: converted(definitions) });
  const compiled = new Map<string, ValidateFunction>();

  function faults(key: string, schema: unknown, value: unknown): readonly string[] {
    const validate = compiled.get(key) ?? ajv.compile(converted(schema) as Json);
    compiled.set(key, validate);
    return validate(value) ? [] : [`${key}: ${ajv.errorsText(validate.errors?.slice(0, 3))}`];
  }

  return function check({ method, template, query, body, status, answer }): readonly string[] {
    const name = `${method} ${template}`;
    const operation = paths[template]?.[method.toLowerCase()];
    if (operation === undefined) return [`${name}: Argo CD has no such call`];
    const parameters = operation.parameters ?? [];
    const names = parameters.filter((one) => one['in'] === 'query').map((one) => one['name']);
    const wish = parameters.find((one) => one['in'] === 'body')?.['schema'];
    const promise = operation.responses[status < 400 ? String(status) : 'default']?.['schema'];
    return [
      ...[...query.keys()].filter((key) => !names.includes(key)).map((key) => `${name}: no query parameter "${key}"`),
      ...(wish === undefined && body !== undefined ? [`${name}: takes no body`] : []),
      ...(wish === undefined ? [] : faults(`${name} request`, wish, body)),
      // Streams answer one object a line, and their lines are read one by one.
      ...(promise === undefined || typeof answer === 'string'
        ? []
        : faults(`${name} ${status < 400 ? status : 'error'}`, promise, answer)),
    ];
  };
}

/**
 * References are made to point into the one schema that ajv was given, and objects take no fields but their own. Whole numbers of 64 bits in
 * lists are said to be text, as protobuf's JSON writes them; Argo CD's server reads and writes Go's plain JSON (util/grpc/json.go), so numbers.
 */
function converted(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(converted);
  if (typeof part !== 'object' || part === null) return part;
  const object = part as Json;
  if (object['type'] === 'string' && object['format'] === 'int64') return { type: 'integer' };
  const closed = typeof object['properties'] === 'object' && object['additionalProperties'] === undefined;
  const entries = Object.entries(object).map(([key, value]) => [
    key,
    key === '$ref' && typeof value === 'string' ? value.replace(/^#/, 'argo#') : converted(value),
  ]);
  return Object.fromEntries([
    ...entries,
    ...(closed && object['type'] === 'object' ? [['additionalProperties', false]] : []),
  ]);
}
