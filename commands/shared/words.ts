/** A word of a command line with its place in it, so that a correction can replace just this word. */
export interface Word {
  /** What it says, without quotes and escapes. */
  readonly text: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Stood in quotes: then it is a name or a reason, never a verb, an id or a flag. */
  readonly quoted: boolean;
  /** Its opening quote has no closing one; it reaches to the end of the line. */
  readonly unclosed: boolean;
}

/** The longest command line, in characters (R2 of the chat rules). */
export const LINE_LIMIT = 500;
/** The longest line that a button holds: the least of what platforms let a button carry (Slack). */
export const HELD_LIMIT = 2000;

// Phones and word processors put these in place of what was typed.
const SPACES = /[\s\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/g;
const INVISIBLE = /[\p{Cc}\u200B\u2060\uFEFF\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const DOUBLE_QUOTES = /[\u201C\u201D\u201E\u201F\u00AB\u00BB\u2033\uFF02]/g;
const ESCAPED = /\\(["\\\u201C\u201D\u201E\u201F\u00AB\u00BB\u2033\uFF02])/g;
const SINGLE_QUOTES = /[\u2018\u2019\u201A\u201B\u2032\uFF07]/g;
const LEADING_DASHES = /^(?:--|[\u2010-\u2015\u2212\uFE58\uFF0D]|-[\u2010-\u2015\u2212])-*(?=\p{L})/u;

/** Unusual spaces and line ends become plain spaces; invisible and control characters go. */
export function normalise(line: string): string {
  return line.replace(SPACES, ' ').replace(INVISIBLE, '').trim();
}

/** Free words of a person on one line: spaces in a row become one, ends are trimmed. */
export function tidy(words: string): string {
  return normalise(words).replace(/ +/g, ' ');
}

/** Splits a normalised line at its spaces. Quotes hold words together; `\"` and `\\` stand for themselves within them. */
export function wordsOf(line: string): readonly Word[] {
  const plain = line.replace(DOUBLE_QUOTES, '"').replace(SINGLE_QUOTES, "'");
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (line[at] === ' ') {
      at += 1;
      continue;
    }
    const word = quotedWord(line, plain, at) ?? bareWord(line, plain, at, words.at(-1));
    words.push(word);
    at = word.end;
  }
  return words;
}

function quotedWord(line: string, plain: string, start: number): Word | undefined {
  const quote = plain[start];
  if (quote !== '"' && quote !== "'") return undefined;
  const end = closing(plain, start + 1, quote);
  if (end !== undefined) {
    return { text: unescaped(line.slice(start + 1, end)), start, end: end + 1, quoted: true, unclosed: false };
  }
  // A lone apostrophe (`'tis`) is no opening quote; a double quote that never closes is a mistake somebody should hear of.
  if (quote === "'") return undefined;
  return { text: unescaped(line.slice(start + 1)), start, end: line.length, quoted: true, unclosed: true };
}

/** `--reason="two words"` is one word: quotes may also open behind the sign. So is what stands behind `--input`, and after its sign. */
function bareWord(line: string, plain: string, start: number, before: Word | undefined): Word {
  const space = line.indexOf(' ', start);
  const end = space === -1 ? line.length : space;
  const sign = signBefore(plain.slice(start, end), before);
  const inner = sign === -1 ? undefined : quotedWord(line, plain, start + sign + 1);
  if (inner === undefined) return { text: line.slice(start, end), start, end, quoted: false, unclosed: false };
  const text = `${line.slice(start, start + sign + 1)}${inner.text}`;
  return { text, start, end: inner.end, quoted: false, unclosed: inner.unclosed };
}

/** Where the sign stands behind which a quote may open; -1 for none. */
function signBefore(text: string, before: Word | undefined): number {
  const flag = flagOf(text);
  if (flag === undefined) return before !== undefined && isInputFlag(before) ? text.indexOf('=') : -1;
  const first = text.indexOf('=');
  const second = flag.name === 'input' ? text.indexOf('=', first + 1) : -1;
  return second === -1 || /["']/.test(text[first + 1] ?? '') ? first : second;
}

function isInputFlag({ text, quoted }: Word): boolean {
  const flag = quoted ? undefined : flagOf(text);
  return flag?.name === 'input' && flag.value === undefined;
}

/** A quote closes only before a space or the end: the apostrophe in `it's` closes nothing. */
function closing(plain: string, from: number, quote: string): number | undefined {
  for (let at = from; at < plain.length; at += 1) {
    if (plain[at] === '\\' && (plain[at + 1] === '"' || plain[at + 1] === '\\')) at += 1;
    else if (plain[at] === quote && (at + 1 === plain.length || plain[at + 1] === ' ')) return at;
  }
  return undefined;
}

function unescaped(text: string): string {
  return text.replace(ESCAPED, '$1');
}

/** Looks like a flag, also where a phone made one long dash of two. */
export function isFlag(text: string): boolean {
  return LEADING_DASHES.test(text);
}

/** `—Reason="late"` gives `reason` and `late`; nothing when it is no flag. */
export function flagOf(text: string): { readonly name: string; readonly value?: string } | undefined {
  if (!isFlag(text)) return undefined;
  const bare = text.replace(LEADING_DASHES, '');
  const sign = bare.indexOf('=');
  const dashes = (name: string) => name.toLowerCase().replace(/[\u2010-\u2015\u2212]/g, '-');
  return sign === -1 ? { name: dashes(bare) } : { name: dashes(bare.slice(0, sign)), value: bare.slice(sign + 1) };
}
