import { configurationJsonSchema, type JsonSchema } from '../../src/config/json-schema.ts';
import type { ConfigurationParts } from '../../src/config/schema.ts';

interface Row {
  readonly key: string;
  readonly meaning: string;
  readonly byDefault: string;
}

/** The configuration reference in Markdown: one table of everything, then one for each adapter. */
export function configurationReference(parts: ConfigurationParts): string {
  const schema = configurationJsonSchema(parts);
  const { chats, sources, providers } = schema.properties ?? {};
  const service = valuesOf(schema.properties?.['services']);
  const uses = formsOf(service?.properties?.['pipeline']);
  return [
    table(rowsOf(schema, '')),
    '### Chats',
    ...parts.chats.map(({ type }) => section(`\`chats.${type}\``, chats?.properties?.[type])),
    '### Sources',
    ...formsOf(valuesOf(sources)).map((form) => section(`A source with \`type: ${typeOf(form)}\``, form)),
    '### Pipeline providers',
    ...formsOf(valuesOf(providers)).flatMap((form, index) => [
      section(`A provider with \`type: ${typeOf(form)}\``, form),
      section(`\`pipeline:\` of a service or target on \`${typeOf(form)}\``, uses[index]),
    ]),
  ].join('\n\n');
}

/** These stand in tables of their own, one for each adapter. */
const APART: readonly string[] = ['chats', 'sources', 'providers', 'pipeline'];

/** These are described once, for the whole file. */
const ONCE: readonly string[] = ['approval', 'access'];

function section(title: string, schema: JsonSchema | undefined): string {
  const rows = rowsOf(schema ?? {}, '').filter(({ key }) => key !== '`type`' && key !== '`provider`');
  return `#### ${title}\n\n${rows.length === 0 ? 'No settings.' : table(rows)}`;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ key, meaning, byDefault }) => `| ${key} | ${cell(meaning)} | ${cell(byDefault)} |`);
  return ['| key | meaning | default |', '| --- | --- | --- |', ...lines].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function rowsOf(schema: JsonSchema, prefix: string): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const form of formsOf(schema)) {
    for (const [name, child] of Object.entries(form.properties ?? {})) {
      const required = form.required?.includes(name) === true && formsOf(schema).length === 1;
      for (const row of rowsOfKey(child, `${prefix}${name}`, name, required))
        if (!rows.has(row.key)) rows.set(row.key, row);
    }
  }
  return [...rows.values()];
}

function rowsOfKey(child: JsonSchema, path: string, name: string, required: boolean): readonly Row[] {
  const words = meaningOf(child);
  const [, meaning = words, told] = /^(.*) Default: (.*)\.$/s.exec(words) ?? [];
  const own: Row = { key: `\`${path}\``, meaning, byDefault: required ? 'required' : (told ?? defaultOf(child)) };
  const again = ONCE.includes(name) && path !== name;
  return again || APART.includes(name) ? [own] : [own, ...rowsBelow(child, path)];
}

function rowsBelow(child: JsonSchema, path: string): readonly Row[] {
  const forms = formsOf(child);
  return forms.flatMap(({ properties = {}, required = [], additionalProperties: values, items }) => [
    // Of several forms no key is needed in all of them.
    ...rowsOf({ properties, required: forms.length === 1 ? required : [] }, `${path}.`),
    ...(typeof values === 'object' ? rowsOf(values, `${path}.<id>.`) : []),
    ...(items === undefined ? [] : rowsOf(items, `${path}[].`)),
  ]);
}

function formsOf(schema: JsonSchema | undefined): readonly JsonSchema[] {
  const branches = schema?.anyOf ?? schema?.oneOf;
  if (schema === undefined) return [];
  return branches === undefined ? [schema] : branches.flatMap(formsOf);
}

function valuesOf(schema: JsonSchema | undefined): JsonSchema | undefined {
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function typeOf(form: JsonSchema): string {
  return String(form.properties?.['type']?.const);
}

function meaningOf(schema: JsonSchema): string {
  const kinds = [...new Set(formsOf(schema).map(kindOf))].join(' or ');
  return schema.description ?? `${kinds.charAt(0).toUpperCase()}${kinds.slice(1)}.`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'yes or no',
  array: 'list',
};

function kindOf({ type, enum: words, const: word, properties }: JsonSchema): string {
  if (words !== undefined) return `one of ${words.map((one) => `\`${String(one)}\``).join(', ')}`;
  if (word !== undefined) return `\`${String(word)}\``;
  if (properties !== undefined)
    return `mapping with ${Object.keys(properties)
      .map((key) => `\`${key}\``)
      .join(', ')}`;
  return KINDS[String(type)] ?? 'mapping';
}

function defaultOf({ default: value }: JsonSchema): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((one) => `\`${String(one)}\``).join(', ');
  if (typeof value === 'object') return '';
  return `\`${String(value)}\``;
}
