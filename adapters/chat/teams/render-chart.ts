import type { Chart } from '../../../src/domain/announcement.ts';
import { clip } from '../../../src/domain/text.ts';
import { drawn } from '../../shared/chart-bars.ts';
import { BUDGET } from './limits.ts';
import { escaped } from './markdown.ts';
import type { CardElement } from './wire.ts';

/**
 * What there is to see in one sentence, and the bars. `Chart.HorizontalBar` is a Teams element beyond version 1.5 of the cards
 * (`IHorizontalBarChart` of @microsoft/teams.cards 2: `x` is a bar's name, `y` its length, which the bar shows as a bare number);
 * clients that do not know it show bars of characters.
 */
export function chart(one: Chart, id: (name: string) => string): readonly CardElement[] {
  const bars = drawn(one).map((bar) => ({
    ...bar,
    label: said(bar.label, 80, 'Bar'),
    words: said(bar.words, 60, '–'),
  }));
  const title = said(one.title, BUDGET.label, 'Chart');
  const unit = said(one.unit, 30, '');
  const takeaway = said(one.takeaway, BUDGET.item, title);
  const text: CardElement = { type: 'TextBlock', id: id('chart-words'), text: takeaway, wrap: true, spacing: 'small' };
  if (bars.length === 0) return [text];
  return [
    {
      type: 'Chart.HorizontalBar',
      id: id('chart'),
      title: unit === '' ? title : `${title} (${unit})`,
      showTitle: true,
      displayMode: 'AbsoluteNoAxis',
      color: 'categoricalBlue',
      data: bars.map(({ label, words, value, bad }) => ({
        x: `${label} · ${words}`,
        y: value,
        ...(bad ? { color: 'attention' } : {}),
      })),
      fallback: {
        type: 'Container',
        id: id('chart'),
        items: [
          { type: 'TextBlock', text: title, weight: 'bolder', wrap: true },
          {
            type: 'FactSet',
            facts: bars.map(({ label, words, cells }) => ({ title: label, value: `${cells} ${words}` })),
          },
        ],
      },
    },
    text,
  ];
}

function said(words: string, most: number, without: string): string {
  return escaped(clip(words, most)).trim() || without;
}
