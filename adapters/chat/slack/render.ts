import type { ContextBlock, KnownBlock, SectionBlock } from '@slack/types';
import type { Announcement, Fact, Section, Tone } from '../../../src/domain/announcement.ts';
import { type Frame, frameVoice, words } from '../../../src/domain/tell/words/say.ts';
import { clip, plain, type Text } from '../../../src/domain/text.ts';
import { cleaned } from '../../shared/cleaned.ts';
import { BUDGET, LIMITS } from './limits.ts';
import { escaped, link, mrkdwn, type Reader } from './mrkdwn.ts';
import { actions } from './render-actions.ts';
import { chart } from './render-chart.ts';
import { progress } from './render-progress.ts';

/** What `chat.postMessage`, `chat.update` and `response_url` take. `text` is all that screen readers and notifications give. */
export interface Rendered {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** How much is shown. A card that Slack would refuse is made smaller in this order, so that the message itself is never lost. */
interface Diet {
  readonly sections: number;
  readonly items: number;
  readonly chart: boolean;
  readonly facts: number;
  readonly lines: number;
  readonly rows: number;
}

const FULL: Diet = { sections: 10, items: BUDGET.items, chart: true, facts: 20, lines: 30, rows: 2 };
/** Without lists and chart. */
const BARE: Diet = { ...FULL, sections: 0, items: 0, chart: false };
const DIETS: readonly Diet[] = [
  FULL,
  { ...FULL, items: 10 },
  { ...FULL, items: 3 },
  { ...FULL, items: 0 },
  { ...FULL, sections: 0 },
  BARE,
  { ...BARE, facts: 10 },
  { ...BARE, facts: 3 },
  { ...BARE, facts: 0, lines: 10 },
  { ...BARE, facts: 0, lines: 2, rows: 1 },
];

/** Signs beside the words; the state word itself always stands in the title, so nothing is told by a sign alone. */
const SIGNS: Readonly<Record<Tone, string>> = { neutral: '', waiting: '⏸ ', active: '⏳ ', good: '✅ ', bad: '❌ ' };

/** An announcement in Slack's dress. Pure and total: the result keeps Slack's limits whatever the announcement holds. */
export function render(announcement: Announcement, reader: Reader, revision: number): Rendered {
  let blocks: KnownBlock[] = [];
  for (const diet of DIETS) {
    blocks = card(announcement, reader, revision, diet);
    if (blocks.length <= LIMITS.messageBlocks && weight(blocks) <= BUDGET.message) break;
  }
  return { text: summaryOf(announcement), blocks };
}

/** The fallback text: never empty, at most 300 characters of the announcer's own before escaping. */
function summaryOf(announcement: Announcement): string {
  const said = [announcement.summary, plain(announcement.title)].map((one) => cleaned(one).trim());
  return escaped(clip(said.find((one) => one !== '') ?? 'News from Countersign', BUDGET.summary));
}

function card(announcement: Announcement, reader: Reader, revision: number, diet: Diet): KnownBlock[] {
  // A block id of its own for each revision: clicks on an old copy are recognisable, and Slack redraws the block.
  const id = (name: string) => `cs-r${revision}-${name}`;
  const frame = frameVoice(announcement);
  const buttons = actions(announcement, id, diet.rows);
  const less = isLess(announcement, diet) || buttons.left > 0;
  const blocks: KnownBlock[] = [
    title(announcement, reader, id),
    ...lines(announcement.lines.slice(0, diet.lines), reader, id),
    ...facts(announcement.facts.slice(0, diet.facts), reader, id),
    ...(announcement.progress === undefined ? [] : [progress(announcement.progress, id)]),
    ...(announcement.chart === undefined || !diet.chart ? [] : [chart(announcement.chart, id)]),
    ...announcement.sections
      .slice(0, diet.sections)
      .map((one, index) => list(one, reader, diet.items, id(`list${index}`), frame)),
    ...buttons.blocks,
    ...footer(announcement.context, less ? words(frame, 'card.shortened') : '', reader, id),
  ];
  return blocks;
}

function isLess(announcement: Announcement, diet: Diet): boolean {
  const { sections, facts: all, lines: every } = announcement;
  const fewer = sections.length > diet.sections || all.length > diet.facts || every.length > diet.lines;
  return fewer || (announcement.chart !== undefined && !diet.chart);
}

/** Cards (with facts or lists) have a header; short answers, one-line cards and calls for somebody a bold first line. */
function title(announcement: Announcement, reader: Reader, id: (name: string) => string): KnownBlock {
  const isCard = announcement.facts.length > 0 || announcement.sections.length > 0;
  const headline = cleaned(plain(announcement.title)).replace(/\s+/g, ' ').trim() || 'Countersign';
  // A header is plain text: nobody's bell would ring.
  const rings = announcement.title.some((part) => typeof part !== 'string' && 'notify' in part && part.notify);
  if (isCard && !rings) {
    const text = clip(headline, LIMITS.header);
    return { type: 'header', block_id: id('title'), text: { type: 'plain_text', text, emoji: false } };
  }
  const strong = announcement.title.map((part, index, all) =>
    typeof part === 'string' && standsAlone(part, index, all.length) ? ({ kind: 'strong', text: part } as const) : part,
  );
  const shown = mrkdwn(strong, reader, LIMITS.section - 10).trim() || 'Countersign';
  return section(`${SIGNS[announcement.tone]}${shown}`, id('title'));
}

/** Slack reads the signs of bold words only where blanks are around them; beside a link or a mention it would show them. */
function standsAlone(part: string, index: number, count: number): boolean {
  const apart = (index === 0 || /^\s/.test(part)) && (index === count - 1 || /\s$/.test(part));
  return apart && part.trim() !== '';
}

function lines(texts: readonly Text[], reader: Reader, id: (name: string) => string): readonly SectionBlock[] {
  const shown = texts.map((text) => mrkdwn(text, reader, LIMITS.section)).filter((line) => line.trim() !== '');
  const packed: string[] = [];
  for (const line of shown) {
    const last = packed.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= LIMITS.section)
      packed[packed.length - 1] = `${last}\n${line}`;
    else packed.push(line);
  }
  return packed.map((text, index) => section(text, id(`lines${index}`)));
}

function facts(all: readonly Fact[], reader: Reader, id: (name: string) => string): readonly SectionBlock[] {
  const fields = all.map(({ label, value }) => {
    const name = escaped(clip(label, 100)).trim();
    const head = name === '' ? '' : `*${name}*\n`;
    const shown = mrkdwn(value, reader, LIMITS.field - head.length).trim();
    return { type: 'mrkdwn' as const, text: `${head}${shown === '' ? '–' : shown}`, verbatim: true };
  });
  const blocks: SectionBlock[] = [];
  for (let start = 0; start < fields.length; start += LIMITS.fieldsPerSection) {
    const some = fields.slice(start, start + LIMITS.fieldsPerSection);
    blocks.push({ type: 'section', block_id: id(`facts${blocks.length}`), fields: some });
  }
  return blocks;
}

/** A list with what fits of it, and how many more there are, linked to the whole. */
function list(one: Section, reader: Reader, most: number, id: string, frame: Frame): SectionBlock {
  const head = `*${escaped(clip(one.title, 100)).trim() || 'List'}*`;
  const room = LIMITS.section - head.length - rest(one, one.total, frame).length - 2;
  const shown: string[] = [];
  let used = 0;
  for (const item of one.items.slice(0, most)) {
    const line = `• ${mrkdwn(item, reader, 300)}`;
    if (used + line.length + 1 > room) break;
    shown.push(line);
    used += line.length + 1;
  }
  const left = Math.max(one.total, one.items.length) - shown.length;
  const more =
    shown.length === 0 && left === 0 ? words(frame, 'list.none') : rest(one, left, frame, shown.length === 0);
  return section([head, ...shown, more].filter((line) => line !== '').join('\n'), id);
}

function rest(one: Section, left: number, frame: Frame, all = false): string {
  if (left <= 0) return '';
  const said = words(frame, all ? 'list.all' : 'list.more', { count: left });
  return one.url === undefined ? said : link(one.url, said);
}

function footer(context: Text, less: string, reader: Reader, id: (name: string) => string): readonly ContextBlock[] {
  const parts = [mrkdwn(context, reader, LIMITS.field - 20).trim(), less].filter((one) => one !== '');
  if (parts.length === 0) return [];
  const text = parts.join(' · ');
  return [{ type: 'context', block_id: id('context'), elements: [{ type: 'mrkdwn', text, verbatim: true }] }];
}

function section(text: string, id: string): SectionBlock {
  return { type: 'section', block_id: id, text: { type: 'mrkdwn', text, verbatim: true } };
}

function weight(blocks: readonly KnownBlock[]): number {
  return JSON.stringify(blocks).length;
}
