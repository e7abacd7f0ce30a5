import type { Entry } from '../domain/event.ts';

/** An entry out of its sealed text. Throws a SyntaxError when the text is no JSON. */
export function entryOf(text: string, hash: string): Entry {
  return { ...JSON.parse(text), hash } as Entry;
}
