/** Control characters and those that reorder text (they could make a card say something else than it holds) are taken out. */
export function cleaned(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the purpose
  return value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '').toWellFormed();
}
