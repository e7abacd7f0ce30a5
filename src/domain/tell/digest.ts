import { type Announcement, type Bar, type Chart, note } from '../announcement.ts';
import type { Cadence, Catalog } from '../catalog.ts';
import type { Deployment } from '../deployment.ts';
import type { Dora } from '../dora.ts';
import { counted, type Inline, plain, type Text } from '../text.ts';
import { pageUrl, summary } from './context.ts';
import { doraChart, doraFacts, doraWords } from './dora.ts';

/** What a digest is about. Times are ISO 8601 in UTC. */
export interface DigestSpan {
  readonly cadence: Cadence;
  readonly from: string;
  readonly until: string;
  readonly catalog: Catalog;
}

/** How it was delivered in a week, for a weekly digest. */
export interface Delivery {
  readonly dora: Dora;
  /** Filters of the subscription leave out some of what is counted. */
  readonly more: boolean;
}

const SHOWN = 10;
const BARS = 8;

/**
 * All that ended in a span, in one message and plain words, what went wrong first. `ended`: at least one.
 * @param delivery how often, how fast and how safely, beside the week before; its chart then takes the place of the one by product
 */
export function digestCard(ended: readonly Deployment[], span: DigestSpan, delivery?: Delivery): Announcement {
  const { cadence, from, until, catalog } = span;
  const good = ended.filter(({ state }) => state === 'succeeded');
  const bad = ended.filter(wentWrong);
  const ran = good.length + bad.length;
  const rate = ran === 0 ? '' : ` ${Math.floor((good.length / ran) * 100)} % of what ran succeeded.`;
  const rest = ended.length - ran;
  const title: Text = [
    `${cadence === 'daily' ? 'The last day' : 'The last week'}: ${counted(good.length, 'deployment')} succeeded, ${bad.length} went wrong.`,
  ];
  const line = `${rate}${rest === 0 ? '' : ` ${counted(rest, 'request')} ended without a run.`}`.trim();
  const chart = (delivery === undefined ? undefined : doraChart(delivery.dora)) ?? productChart(ended, catalog);
  const lines = [line, ...(delivery === undefined ? [] : [figuresWords(delivery)])].filter((words) => words !== '');
  const said = [`${plain(title)}${rate}`, ...(delivery === undefined ? [] : [doraWords(delivery.dora)])].join(' ');
  return {
    ...note(
      bad.length > 0 ? 'bad' : 'good',
      title,
      summary(said.trim()),
      lines.map((words) => [words]),
    ),
    ...(delivery === undefined ? {} : { facts: doraFacts(delivery.dora) }),
    sections: [
      ...(bad.length === 0 ? [] : [section('What went wrong', bad, catalog)]),
      ...(good.length === 0 ? [] : [section('What was deployed', good, catalog)]),
    ],
    ...(chart === undefined ? {} : { chart }),
    links: linksTo(catalog, delivery !== undefined),
    context: [
      'From ',
      { kind: 'time', at: from, style: 'date' },
      ' until ',
      { kind: 'time', at: until, style: 'date' },
    ],
  };
}

/** What the figures are figures of. */
function figuresWords({ dora: { period, now, former }, more }: Delivery): string {
  if (now.deployments + former.deployments === 0) return '';
  const last = new Date(Date.parse(period.until) - 1).toISOString().slice(0, 10);
  const all = more ? ' They count all that was deployed there, also what is not announced here.' : '';
  return `The figures are of ${period.from} to ${last} (days in UTC), beside the week before.${all}`;
}

function linksTo({ baseUrl }: Catalog, delivery: boolean): Announcement['links'] {
  if (baseUrl === undefined) return [];
  const all = { label: 'All Deployments', url: `${baseUrl}/deployments` };
  return delivery ? [all, { label: 'Delivery', url: `${baseUrl}/dora?days=7` }] : [all];
}

function productChart(ended: readonly Deployment[], catalog: Catalog): Chart | undefined {
  const bars = barsOf(ended, catalog);
  return bars.length < 2 ? undefined : { title: 'By product', takeaway: takeaway(bars), unit: 'deployments', bars };
}

/** It began to run and did not stay. */
function wentWrong({ state, startedAt }: Deployment): boolean {
  return startedAt !== undefined && (state === 'failed' || state === 'rolled-back');
}

function section(title: string, all: readonly Deployment[], catalog: Catalog): Announcement['sections'][number] {
  return { title, items: all.slice(0, SHOWN).map((one) => item(one, catalog)), total: all.length };
}

function item(one: Deployment, catalog: Catalog): Text {
  const url = pageUrl(one, { catalog });
  const id: Inline = url === undefined ? { kind: 'strong', text: one.id } : { kind: 'link', text: one.id, url };
  const where = catalog.environments[one.environment]?.title ?? one.environment;
  const why =
    one.state === 'rolled-back' ? ': taken back' : one.failure === undefined ? '' : `: ${one.failure.sentence}`;
  return [id, ` · ${productOf(one, catalog)}, ${where} · by ${one.requester.name}${why}`];
}

function productOf({ service }: Deployment, catalog: Catalog): string {
  return catalog.services[service]?.title ?? service;
}

/** How many runs each product had, the most at first; those that are left out are added up. */
function barsOf(ended: readonly Deployment[], catalog: Catalog): readonly Bar[] {
  const products = new Map<string, { all: number; bad: number }>();
  for (const one of ended) {
    if (one.state !== 'succeeded' && !wentWrong(one)) continue;
    const name = productOf(one, catalog);
    const { all, bad } = products.get(name) ?? { all: 0, bad: 0 };
    products.set(name, { all: all + 1, bad: bad + (wentWrong(one) ? 1 : 0) });
  }
  const ranked = [...products].sort(([one, { all: a }], [other, { all: b }]) => b - a || (one < other ? -1 : 1));
  const few = ranked.length <= BARS ? ranked : ranked.slice(0, BARS - 1);
  const others = ranked.slice(few.length);
  const sum = (key: 'all' | 'bad') => others.map(([, counts]) => counts[key]).reduce((a, b) => a + b, 0);
  return [
    ...few,
    ...(others.length === 0 ? [] : [[`${others.length} others`, { all: sum('all'), bad: sum('bad') }] as const]),
  ].map(
    ([label, { all, bad }]): Bar => ({
      label,
      value: all,
      words: bad === 0 ? String(all) : `${all} · ${bad} went wrong`,
      ...(bad === 0 ? {} : { bad: true }),
    }),
  );
}

function takeaway(bars: readonly Bar[]): string {
  const [first] = bars;
  return `${first?.label ?? 'Nothing'} was deployed most often: ${counted(first?.value ?? 0, 'time')}.`;
}
