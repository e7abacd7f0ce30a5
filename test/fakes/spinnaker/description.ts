import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly parameters?: readonly Json[];
  readonly responses: Readonly<Record<string, Json>>;
}

/** One call as it went over the wire. */
export interface Exchange {
  readonly method: string;
  /** As the description writes it: `/pipelines/{id}/cancel`. */
  readonly template: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

/** Gate's own description (swagger.yaml of spinnaker/gate). It lies beside the repository, and not everywhere. */
const FILE = join(import.meta.dirname, '../../../../shared/specs/spinnaker/gate-swagger.yaml');
const isDescribed = existsSync(FILE);
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> | undefined;

/** What in an exchange is not as Gate describes it; nothing where the description is not there. Most bodies stand there as any object. */
export function createChecker(): (exchange: Exchange) => readonly string[] {
  if (!isDescribed) return () => [];
  paths ??= (parse(readFileSync(FILE, 'utf8')) as { paths: NonNullable<typeof paths> }).paths;
  const described = paths;
  const ajv = new Ajv({ strict: false, validateFormats: false, logger: false, coerceTypes: false });

  function faults(key: string, schema: unknown, value: unknown): readonly string[] {
    return ajv.validate(loosened(schema) as Json, value) ? [] : [`${key}: ${ajv.errorsText(ajv.errors?.slice(0, 3))}`];
  }

  return function check({ method, template, query, body, status, answer }): readonly string[] {
    const name = `${method} ${template}`;
    const operation = described[template]?.[method.toLowerCase()];
    if (operation === undefined) return [`${name}: Gate has no such call`];
    const parameters = operation.parameters ?? [];
    const queries = parameters.filter((one) => one['in'] === 'query');
    const wish = parameters.find((one) => one['in'] === 'body');
    const promise = operation.responses[String(status)];
    return [
      ...[...query].flatMap(([key, value]) => {
        const known = queries.find((one) => one['name'] === key);
        if (known === undefined) return [`${name}: no query parameter "${key}"`];
        return faults(`${name} ${key}`, { type: known['type'] }, known['type'] === 'integer' ? Number(value) : value);
      }),
      ...(wish === undefined && body !== undefined ? [`${name}: takes no body`] : []),
      ...(wish?.['required'] === true && body === undefined ? [`${name}: needs a body`] : []),
      ...(wish === undefined || body === undefined ? [] : faults(`${name} request`, wish['schema'], body)),
      ...(promise === undefined && status < 400 ? [`${name}: Gate does not answer ${status}`] : []),
      ...(promise?.['schema'] === undefined || status >= 400
        ? []
        : faults(`${name} ${status}`, promise['schema'], answer)),
    ];
  };
}

/** Java's `Object` is written as an object without properties, where it stands for anything inside another one. */
function loosened(schema: unknown): unknown {
  const { additionalProperties: _any, ...rest } = schema as Json;
  return rest;
}
