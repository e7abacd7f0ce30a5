import type { GroupSource } from './catalog.ts';

/**
 * Whose turn it is in a rotation, by id; `now` in milliseconds since 1970. Nobody's before it begins, and nobody's when it has no
 * people or its turns have no length.
 */
export function onTurn(rotation: Extract<GroupSource, { kind: 'rotation' }>, now: number): string | undefined {
  const { people, from, turnMs } = rotation;
  const gone = now - Date.parse(from);
  if (!(gone >= 0) || !(turnMs > 0)) return undefined;
  return people[Math.floor(gone / turnMs) % people.length];
}
