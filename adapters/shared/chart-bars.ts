import type { Bar, Chart } from '../../src/domain/announcement.ts';

/** A bar as it can be drawn. */
interface DrawnBar {
  readonly label: string;
  readonly words: string;
  /** In the chart's unit; a number, and not less than 0. */
  readonly value: number;
  /** Its part of the longest bar, 0 to 1. */
  readonly part: number;
  /** Ten characters, for where nothing can be drawn. Whatever has a length has at least one full cell. */
  readonly cells: string;
  readonly bad: boolean;
}

/** More bars than these are nothing to look at. */
const MOST = 12;
const CELLS = 10;

/** The bars of a chart, whatever numbers it holds. */
export function drawn({ bars }: Chart): readonly DrawnBar[] {
  const shown = bars.slice(0, MOST);
  const longest = Math.max(0, ...shown.map(lengthOf));
  return shown.map((one) => {
    const { label, words, bad = false } = one;
    const value = lengthOf(one);
    const part = longest === 0 ? 0 : value / longest;
    const full = part === 0 ? 0 : Math.max(1, Math.round(part * CELLS));
    return { label, words, value, part, cells: `${'▰'.repeat(full)}${'▱'.repeat(CELLS - full)}`, bad };
  });
}

function lengthOf({ value }: Bar): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
