import { distance } from 'fastest-levenshtein';

/** Two neighbours swapped count as one slip of the finger. */
function farBetween(word: string, name: string): number {
  const far = distance(word, name);
  return far === 2 && [...word].sort().join('') === [...name].sort().join('') ? 1 : far;
}

/** Two slips of the finger; in short words one. */
function reach(name: string): number {
  return Math.max(name.length > 3 ? 2 : 1, Math.floor(name.length / 3));
}

/** The known word that somebody most likely meant; nothing when none is near. */
function nearest(word: string, known: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly far: number } | undefined;
  for (const name of known) {
    const far = farBetween(word.toLowerCase(), name.toLowerCase());
    if (far <= reach(name) && (best === undefined || far < best.far)) best = { name, far };
  }
  return best?.name;
}

/** A next step for an unknown word: the nearest known one, or the list of all. */
export function suggestion(word: string, known: readonly string[], otherwise: string): string {
  const near = nearest(word, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return known.length === 0 ? otherwise : `Known here: ${known.join(', ')}.`;
}
