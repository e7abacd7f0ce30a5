const WIDTH = 120;

/** JSON as the formatter of this repository writes it, so that a generated file is never formatted anew. */
export function jsonText(value: unknown): string {
  return `${written(value, '', 0)}\n`;
}

/** @param before characters that stand on the line before the value, beside the indentation */
function written(value: unknown, indent: string, before: number): string {
  if (Array.isArray(value)) return writtenList(value, indent, before);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value).flatMap(([key, one]) => {
    if (one === undefined) return [];
    const name = `${JSON.stringify(key)}: `;
    return [`${inner}${name}${written(one, inner, name.length)}`];
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
}

/** A list stands on one line when it fits, the comma behind it included. */
function writtenList(list: readonly unknown[], indent: string, before: number): string {
  const line = `[${list.map((one) => written(one, '', 0)).join(', ')}]`;
  const flat = !line.includes('\n') && indent.length + before + line.length + 1 <= WIDTH;
  if (flat) return line;
  const inner = `${indent}  `;
  return `[\n${list.map((one) => `${inner}${written(one, inner, 0)}`).join(',\n')}\n${indent}]`;
}
