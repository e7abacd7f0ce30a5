import type { Announcement, Bar, Chart, Fact } from '../announcement.ts';
import { type Dora, type DoraDay, type DoraNumbers, lengthOf, type Spread } from '../dora.ts';
import { counted, duration, grouped, plain } from '../text.ts';
import { summary } from './context.ts';

/** Bars of the chart at most. */
const BARS = 10;
const DAY_MS = 86_400_000;

/** A number of DORA in words, beside the one of the former period. */
export interface KeyNumber {
  readonly label: string;
  /** `–` where there is no data. */
  readonly value: string;
  /** The ninetieth percentile, or how many it is made of. */
  readonly more?: string;
  /** Against the former period, e.g. `12 % less than before`; absent when one of them has no data. */
  readonly change?: string;
  /** Did it get better or worse? Absent: neither, or nobody can say. */
  readonly trend?: 'better' | 'worse';
}

const NONE = '–';
/** Changes below this part of the former number say nothing: the buckets alone are up to 4 % wrong. */
const NOTABLE = 0.05;

interface Compared {
  readonly now: number | undefined;
  readonly former: number | undefined;
  readonly less: 'better' | 'worse' | 'neither';
}

/** The numbers as they are shown everywhere, the four keys of DORA first. */
export function keyNumbers({ now, former }: Dora): readonly KeyNumber[] {
  const rate = (label: string, name: 'failRate' | 'reworkRate'): KeyNumber => {
    const value = now[name];
    return {
      label,
      value: value === undefined ? NONE : percent(value),
      ...compared({ now: value, former: former[name], less: 'better' }),
    };
  };
  const length = (label: string, name: 'lead' | 'recovery' | 'approval' | 'run'): KeyNumber => ({
    label,
    ...(now[name] === undefined ? { value: NONE } : spreadWords(now[name])),
    ...compared({ now: now[name]?.median, former: former[name]?.median, less: 'better' }),
  });
  return [
    {
      label: 'Deployment frequency',
      value: frequency(now),
      ...(now.deployments === 0 ? {} : { more: deployments(now.deployments) }),
      ...compared({ now: now.perDay, former: former.perDay, less: 'worse' }),
    },
    length('Lead time for changes', 'lead'),
    rate('Change fail rate', 'failRate'),
    length('Failed deployment recovery time', 'recovery'),
    rate('Deployment rework rate', 'reworkRate'),
    length('Time waiting for approval', 'approval'),
    length('Length of a run', 'run'),
  ];
}

function spreadWords({ median, p90 }: Spread): { readonly value: string; readonly more: string } {
  return { value: about(median), more: `9 of 10 within ${about(p90)}` };
}

/** A span of time as precise as it is known: buckets are 4 % wrong, so seconds beside hours would be made up. */
export function about(ms: number): string {
  if (ms >= 3 * DAY_MS) return `${Math.round(ms / DAY_MS)} days`;
  if (ms >= DAY_MS) return `${(ms / DAY_MS).toFixed(1)} days`;
  if (ms >= 36_000_000) return `${Math.round(ms / 3_600_000)} h`;
  const step = ms >= 3_600_000 ? 300_000 : ms >= 600_000 ? 60_000 : ms >= 60_000 ? 10_000 : 1000;
  return ms < 1000 ? 'under 1 s' : duration(Math.round(ms / step) * step);
}

function frequency({ perDay }: DoraNumbers): string {
  if (perDay === undefined) return NONE;
  if (perDay >= 1) return `${perDay < 10 ? perDay.toFixed(1) : grouped(Math.round(perDay))} a day`;
  return perDay * 7 >= 1 ? `${(perDay * 7).toFixed(1)} a week` : `${(perDay * 30).toFixed(1)} a month`;
}

function percent(rate: number): string {
  const value = rate * 100;
  return `${value.toFixed(value > 0 && value < 10 ? 1 : 0)} %`;
}

function compared({ now, former, less }: Compared): Pick<KeyNumber, 'change' | 'trend'> {
  if (now === undefined || former === undefined) return {};
  if (former === 0) return now === 0 ? { change: 'as before' } : { change: 'none before', ...trend(less, now > 0) };
  const change = (now - former) / former;
  if (Math.abs(change) < NOTABLE) return { change: 'about as before' };
  const part = `${Math.round(Math.abs(change) * 100)} %`;
  return { change: `${part} ${change < 0 ? 'less' : 'more'} than before`, ...trend(less, change > 0) };
}

function trend(less: Compared['less'], risen: boolean): Pick<KeyNumber, 'trend'> {
  if (less === 'neither') return {};
  return { trend: (less === 'better') === risen ? 'worse' : 'better' };
}

/** What there is to see, in one or two sentences. */
export function doraTakeaway({ now, former, period }: Dora): string {
  const days = counted(lengthOf(period), 'day');
  if (now.deployments === 0) return `No deployment ended in the last ${days}.`;
  const failed = now.failRate === undefined ? 0 : Math.round(now.failRate * now.deployments);
  const failures =
    failed === 0 ? 'none failed' : `${grouped(failed)} failed or ${failed === 1 ? 'was' : 'were'} taken back`;
  const before = former.deployments === 0 ? '' : `; the ${days} before had ${grouped(former.deployments)}`;
  return `${deployments(now.deployments)} in the last ${days}, ${failures}${before}.`;
}

function deployments(count: number): string {
  return `${grouped(count)} ${count === 1 ? 'deployment' : 'deployments'}`;
}

/** Deployments over time, several days to a bar when there are many. Nothing when there were none. */
export function doraChart(dora: Dora): Chart | undefined {
  if (dora.now.deployments === 0) return undefined;
  const size = Math.ceil(dora.days.length / BARS);
  const bars = Array.from({ length: Math.ceil(dora.days.length / size) }, (_, index) =>
    bar(dora.days.slice(index * size, (index + 1) * size)),
  );
  const busiest = bars.toSorted((one, other) => other.value - one.value)[0];
  return {
    title: size === 1 ? 'Deployments a day' : `Deployments, ${size} days to a bar`,
    takeaway: busiest === undefined ? doraTakeaway(dora) : `Most: ${busiest.label} with ${busiest.words}.`,
    unit: 'deployments',
    bars,
  };
}

function bar(days: readonly DoraDay[]): Bar {
  const finished = days.reduce((sum, one) => sum + one.finished, 0);
  const failed = days.reduce((sum, one) => sum + one.failed, 0);
  const [first, last] = [days[0]?.day.slice(5) ?? '', days.at(-1)?.day.slice(5) ?? ''];
  return {
    label: first === last ? first : `${first} to ${last}`,
    value: finished,
    words: failed === 0 ? grouped(finished) : `${grouped(finished)}, ${grouped(failed)} failed`,
    ...(failed === 0 ? {} : { bad: true as const }),
  };
}

/** Every number that there is data for, with how it was before. */
export function doraFacts(dora: Dora): readonly Fact[] {
  return knownNumbers(dora).map(({ label, value, more, change }) => ({
    label,
    value: [[value, more, change].filter((part) => part !== undefined).join(' · ')],
  }));
}

/** The first of them in a few words, for whoever reads nothing else. */
export function doraWords(dora: Dora): string {
  return knownNumbers(dora)
    .slice(0, 3)
    .map(({ label, value }) => `${label}: ${value}.`)
    .join(' ');
}

function knownNumbers(dora: Dora): readonly KeyNumber[] {
  return keyNumbers(dora).filter(({ value }) => value !== NONE);
}

/** The numbers as an answer. @param whose e.g. `web in production` */
export function tellDora(dora: Dora, whose: string, url?: string): Announcement {
  const takeaway = doraTakeaway(dora);
  const chart = doraChart(dora);
  return {
    tone: 'neutral',
    title: [`Delivery of ${whose}, last ${counted(lengthOf(dora.period), 'day')}`],
    lines: [[takeaway]],
    facts: doraFacts(dora),
    sections: [],
    ...(chart === undefined ? {} : { chart }),
    buttons: [],
    links: url === undefined ? [] : [{ label: 'Open the page', url }],
    context: ['After the definitions of DORA; days in UTC'],
    summary: summary([`${plain([`Delivery of ${whose}`])}:`, takeaway, doraWords(dora)].join(' ')),
  };
}
