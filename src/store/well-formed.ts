/**
 * A value in which every text is sound Unicode: half a surrogate pair, left by whoever cut an emoji in two, becomes the replacement
 * character. The canonical form of JSON (RFC 8785, section 3.2.2.2) has no place for halves, and a commit title from outside
 * must not be able to keep its deployment out of the log. Gives back the very same value when nothing had to change.
 */
export function wellFormed<T>(value: T): T {
  return mended(value) as T;
}

function mended(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : value.toWellFormed();
  if (Array.isArray(value)) {
    const items = value.map(mended);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  const clean = fields.map(([name, field]) => [name.toWellFormed(), mended(field)] as const);
  const same = clean.every(([name, field], index) => name === fields[index]?.[0] && field === fields[index]?.[1]);
  return same ? value : Object.fromEntries(clean);
}
