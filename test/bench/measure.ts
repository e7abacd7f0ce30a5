/** What a row of the table says. Times are in milliseconds unless `unit` says otherwise. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly ours: Spread;
  readonly baseline?: Spread;
  /** Ours by the baseline's, for those of the two that the aim is about. */
  readonly ratio?: number;
  readonly aim: string;
  readonly met: boolean;
  /** What must be known to read the row. */
  readonly note?: string;
}

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

export interface Case {
  readonly name: string;
  /** What is compared with what, for the list of cases. */
  readonly about: string;
  /** Why it cannot be measured here. */
  readonly skipped?: string;
  run(): Promise<readonly Row[]>;
}

/** The nearest-rank percentile. Throws a RangeError without a sample: a figure of nothing would be a lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const found = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  if (found === undefined) throw new RangeError('nothing was measured');
  return found;
}

export function spread(samples: readonly number[]): Spread {
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99), count: samples.length };
}

/** How long it takes, in milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** A pause of the bench itself, in milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Progress, beside the table and not in it. */
export function say(words: string): void {
  process.stderr.write(`${words}\n`);
}
