const TO_ESCAPE = /["\\\u201C\u201D\u201E\u201F\u00AB\u00BB\u2033\uFF02]/g;
/** What no line could read as a quote, a flag or a gap. */
const BARE = /^[\p{L}\p{N}][\p{L}\p{N}._/:@+-]*$/u;

/** Puts a text into quotes so that a command line reads it back as one word. */
export function inQuotes(text: string): string {
  return `"${text.replace(TO_ESCAPE, '\\$&')}"`;
}

/** The flags that hand these in again, e.g. `--input region=eu --input note="two words"`. */
export function inputFlags(inputs: Readonly<Record<string, string>>): string {
  const flags = Object.entries(inputs).map(
    ([name, value]) => `--input ${name}=${BARE.test(value) ? value : inQuotes(value)}`,
  );
  return flags.join(' ');
}
