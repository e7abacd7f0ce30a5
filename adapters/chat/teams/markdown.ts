import type { Person } from '../../../src/domain/person.ts';
import { clip, type Inline, plain, type Text } from '../../../src/domain/text.ts';
import { cleaned } from '../../shared/cleaned.ts';
import { BUDGET } from './limits.ts';
import type { Mention } from './wire.ts';

export interface Reader {
  /** The bot's own id of a person here and the display name, when the person can be rung. */
  mention(person: Person): { readonly id: string; readonly name: string } | undefined;
}

/** Who is rung in one card, by the very words that ring. */
export type Mentions = Map<string, Mention>;

/** Takes no room, and keeps apart what would mean something together. */
const APART = '\u200b';

/**
 * A Text in the markdown of Adaptive Cards (bold, italic, links, lists; learn.microsoft.com, "Text features"), at most `limit`
 * characters, one line. Everything that people typed is made harmless, so that it can neither format, nor ring, nor link. A cut
 * never goes through a mention, a link or a time and is marked with an ellipsis. Whom it rings is put into `mentions`.
 */
export function markdown(text: Text, reader: Reader, mentions: Mentions, limit: number): string {
  let out = '';
  for (const part of text) {
    // Room is kept for what may have to stand before the line and before this part.
    const room = limit - 2 - out.length;
    const piece = inline(part, reader, mentions);
    const fits = piece.length <= room;
    const shown = fits ? piece : room < 1 ? '' : clip(escaped(plain([part])), room);
    out += join(out, shown) ? `${APART}${shown}` : shown;
    if (!fits) break;
  }
  return started(out.trim());
}

/**
 * Plain words that mean nothing to markdown. Signs are replaced by ones that look alike, not escaped: clients differ in what they do
 * with backslashes and entities (github.com/microsoft/AdaptiveCards issues 4677, 5590; MicrosoftDocs/msteams-docs issue 5793).
 */
export function escaped(value: string): string {
  return cleaned(value)
    .replace(/\s+/g, ' ')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll('*', '∗')
    .replaceAll('~', '∼')
    .replaceAll('`', 'ˋ')
    .replaceAll('\\', '∖')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '＿')
    .replace(/&(?=#?\w+;)/g, '＆')
    .replace(/!(?=\[)|\](?=[([:])|\{(?=\{)/g, `$&${APART}`);
}

/** A labelled link; an address that is not http(s) is no link for us. */
export function link(url: string, label: string): string {
  const words = (escaped(label).trim() || escaped(url)).replaceAll('[', '(').replaceAll(']', ')');
  const address = webAddress(url);
  return address === undefined ? words : `[${words}](${address})`;
}

/** The address in a form that cannot break out of `(...)`; nothing when it is not http(s) or very long. */
export function webAddress(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) return undefined;
  const safe = parsed.href.replace(/[()[\]{}<>|\\`*~]/g, percent);
  return safe.length <= BUDGET.url ? safe : undefined;
}

function percent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

function inline(part: Inline, reader: Reader, mentions: Mentions): string {
  if (typeof part === 'string') return escaped(part);
  switch (part.kind) {
    case 'strong':
      return bold(escaped(part.text));
    // There is no sign for code within a line, and backticks would be shown.
    case 'code':
    case 'group':
      return escaped(plain([part]));
    case 'link':
      return link(part.url, part.text);
    case 'time':
      return moment(part);
    case 'person':
      return (part.notify ? rung(part.person, reader, mentions) : undefined) ?? escaped(part.person.name);
  }
}

/** The signs must touch letters or digits, else some clients show them. */
function bold(words: string): string {
  const core = words.trim();
  if (!/^[\p{L}\p{N}](.*[\p{L}\p{N}])?$/u.test(core)) return words;
  const start = words.indexOf(core);
  return `${words.slice(0, start)}**${core}**${words.slice(start + core.length)}`;
}

/**
 * Each reader sees the own time zone. The functions want exactly this form, with seconds and without parts of them
 * (learn.microsoft.com, "Text features", rules of DATE/TIME).
 */
function moment(part: Extract<Inline, { kind: 'time' }>): string {
  const at = new Date(part.at);
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9999 || at.getUTCFullYear() < 1000)
    return escaped(plain([part]));
  const stamp = `${at.toISOString().slice(0, 19)}Z`;
  return part.style === 'clock' ? `{{TIME(${stamp})}}` : `{{DATE(${stamp}, SHORT)}} {{TIME(${stamp})}}`;
}

/** Two people of one name need different words, else the wrong bell rings. */
function rung(person: Person, reader: Reader, mentions: Mentions): string | undefined {
  const known = reader.mention(person);
  if (known === undefined) return undefined;
  const name = escaped(known.name).trim() || escaped(person.name).trim() || 'Somebody';
  for (let count = 1; ; count += 1) {
    const shown = clip(name, BUDGET.label) + (count === 1 ? '' : ` (${count})`);
    const text = `<at>${shown}</at>`;
    const taken = mentions.get(text);
    if (taken !== undefined && taken.mentioned.id !== known.id) continue;
    mentions.set(text, { type: 'mention', text, mentioned: { id: known.id, name: shown } });
    return text;
  }
}

/** Would the end of what stands there and the beginning of what follows mean something together? */
function join(before: string, after: string): boolean {
  return /!\[|\][([:]|\{\{|\*\*/.test(before.slice(-1) + after.slice(0, 1));
}

/** A line that would begin a list, a heading or a rule begins with a sign that takes no room instead. */
function started(line: string): string {
  return /^([-+=#:|]|\d{1,9}[.)])/.test(line) ? `${APART}${line}` : line;
}
