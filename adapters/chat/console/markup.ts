const MARK = Symbol('html');

/** Markup that was made by `html`, and only there: the mark is a symbol, so nothing that came as JSON can pretend to be it. */
export interface Html {
  readonly [MARK]: true;
  readonly text: string;
}

export type Value = string | number | Html | readonly Html[] | undefined | false;

/** A template whose values are escaped, for text and for attributes in double quotes. Lists are joined; nothing is an empty text. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) text += shown(value) + (strings[index + 1] ?? '');
  return { [MARK]: true, text };
}

export const NOTHING: Html = html``;

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function shown(value: Value): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (MARK in value) return value.text;
  return value.map((part) => part.text).join('');
}
