import { z } from 'zod';
import { type ConfigurationParts, configurationSchema, type SettingsPart } from './schema.ts';

/** The few words of JSON Schema that are looked at here; every other word is passed on. */
export interface JsonSchema {
  readonly [word: string]: unknown;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** The schema of `countersign.yaml` for editors (draft 2020-12), with the settings of every adapter in their places. */
export function configurationJsonSchema(parts: ConfigurationParts): JsonSchema {
  const core = plainSchema(configurationSchema(parts));
  const providers = parts.pipelines.map(({ type, provider }) => ({ type, settings: provider }));
  const uses = parts.pipelines.map(({ settings }) => plainSchema(settings));
  const pipeline = { anyOf: uses.map((use) => withKey(use, 'provider', PROVIDER, true)) };
  const change = { anyOf: uses.map((use) => ({ ...withKey(use, 'provider', PROVIDER, false), required: [] })) };
  const places: readonly (readonly [path: readonly string[], schema: JsonSchema])[] = [
    [['sources', '*'], typed(parts.sources)],
    [['providers', '*'], typed(providers)],
    [['services', '*', 'pipeline'], pipeline],
    [['services', '*', 'environments', '*', 'pipeline'], change],
  ];
  let whole: JsonSchema = core;
  for (const [path, schema] of places) whole = replaced(whole, path, schema);
  return { $schema: whole['$schema'], title: 'Countersign configuration', ...whole };
}

const PROVIDER: JsonSchema = { type: 'string', description: 'Key under `providers`.' };

function plainSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _version, ...plain } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return plain;
}

function typed(parts: readonly SettingsPart[]): JsonSchema {
  const branches = parts.map(({ type, settings }) =>
    withKey(
      plainSchema(settings),
      'type',
      { const: type, description: `One of: ${parts.map((part) => part.type).join(', ')}.` },
      true,
    ),
  );
  return { anyOf: branches };
}

/** The schema of a mapping with one more key, in every form the mapping may have. */
function withKey(schema: JsonSchema, key: string, value: JsonSchema, required: boolean): JsonSchema {
  for (const word of ['anyOf', 'oneOf', 'allOf'] as const) {
    const branches = schema[word];
    if (branches !== undefined) return { ...schema, [word]: branches.map((one) => withKey(one, key, value, required)) };
  }
  const { properties = {}, required: others = [] } = schema;
  return {
    ...schema,
    properties: { [key]: value, ...properties },
    required: required ? [key, ...others] : others,
  };
}

function replaced(schema: JsonSchema, path: readonly string[], by: JsonSchema): JsonSchema {
  const [step, ...rest] = path;
  if (step === undefined)
    return { ...(schema.description === undefined ? {} : { description: schema.description }), ...by };
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.map((one) => replaced(one, path, by)) };
  if (step === '*') {
    const { additionalProperties: values } = schema;
    return typeof values === 'object' ? { ...schema, additionalProperties: replaced(values, rest, by) } : schema;
  }
  const child = schema.properties?.[step];
  return child === undefined
    ? schema
    : { ...schema, properties: { ...schema.properties, [step]: replaced(child, rest, by) } };
}
