import { clip, type Inline, plain, type Text } from '../../../src/domain/text.ts';
import { cleaned } from '../../shared/cleaned.ts';
import { LIMITS } from './limits.ts';

/** Whose workspace the text is shown in; accounts of other workspaces cannot be mentioned there. */
export interface Reader {
  readonly team: string;
}

/**
 * A Text as Slack's mrkdwn, at most `limit` characters. Everything that people typed is escaped, so that it can neither format
 * nor notify; a cut never goes through an entity, a mention or a link and is marked with an ellipsis.
 */
export function mrkdwn(text: Text, reader: Reader, limit = Number.MAX_SAFE_INTEGER): string {
  let out = '';
  for (const part of text) {
    const piece = inline(part, reader);
    if (out.length + piece.length > limit) return `${out}${shortened(part, reader, limit - out.length)}`;
    out += piece;
  }
  return out;
}

/** Plain words in mrkdwn: `& < >` escaped, mentions and formatting characters made harmless, one line. */
export function escaped(value: string): string {
  return cleaned(value)
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/^>/, '›')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('*', '∗')
    .replaceAll('~', '∼')
    .replaceAll('`', 'ˋ')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '＿')
    .replace(/@(?=here\b|channel\b|everyone\b)/gi, '@\u200b');
}

function inline(part: Inline, reader: Reader): string {
  if (typeof part === 'string') return escaped(part);
  switch (part.kind) {
    case 'strong':
      return wrapped(escaped(part.text), '*');
    case 'code':
      return code(part.text);
    case 'link':
      return link(part.url, part.text);
    case 'time':
      return moment(part, reader);
    case 'person': {
      const id = part.notify ? mentionable(part, reader) : undefined;
      return id === undefined ? escaped(part.person.name) : `<@${id}>`;
    }
    case 'group': {
      const id = part.notify && part.source?.chat === 'slack' ? part.source.id : undefined;
      return id !== undefined && /^S[A-Z0-9]+$/.test(id) ? `<!subteam^${id}>` : escaped(`@${part.name}`);
    }
  }
}

/** A bold piece: the signs must touch the words, else Slack shows them. */
function wrapped(words: string, sign: string): string {
  const core = words.trim();
  if (core === '') return words;
  const start = words.indexOf(core);
  return `${words.slice(0, start)}${sign}${core}${sign}${words.slice(start + core.length)}`;
}

function code(value: string): string {
  const safe = cleaned(value)
    .replaceAll('`', 'ˋ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  if (safe.trim() === '') return safe;
  return safe.includes('\n') ? `\`\`\`${safe.trim()}\`\`\`` : wrapped(safe, '`');
}

/** A labelled link; an address that is not http(s) is no link for us. */
export function link(url: string, label: string): string {
  const words = escaped(label) || escaped(url);
  const address = webAddress(url)?.replaceAll('&', '&amp;');
  return address === undefined || address.length > 1500 ? words : `<${address}|${words}>`;
}

/** The address in a form that cannot break out of `<...>`; nothing when it is not http(s) or too long for Slack. */
export function webAddress(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) return undefined;
  const safe = parsed.href.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E');
  return safe.length <= LIMITS.buttonUrl ? safe : undefined;
}

/** Slack's date token: each reader sees the own time zone. */
function moment(part: Extract<Inline, { kind: 'time' }>, reader: Reader): string {
  const seconds = Math.floor(Date.parse(part.at) / 1000);
  const fallback = inline(plain([part]), reader);
  if (!Number.isFinite(seconds)) return fallback;
  const form = part.style === 'clock' ? '{time}' : '{date_short_pretty} {time}';
  return `<!date^${seconds}^${form}|${fallback.replaceAll('^', ' ').replaceAll('|', ' ')}>`;
}

function mentionable(part: Extract<Inline, { kind: 'person' }>, reader: Reader): string | undefined {
  const account = part.person.accounts.find(
    (own) => own.system === 'slack' && (own.tenant === undefined || own.tenant === reader.team),
  );
  return account !== undefined && /^[UW][A-Z0-9]+$/.test(account.id) ? account.id : undefined;
}

/** As much of a piece as fits into `room`, with the mark of a cut. */
function shortened(part: Inline, reader: Reader, room: number): string {
  if (room < 1) return '';
  const words = plain([part]);
  let [low, high] = [0, Math.min(words.length, room)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (inline(cut(part, words, middle), reader).length <= room) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? '…' : inline(cut(part, words, low), reader);
}

function cut(part: Inline, words: string, length: number): Inline {
  const kept = length >= words.length ? `${clip(words, length - 1)}…` : clip(words, length);
  return typeof part !== 'string' && (part.kind === 'strong' || part.kind === 'code') ? { ...part, text: kept } : kept;
}
