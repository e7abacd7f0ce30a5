import { type CountMeasure, type RollupQuery, SPANS, type SpanMeasure, spanOf, type Tally } from './rollup.ts';

const DAY_MS = 86_400_000;

/** Days in UTC, from inclusive, until exclusive. */
export interface Period {
  readonly from: string;
  readonly until: string;
}

/** Whose numbers. Nothing: everybody's. */
export interface DoraFilter {
  readonly services?: readonly string[];
  readonly environment?: string;
}

/** Lengths of time in milliseconds, out of buckets: at most 4 % wrong. */
export interface Spread {
  readonly median: number;
  readonly p90: number;
  /** How many it is made of. */
  readonly count: number;
}

/**
 * The numbers of one period, after the definitions of DORA (https://dora.dev/guides/dora-metrics/); what they are made of says
 * docs/dora.md. A number that nothing was counted for is absent: never 0, which would say that something is very good.
 */
export interface DoraNumbers {
  /** Runs of regular deployments and hotfixes that ended. */
  readonly deployments: number;
  /** Deployment frequency: the same by day. */
  readonly perDay?: number;
  /** Change fail rate, 0 to 1. */
  readonly failRate?: number;
  /** Deployment rework rate, 0 to 1. */
  readonly reworkRate?: number;
  /** Lead time for changes: from commit to running there. */
  readonly lead?: Spread;
  /** Failed deployment recovery time. */
  readonly recovery?: Spread;
  /** Time waiting for approval. */
  readonly approval?: Spread;
  /** Length of the runs that arrived. */
  readonly run?: Spread;
}

/** One day's deployments. `failed` is a part of `finished`. */
export interface DoraDay {
  readonly day: string;
  readonly finished: number;
  readonly failed: number;
}

export interface Dora {
  readonly period: Period;
  readonly now: DoraNumbers;
  /** The same number of days just before. */
  readonly former: DoraNumbers;
  /** Every day of the period, also those without a deployment. */
  readonly days: readonly DoraDay[];
}

/** The last so many days, today (UTC) included. @param now milliseconds since 1970 */
export function lastDays(now: number, days: number): Period {
  const until = dayAfter(new Date(now).toISOString().slice(0, 10), 1);
  return { from: dayAfter(until, -days), until };
}

/** So many whole days (UTC) before the day of a moment. @param at ISO 8601 in UTC */
export function daysBefore(at: string, days: number): Period {
  const until = at.slice(0, 10);
  return { from: dayAfter(until, -days), until };
}

/** As many days just before a period. */
export function formerPeriod({ from, until }: Period): Period {
  return { from: dayAfter(from, -lengthOf({ from, until })), until: from };
}

/** How many days a period has. */
export function lengthOf({ from, until }: Period): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS);
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Asks for what is needed and works it out.
 * @param rollups how a store is asked: `Rows.rollups`
 * @param filters whose numbers, added up; no target may pass more than one of them
 */
export async function askDora(
  rollups: (query: RollupQuery) => Promise<readonly Tally[]>,
  period: Period,
  ...filters: readonly [DoraFilter, ...DoraFilter[]] | readonly []
): Promise<Dora> {
  const wanted = filters.length === 0 ? [{}] : filters;
  const during = async (days: Period) =>
    (await Promise.all(wanted.map((filter) => rollups({ ...days, ...filter })))).flat();
  const [now, former] = await Promise.all([during(period), during(formerPeriod(period))]);
  return doraOf(now, former, period);
}

/**
 * The filters that together count each target once that one of these patterns fits; `*` fits every one. With a pattern for
 * everything nothing is left out, not even what has left the configuration.
 * @param patterns at least one
 * @param known environments, in which services by name are looked for where one pattern names the environment and another does not
 */
export function filtersFor(
  patterns: readonly { readonly service: string; readonly environment: string }[],
  known: readonly string[],
): readonly [DoraFilter, ...DoraFilter[]] {
  const everywhere = patterns.filter(({ environment }) => environment === '*');
  if (everywhere.some(({ service }) => service === '*')) return [{}];
  const names = (some: typeof patterns) => [...new Set(some.map(({ service }) => service))].sort();
  const environments = [...new Set([...known, ...patterns.map(({ environment }) => environment)])].filter(
    (one) => one !== '*',
  );
  const [first, ...others] = environments.flatMap((environment): readonly DoraFilter[] => {
    const services = names(patterns.filter((one) => one.environment === '*' || one.environment === environment));
    if (services.length === 0) return [];
    return [services.includes('*') ? { environment } : { environment, services }];
  });
  if (everywhere.length === patterns.length || first === undefined) return [{ services: names(everywhere) }];
  return [first, ...others];
}

/** The numbers of a period, with those of the former one to compare. Pure. */
export function doraOf(now: readonly Tally[], former: readonly Tally[], period: Period): Dora {
  const days = lengthOf(period);
  return { period, now: numbersOf(now, days), former: numbersOf(former, days), days: daysOf(now, period) };
}

function numbersOf(tallies: readonly Tally[], days: number): DoraNumbers {
  const count = (measure: CountMeasure) =>
    tallies.filter((one) => one.measure === measure).reduce((sum, one) => sum + one.count, 0);
  const [deployments, failed, rework, back] = [
    count('finished'),
    count('failed'),
    count('rework'),
    count('rolled-back'),
  ];
  const spreads = SPANS.flatMap((measure) => {
    const spread = spreadOf(tallies, measure);
    return spread === undefined ? [] : [[measure, spread] as const];
  });
  return {
    deployments,
    ...(deployments === 0 || days < 1 ? {} : { perDay: deployments / days, failRate: failed / deployments }),
    ...(deployments + back === 0 ? {} : { reworkRate: rework / (deployments + back) }),
    ...(Object.fromEntries(spreads) as Partial<Record<SpanMeasure, Spread>>),
  };
}

function spreadOf(tallies: readonly Tally[], measure: SpanMeasure): Spread | undefined {
  const buckets = tallies
    .filter((one) => one.measure === measure && one.count > 0)
    .toSorted((one, other) => one.bucket - other.bucket);
  const count = buckets.reduce((sum, one) => sum + one.count, 0);
  if (count === 0) return undefined;
  return { median: quantile(buckets, count, 0.5), p90: quantile(buckets, count, 0.9), count };
}

/** The smallest length that at least this part of all does not exceed. */
function quantile(buckets: readonly Tally[], count: number, part: number): number {
  const rank = Math.max(1, Math.ceil(count * part));
  let seen = 0;
  const found = buckets.find((one) => {
    seen += one.count;
    return seen >= rank;
  });
  return spanOf(found?.bucket ?? 0);
}

function daysOf(tallies: readonly Tally[], period: Period): readonly DoraDay[] {
  const counted = new Map<string, { finished: number; failed: number }>();
  for (const { day, measure, count } of tallies) {
    if (measure !== 'finished' && measure !== 'failed') continue;
    const found = counted.get(day) ?? { finished: 0, failed: 0 };
    found[measure] += count;
    counted.set(day, found);
  }
  return Array.from({ length: Math.max(0, lengthOf(period)) }, (_, index) => {
    const day = dayAfter(period.from, index);
    return { day, finished: 0, failed: 0, ...counted.get(day) };
  });
}
