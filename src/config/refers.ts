import type { CheckFrame } from './checks.ts';
import { suggestion } from './nearest.ts';
import { keysOf, type Path, type Problem, valueAt } from './problem.ts';

const HOMES = {
  source: 'sources',
  environment: 'environments',
  person: 'people',
  service: 'services',
  group: 'groups',
} as const;

/**
 * A name that must be defined in another part of the file; what is only at fault there counts as defined.
 * @param key the name is a key, not a value
 */
export function* refers(
  frame: CheckFrame,
  kind: keyof typeof HOMES,
  name: string,
  path: Path,
  key = false,
): Generator<Problem> {
  const home = HOMES[kind];
  const known = kind === 'person' ? personIds(frame) : keysOf(valueAt(frame.content, [home]));
  if (known.includes(name)) return;
  const remedy = suggestion(name, known, `Define it under \`${home}\`.`);
  yield { path, at: key ? 'key' : 'value', message: `There is no ${kind} "${name}"`, remedy };
}

/** The same for each name of a list. */
export function* allRefer(
  frame: CheckFrame,
  kind: keyof typeof HOMES,
  names: readonly string[] | undefined,
  path: Path,
): Generator<Problem> {
  for (const [index, name] of (names ?? []).entries()) yield* refers(frame, kind, name, [...path, index]);
}

function personIds(frame: CheckFrame): readonly string[] {
  const people = valueAt(frame.content, ['people']);
  return Array.isArray(people) ? people.map((person) => String(valueAt(person, ['id']))) : [];
}
