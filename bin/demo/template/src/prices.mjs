/** A price in words: cents become euros. */
export function inWords(cents) {
  return `€ ${(cents / 100).toFixed(2)}`;
}
