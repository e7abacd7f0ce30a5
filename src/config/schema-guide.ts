import type { JsonSchema } from './json-schema.ts';
import { type Path, valueAt } from './problem.ts';

/** What the schema says of a place, for faults that name the right key instead of only refusing the wrong one. */
export interface SchemaGuide {
  /** Keys that may stand in the mapping at this path. */
  keysAt(path: Path): readonly string[];
  /** What the value at this path means. */
  meaningOf(path: Path): string | undefined;
}

/** @param content the configuration as plain values; decides which of several forms of a mapping is meant */
export function schemaGuide(schema: JsonSchema, content: unknown): SchemaGuide {
  const formsAt = (path: Path): readonly JsonSchema[] => {
    let forms = formsOf(schema, content);
    for (const [index, segment] of path.entries()) {
      const value = valueAt(content, path.slice(0, index + 1));
      forms = forms.flatMap((form) => childrenOf(form, segment)).flatMap((child) => formsOf(child, value));
    }
    return forms;
  };
  return {
    keysAt: (path) => [...new Set(formsAt(path).flatMap((form) => Object.keys(form.properties ?? {})))],
    meaningOf: (path) => formsAt(path).find((form) => form.description !== undefined)?.description,
  };
}

/** The schema itself and every form it offers that the value's `type` does not rule out. */
function formsOf(schema: JsonSchema, value: unknown): readonly JsonSchema[] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const fitting = branches.filter((branch) => !isOtherType(branch, value));
  return [schema, ...fitting.flatMap((branch) => formsOf(branch, value))];
}

function isOtherType(branch: JsonSchema, value: unknown): boolean {
  const wanted = branch.properties?.['type']?.const;
  const given = valueAt(value, ['type']);
  return wanted !== undefined && given !== undefined && wanted !== given;
}

function childrenOf(form: JsonSchema, segment: string | number): readonly JsonSchema[] {
  if (typeof segment === 'number') return form.items === undefined ? [] : [form.items];
  const named = form.properties?.[segment];
  if (named !== undefined) return [named];
  return typeof form.additionalProperties === 'object' ? [form.additionalProperties] : [];
}
