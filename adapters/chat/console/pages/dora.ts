import { type Catalog, teamsOf } from '../../../../src/domain/catalog.ts';
import type { Dora, DoraDay, DoraFilter } from '../../../../src/domain/dora.ts';
import { doraTakeaway, type KeyNumber, keyNumbers } from '../../../../src/domain/tell/dora.ts';
import { counted } from '../../../../src/domain/text.ts';
import { type Html, html, NOTHING } from '../markup.ts';
import { type Frame, layout } from './layout.ts';
import { empty } from './pieces.ts';

/** Periods that may be chosen, in days. */
const PERIODS = [7, 30, 90, 365] as const;
const USUAL_DAYS = 30;
const MOST_DAYS = 366;

export interface DoraView {
  readonly dora: Dora;
  readonly days: number;
  readonly filter: { readonly service?: string; readonly team?: string; readonly environment?: string };
}

/** Size of the chart in its own units; it is drawn as wide as there is room. */
const [WIDTH, HEIGHT, FOOT, HEAD] = [720, 204, 26, 10];
/** Left of it, for the words of the axis; on a phone they are drawn larger. */
const MARGIN = 54;
/** Days to a bar: by the number of days. */
const WEEKLY_FROM = 120;

/** How often, how fast and how safely is deployed. */
export function doraPage(frame: Frame, view: DoraView): Html {
  const { dora } = view;
  const body = html`<div class="page wide">
    <h1>Delivery</h1>
    ${filterForm(frame, view)}
    <div id="dora" data-live>
      <p class="takeaway">${doraTakeaway(dora)}</p>
      ${dora.now.deployments === 0 && keyNumbers(dora).every(({ value }) => value === '–') ? nothing() : numbers(dora)}
    </div>
  </div>`;
  return layout(frame, { title: 'Delivery', current: 'dora', body });
}

function nothing(): Html {
  return empty(
    'Nothing to count yet',
    html`The numbers come from the log by themselves as soon as a deployment has ended. <a href="/dora?days=365">Look at a whole year</a>, or ask for one in the <a href="/">chat</a>.`,
  );
}

function numbers(dora: Dora): Html {
  return html`<ul class="tiles">${keyNumbers(dora).map(tile)}</ul>
    ${chart(dora)}
    <p class="muted">Before: the same number of days from ${dora.period.from} backwards. Days are in UTC; lengths of time are medians, at most 4 % wrong. What exactly is counted is told in docs/dora.md, after the <a href="https://dora.dev/guides/dora-metrics/" target="_blank" rel="noopener noreferrer">definitions of DORA</a>.</p>`;
}

function tile({ label, value, more, change, trend }: KeyNumber): Html {
  return html`<li class="tile">
    <p class="tile-label">${label}</p>
    <p class="tile-value">${value}</p>
    <p class="muted">${value === '–' ? 'no data' : (more ?? '')}</p>
    ${change !== undefined && html`<p class="change ${trend ?? 'same'}">${trend !== undefined && html`<strong>${trend === 'better' ? 'Better' : 'Worse'}:</strong> `}${change}</p>`}
  </li>`;
}

/** Bars of deployments, the failed part below in another colour. The same in words for whoever does not see it. */
function chart(dora: Dora): Html {
  const size = dora.days.length > WEEKLY_FROM ? 7 : 1;
  const bars = grouped(dora.days, size);
  const most = niceTop(Math.max(...bars.map(({ finished }) => finished)));
  const step = WIDTH / bars.length;
  const title = size === 1 ? 'Deployments a day' : 'Deployments a week';
  const y = (value: number) => HEAD + (HEIGHT - FOOT - HEAD) * (1 - value / most);
  return html`<figure class="dora-chart">
    <figcaption><strong>${title}</strong> <span class="key good">arrived</span> <span class="key bad">failed or taken back</span></figcaption>
    <svg viewBox="${-MARGIN} 0 ${WIDTH + MARGIN} ${HEIGHT}" role="img" aria-label="${title}: ${doraTakeaway(dora)}">
      ${[0, most / 2, most].map((value) => html`<line class="grid" x1="0" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}"/><text class="axis end" x="-6" y="${y(value) + 4}">${short(value)}</text>`)}
      ${bars.map((one, index) => column(one, { x: index * step, step, y }))}
      ${labels(bars, step)}
    </svg>
  </figure>`;
}

function column(
  { day, last, finished, failed }: Group,
  { x, step, y }: { readonly x: number; readonly step: number; readonly y: (value: number) => number },
): Html {
  if (finished === 0) return NOTHING;
  const bad = Math.min(failed, finished);
  const gap = Math.min(3, step * 0.2);
  const rect = (from: number, to: number, name: string) =>
    to > from &&
    html`<rect class="${name}" x="${(x + gap / 2).toFixed(2)}" width="${(step - gap).toFixed(2)}" y="${y(to).toFixed(2)}" height="${(y(from) - y(to)).toFixed(2)}"/>`;
  const when = day === last ? day : `${day} to ${last}`;
  return html`<g><title>${when}: ${counted(finished, 'deployment')}, ${failed} failed or taken back</title>${rect(0, bad, 'bad')}${rect(bad, finished, 'good')}</g>`;
}

function labels(bars: readonly Group[], step: number): readonly Html[] {
  const every = Math.max(1, Math.ceil(bars.length / 8));
  return bars.flatMap(({ day }, index) =>
    index % every === 0
      ? [html`<text class="axis" x="${(index * step + step / 2).toFixed(2)}" y="${HEIGHT - 5}">${day.slice(5)}</text>`]
      : [],
  );
}

interface Group extends DoraDay {
  readonly last: string;
}

function grouped(days: readonly DoraDay[], size: number): readonly Group[] {
  return Array.from({ length: Math.ceil(days.length / size) }, (_, index) => {
    const some = days.slice(index * size, (index + 1) * size);
    const sum = (name: 'finished' | 'failed') => some.reduce((all, one) => all + one[name], 0);
    return { day: some[0]?.day ?? '', last: some.at(-1)?.day ?? '', finished: sum('finished'), failed: sum('failed') };
  });
}

/** What may stand at the top of the axis, times a power of ten: close above every value, and its half is as easily read. */
const TOPS = [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10] as const;

/** The number at the top of the axis: even, because its half is marked too. */
function niceTop(value: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return TOPS.map((times) => Math.round(times * size)).find((top) => top >= value && top % 2 === 0) ?? size * 10;
}

/** A number in at most five letters, for which the margin has room: `800`, `10k`, `1.5M`. */
function short(value: number): string {
  if (value < 10_000) return String(value);
  return value < 1_000_000 ? `${value / 1000}k` : `${value / 1_000_000}M`;
}

function filterForm({ catalog }: Frame, { days, filter }: DoraView): Html {
  const periods = [...new Set<number>([...PERIODS, days])].sort((one, other) => one - other);
  return html`<form class="filters" method="get" action="/dora">
    ${select('service', 'Service', Object.keys(catalog.services), filter.service)}
    ${select('team', 'Team', teamsOf(catalog), filter.team)}
    ${select('environment', 'Environment', Object.keys(catalog.environments), filter.environment)}
    <label><span>Period</span><select name="days" id="filter-days">${periods.map((one) => option(String(one), `Last ${one} days`, one === days))}</select></label>
    <button class="button">Show</button>
  </form>`;
}

function select(name: string, label: string, options: readonly string[], chosen: string | undefined): Html {
  if (options.length === 0) return NOTHING;
  return html`<label><span>${label}</span><select name="${name}" id="filter-${name}"><option value="">All</option>${options.map((one) => option(one, one, one === chosen))}</select></label>`;
}

function option(value: string, words: string, selected: boolean): Html {
  return html`<option value="${value}"${selected && html` selected`}>${words}</option>`;
}

/** What a page asks the store for. Words that are no filter are passed over; a service and a team together must both fit. */
export function doraAsked(
  { services }: Catalog,
  query: URLSearchParams,
): Pick<DoraView, 'days' | 'filter'> & { readonly wanted: DoraFilter } {
  const [service, team, environment] = ['service', 'team', 'environment'].map((name) => query.get(name) || undefined);
  const days = Number(query.get('days') ?? '');
  const place = environment === undefined ? {} : { environment };
  const ofTeam = Object.values(services).flatMap((one) => (one.team === team ? [one.id] : []));
  const named = service === undefined ? ofTeam : ofTeam.filter((id) => id === service);
  const ids = team !== undefined ? named : service === undefined ? undefined : [service];
  return {
    days: Number.isInteger(days) && days >= 1 && days <= MOST_DAYS ? days : USUAL_DAYS,
    filter: { ...place, ...(service === undefined ? {} : { service }), ...(team === undefined ? {} : { team }) },
    wanted: { ...place, ...(ids === undefined ? {} : { services: ids }) },
  };
}
