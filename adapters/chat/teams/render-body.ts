import type { Announcement, Button, Fact, LinkButton, Section } from '../../../src/domain/announcement.ts';
import { sameHuman } from '../../../src/domain/person.ts';
import { type Frame, words } from '../../../src/domain/tell/words/say.ts';
import { clip, type Inline, plain, type Text } from '../../../src/domain/text.ts';
import { cleaned } from '../../shared/cleaned.ts';
import { BUDGET } from './limits.ts';
import { escaped, link, type Mentions, markdown, type Reader } from './markdown.ts';
import type { CardElement } from './wire.ts';

/** An id for an element that no other revision of the card has. */
export type Id = (name: string) => string;

/** Yellow and green words can hardly be read on white: only what needs somebody is coloured, and what is under way. */
const COLOURS = {
  neutral: 'default',
  waiting: 'default',
  active: 'accent',
  good: 'default',
  bad: 'attention',
} as const;

/** The first line. Chat lists show it without dress, so links and times are plain words in it; only people can be rung. */
export function heading(
  { title, tone }: Announcement,
  sign: string,
  reader: Reader,
  mentions: Mentions,
  id: Id,
): CardElement {
  const bare = title.map((part) => (typeof part === 'string' || part.kind === 'person' ? part : plain([part])));
  const said = markdown(bare, reader, mentions, BUDGET.title) || 'Countersign';
  const dress = { weight: 'bolder', size: 'medium', style: 'heading', color: COLOURS[tone] };
  return { type: 'TextBlock', id: id('title'), text: `${sign}${said}`, wrap: true, ...dress };
}

/** One block for each line; code of several lines stands by itself, as it is. */
export function lines(
  texts: readonly Text[],
  limit: number,
  reader: Reader,
  mentions: Mentions,
  id: Id,
): readonly CardElement[] {
  return texts.flatMap((text, index) => {
    const prose = text.filter((part) => !isExcerpt(part));
    const shown = markdown(prose, reader, mentions, limit);
    const excerpts = text.filter(isExcerpt).map((part) => excerpt(part.text, limit));
    return [
      ...(shown === ''
        ? []
        : [{ type: 'TextBlock', id: id(`line${index}`), text: shown, wrap: true, spacing: 'small' }]),
      ...excerpts.map((one, number) => ({ ...one, id: id(`line${index}-code${number}`) })),
    ];
  });
}

type Code = Extract<Inline, { kind: 'code' }>;

function isExcerpt(part: Inline): part is Code {
  return typeof part !== 'string' && part.kind === 'code' && part.text.trim().includes('\n');
}

/** A RichTextBlock knows no markdown: its words are shown as they are, except for the times that are broken here. */
function excerpt(code: string, limit: number): CardElement {
  const text = clip(cleaned(code).trim(), limit).replace(/\{(?=\{)/g, '{\u200b');
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: text || '…', fontType: 'monospace' }] };
}

export function facts(all: readonly Fact[], reader: Reader, mentions: Mentions, id: Id): readonly CardElement[] {
  if (all.length === 0) return [];
  const rows = all.map(({ label, value }) => ({
    title: escaped(clip(label, BUDGET.label)).trim() || '–',
    value: markdown(value, reader, mentions, BUDGET.fact) || '–',
  }));
  return [{ type: 'FactSet', id: id('facts'), facts: rows }];
}

/** Lists with what fits of them, and how many more there are, linked to the whole. Fewer than no items: no list at all. */
export function lists(
  all: readonly Section[],
  most: number,
  reader: Reader,
  mentions: Mentions,
  id: Id,
  frame: Frame,
): readonly CardElement[] {
  if (most < 0) return [];
  return all.slice(0, BUDGET.lists).map((one, index) => {
    const shown = one.items.slice(0, most).map((item) => `- ${markdown(item, reader, mentions, BUDGET.item) || '–'}`);
    const left = Math.max(one.total, one.items.length) - shown.length;
    const more =
      shown.length === 0 && left <= 0 ? words(frame, 'list.none') : rest(one, left, shown.length === 0, frame);
    const name = escaped(clip(one.title, BUDGET.label)).trim() || 'List';
    return {
      type: 'Container',
      id: id(`list${index}`),
      items: [
        { type: 'TextBlock', text: name, weight: 'bolder', wrap: true },
        ...(shown.length === 0 ? [] : [{ type: 'TextBlock', text: shown.join('\n'), wrap: true, spacing: 'small' }]),
        ...(more === '' ? [] : [{ type: 'TextBlock', text: more, wrap: true, spacing: 'small', isSubtle: true }]),
      ],
    };
  });
}

function rest(one: Section, left: number, all: boolean, frame: Frame): string {
  if (left <= 0) return '';
  const said = words(frame, all ? 'list.all' : 'list.more', { count: left });
  return one.url === undefined ? said : link(one.url, said);
}

/** Who is waited for, in a view that has no buttons for them; nothing where the facts name them anyway. */
export function awaited(hidden: readonly Button[], written: readonly CardElement[], id: Id): readonly CardElement[] {
  const people = hidden.flatMap(({ only = [] }) => only);
  const once = people.filter((one, index) => people.findIndex((other) => sameHuman(one, other)) === index);
  const names = once.slice(0, BUDGET.awaited).map(({ name }) => escaped(clip(name, BUDGET.label)).trim());
  if (names.every((name) => named(written).has(name))) return [];
  const more = once.length - names.length;
  const text = `Waiting for ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [{ type: 'TextBlock', id: id('awaited'), text, wrap: true, isSubtle: true }];
}

/** The entries of the facts that are lists of names. */
function named(written: readonly CardElement[]): ReadonlySet<string> {
  const values = written.flatMap(({ facts: rows }) => (Array.isArray(rows) ? rows : []));
  return new Set(values.flatMap(({ value }: { readonly value: string }) => value.split(/; | · /)));
}

/**
 * @param quiet links that are no buttons here
 * @param less what is said where something was left out; nothing where all is there
 */
export function footer(
  context: Text,
  quiet: readonly LinkButton[],
  less: string,
  reader: Reader,
  mentions: Mentions,
  id: Id,
): readonly CardElement[] {
  const links = quiet.map(({ url, label }) => link(url, clip(label, BUDGET.actionTitle)));
  const parts = [markdown(context, reader, mentions, BUDGET.title), ...links, less].filter((one) => one !== '');
  if (parts.length === 0) return [];
  return [{ type: 'TextBlock', id: id('context'), text: parts.join(' · '), wrap: true, size: 'small', isSubtle: true }];
}
