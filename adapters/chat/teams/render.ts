import type { Announcement, Button, Tone } from '../../../src/domain/announcement.ts';
import { frameVoice, words } from '../../../src/domain/tell/words/say.ts';
import { clip, plain } from '../../../src/domain/text.ts';
import { BUDGET, LIMITS } from './limits.ts';
import { escaped, type Mentions, type Reader } from './markdown.ts';
import { actions, refreshAction } from './render-actions.ts';
import { awaited, facts, footer, heading, type Id, lines, lists } from './render-body.ts';
import { chart } from './render-chart.ts';
import { progress } from './render-progress.ts';
import type { AdaptiveCard, CardElement, Mention, OutgoingActivity } from './wire.ts';

export type { Reader } from './markdown.ts';

export interface Rendered {
  readonly card: AdaptiveCard;
  /** What a notification gives: never empty, at most 300 characters. */
  readonly summary: string;
}

/** For whom a card is drawn, and for which message. */
export interface View {
  /** Key of the message; comes back when a client asks for the card anew. */
  readonly key: string;
  /** Goes into the ids of elements. */
  readonly revision: number;
  /** Readers (`29:...`) who get a view of their own: at most 60, else absent. The view for everybody leaves out what is not for all. */
  readonly refresh?: readonly string[];
  /** This is the own view of one of those. */
  readonly own?: boolean;
}

/** How much is shown. A card that would be too large is made smaller in this order, so that the message itself is never lost. */
interface Diet {
  readonly items: number;
  readonly chart: boolean;
  readonly facts: number;
  readonly lines: number;
  readonly line: number;
  readonly actions: number;
  readonly progress: boolean;
}

const FULL: Diet = {
  items: BUDGET.items,
  chart: true,
  facts: 20,
  lines: 30,
  line: BUDGET.line,
  actions: 12,
  progress: true,
};
/** Without the pictures of what is also said: no lists, no chart. */
const BARE: Diet = { ...FULL, items: -1, chart: false };
const DIETS: readonly Diet[] = [
  FULL,
  { ...FULL, items: 10 },
  { ...FULL, items: 3 },
  { ...FULL, items: 0 },
  { ...FULL, items: -1 },
  BARE,
  { ...BARE, facts: 10 },
  { ...BARE, facts: 3 },
  { ...BARE, facts: 0, line: 600 },
  { ...BARE, facts: 0, lines: 5, line: 300 },
  { ...BARE, facts: 0, lines: 2, line: 300, progress: false },
  ...[6, 4, 2, 1, 0].map((most) => ({ ...BARE, facts: 0, lines: 2, line: 200, actions: most, progress: false })),
];

/** Signs beside the words; the state word itself always stands in the title, so nothing is told by a sign or colour alone. */
const SIGNS: Readonly<Record<Tone, string>> = { neutral: '', waiting: '⏸ ', active: '⏳ ', good: '✅ ', bad: '❌ ' };

/** An announcement as an Adaptive Card. Pure and total: the result keeps Teams' limits whatever the announcement holds. */
export function render(announcement: Announcement, reader: Reader, view: View): Rendered {
  const summary = summaryOf(announcement);
  let rendered: Rendered = { card: card(announcement, reader, view, summary, FULL), summary };
  for (const diet of DIETS) {
    rendered = { card: card(announcement, reader, view, summary, diet), summary };
    if (JSON.stringify(messageOf(rendered)).length * 2 <= BUDGET.messageBytes) break;
  }
  return rendered;
}

/** A card as a message of its own. */
export function messageOf({ card: content, summary }: Rendered): OutgoingActivity {
  return {
    type: 'message',
    summary,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}

function summaryOf(announcement: Announcement): string {
  const said = [announcement.summary, plain(announcement.title)].map((one) => escaped(one).trim());
  return clip(said.find((one) => one !== '') ?? 'News from Countersign', BUDGET.summary);
}

function card(announcement: Announcement, reader: Reader, view: View, summary: string, diet: Diet): AdaptiveCard {
  const mentions: Mentions = new Map();
  const id: Id = (name) => `cs-r${view.revision}-${name}`;
  const frame = frameVoice(announcement);
  const { shown, hidden } = buttonsFor(announcement.buttons, view);
  const quiet = isLine(announcement) && diet.actions > 0 ? announcement.links : [];
  const row = actions(shown, quiet.length > 0 ? [] : announcement.links, diet.actions);
  const less = isLess(announcement, diet) || row.left > 0;
  const written = facts(announcement.facts.slice(0, diet.facts), reader, mentions, id);
  const body: readonly CardElement[] = [
    heading(announcement, SIGNS[announcement.tone], reader, mentions, id),
    ...lines(announcement.lines.slice(0, diet.lines), diet.line, reader, mentions, id),
    ...written,
    ...(announcement.progress === undefined || !diet.progress ? [] : progress(announcement.progress, id)),
    ...(announcement.chart === undefined || !diet.chart ? [] : chart(announcement.chart, id)),
    ...lists(announcement.sections, diet.items, reader, mentions, id, frame),
    ...awaited(hidden, written, id),
    ...footer(announcement.context, quiet, less ? words(frame, 'card.shortened') : '', reader, mentions, id),
  ];
  const { refresh = [] } = view;
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: LIMITS.cardVersion,
    // Also the language of what the client makes of DATE and TIME.
    ...(frame.language === 'en' ? {} : { lang: frame.language }),
    body,
    ...(row.actions.length === 0 ? {} : { actions: row.actions }),
    ...(refresh.length === 0 ? {} : { refresh: { action: refreshAction(view.key), userIds: refresh } }),
    fallbackText: summary,
    speak: summary,
    msteams: { width: 'Full', ...entities(mentions, body) },
  };
}

/** A passing remark: a row of buttons would be larger than what it says. */
function isLine({ buttons, facts: all, sections, progress: moving, chart: drawn }: Announcement): boolean {
  return [...buttons, ...all, ...sections].length === 0 && moving === undefined && drawn === undefined;
}

/** Everybody's view leaves out what is for some only, if those get a view of their own. */
function buttonsFor(all: readonly Button[], { refresh = [], own = false }: View) {
  const open = own || refresh.length === 0;
  return {
    shown: all.filter(({ only }) => open || only === undefined),
    hidden: all.filter(({ only }) => !open && only !== undefined),
  };
}

/** Is something missing that the lists do not speak of themselves ("and 34 more" does)? */
function isLess(announcement: Announcement, diet: Diet): boolean {
  const { sections, facts: all, lines: every } = announcement;
  const fewer =
    all.length > diet.facts || every.length > diet.lines || sections.length > (diet.items < 0 ? 0 : BUDGET.lists);
  const cut = diet.line < BUDGET.line && every.some((line) => plain(line).length > diet.line);
  const thinned = diet.items < BUDGET.items && sections.some(({ items }) => items.length > diet.items);
  const undrawn =
    (announcement.progress !== undefined && !diet.progress) || (announcement.chart !== undefined && !diet.chart);
  return fewer || cut || thinned || undrawn;
}

/** Only those who are still named: a text may have been cut before a name. */
function entities(mentions: Mentions, body: readonly CardElement[]): { readonly entities?: readonly Mention[] } {
  const written = JSON.stringify(body);
  const all = [...mentions.values()].filter(({ text }) => written.includes(JSON.stringify(text).slice(1, -1)));
  return all.length === 0 ? {} : { entities: all };
}
