/** Where something stands in the configuration: keys and list positions from the top. */
export type Path = readonly (string | number)[];

/** Something that is the matter with a configuration, before it is known on which line. */
export interface Problem {
  readonly path: Path;
  /** What of the path is meant: the key itself, its value, or that it is not there. */
  readonly at: 'key' | 'value' | 'missing';
  /** For machines, where the same matter may be looked up. */
  readonly code?: string;
  /** What is the matter, without a full stop. Never repeats a value that could be a secret. */
  readonly message: string;
  /** What to do about it, one or more sentences. */
  readonly remedy: string;
}

/** `services.web.environments[0]`; the whole file is `(file)`. */
export function pathText(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text === '' ? '(file)' : text;
}

/** Does `path` lie at or below `above`? */
export function isWithin(path: Path, above: Path): boolean {
  return above.every((segment, index) => String(path[index]) === String(segment));
}

/** The value at a path of plain values; nothing when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const segment of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, segment)) return undefined;
    here = (here as Record<string | number, unknown>)[segment];
  }
  return here;
}

/** Keys of a mapping; none for anything else. */
export function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
