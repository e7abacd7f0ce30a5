import type { Bar, Chart } from '../announcement.ts';
import type { Deployment, State } from '../deployment.ts';
import type { Step } from '../run.ts';
import { clip, counted, duration } from '../text.ts';

/** Their run, if there was one, has ended. While a former version is brought back, that run is what people look at. */
const ENDED: readonly State[] = ['succeeded', 'failed', 'rolled-back', 'cancelled'];

/** At most so many bars; the last of them may stand for all that are left. */
const BARS = 8;

interface Measured {
  readonly name: string;
  readonly failed: boolean;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly tookMs: number;
}

/** How long the steps of an ended run took, in their order, the shortest summed up. Nothing unless two of them have a length. */
export function stepsChart({ state, steps }: Pick<Deployment, 'state' | 'steps'>): Chart | undefined {
  const measured = ENDED.includes(state) ? steps.flatMap(measure) : [];
  if (measured.length < 2) return undefined;
  const ranked = measured.toSorted((one, other) => other.tookMs - one.tookMs);
  const few = new Set(measured.length <= BARS ? ranked : ranked.slice(0, BARS - 1));
  const rest = measured.filter((one) => !few.has(one));
  const shown = measured.filter((one) => few.has(one));
  return {
    title: 'How long the steps took',
    takeaway: takeaway(measured),
    unit: 'seconds',
    bars: [...shown.map((one) => bar(one.name, [one])), ...(rest.length === 0 ? [] : [others(rest)])],
  };
}

/** Skipped steps took no time, whatever the provider writes down; some providers count whole seconds, so short steps have no length. */
function measure({ name, state, startedAt, endedAt }: Step): readonly Measured[] {
  if (state === 'skipped' || startedAt === undefined || endedAt === undefined) return [];
  const [from, to] = [Date.parse(startedAt), Date.parse(endedAt)];
  if (!(to > from)) return [];
  return [{ name: clip(name.trim(), 80) || 'Step', failed: state === 'failed', from, to, tookMs: to - from }];
}

function others(rest: readonly Measured[]): Bar {
  return bar(`${rest.length} others`, rest);
}

function bar(label: string, steps: readonly Measured[]): Bar {
  const tookMs = steps.reduce((sum, one) => sum + one.tookMs, 0);
  const failed = steps.filter((one) => one.failed).length;
  const value = Math.round(tookMs / 100) / 10;
  if (failed === 0) return { label, value, words: duration(tookMs) };
  const word = steps.length === 1 ? 'failed' : `${failed} failed`;
  return { label, value, words: `${duration(tookMs)} · ${word}`, bad: true };
}

/** Steps may run side by side, so the whole is from the first beginning to the last end, not the sum. */
function takeaway(measured: readonly Measured[]): string {
  const most = Math.max(...measured.map(({ tookMs }) => tookMs));
  const wholeMs = Math.max(...measured.map(({ to }) => to)) - Math.min(...measured.map(({ from }) => from));
  const longest = measured.filter(({ tookMs }) => tookMs === most);
  const [only] = longest;
  const who = only !== undefined && longest.length === 1 ? only.name : counted(longest.length, 'step');
  const each = longest.length === 1 ? '' : ' each';
  const of = wholeMs === most ? '' : ` of ${duration(wholeMs)}`;
  return `${who} took longest: ${duration(most)}${each}${of}.`;
}
