import type { Progress } from '../../../src/domain/announcement.ts';
import type { StepState } from '../../../src/domain/run.ts';
import { clip, duration } from '../../../src/domain/text.ts';
import { windowStart } from '../../shared/step-window.ts';
import { BUDGET } from './limits.ts';
import { escaped } from './markdown.ts';
import type { CardElement } from './wire.ts';

const WORDS: Readonly<Record<StepState, string>> = {
  waiting: '○ waiting',
  running: '◐ running',
  succeeded: '✓ done',
  failed: '✗ failed',
  skipped: '– skipped',
};

const CELLS = 10;

/**
 * A bar with its words, and the steps around the present one. `ProgressBar` is a Teams element beyond version 1.5 of the cards
 * (`value`, `max`, `color`: @microsoft/teams.cards); clients that do not know it show a bar of characters.
 */
export function progress(one: Progress, id: (name: string) => string): readonly CardElement[] {
  const percent = Number.isFinite(one.percent) ? Math.round(Math.min(100, Math.max(0, one.percent))) : 0;
  const full = Math.floor((percent / 100) * CELLS);
  const cells = `${'▰'.repeat(full)}${'▱'.repeat(CELLS - full)} ${percent} % done`;
  const failed = one.steps.some(({ state }) => state === 'failed');
  const words = escaped(clip(one.words, 200)).trim();
  return [
    {
      type: 'ProgressBar',
      id: id('progress'),
      value: percent,
      max: 100,
      color: failed ? 'Attention' : 'Accent',
      fallback: { type: 'TextBlock', id: id('progress'), text: cells, wrap: true },
    },
    { type: 'TextBlock', id: id('progress-words'), text: words || `${percent} % done`, wrap: true, spacing: 'small' },
    ...steps(one.steps, id),
  ];
}

function steps(all: Progress['steps'], id: (name: string) => string): readonly CardElement[] {
  if (all.length === 0) return [];
  const start = windowStart(all, BUDGET.steps);
  const shown = all.slice(start, start + BUDGET.steps).map(({ name, state, tookMs }) => ({
    title: escaped(clip(name, 80)).trim() || 'Step',
    value: `${WORDS[state]}${tookMs === undefined ? '' : ` · ${duration(tookMs)}`}`,
  }));
  const after = all.length - start - shown.length;
  return [
    {
      type: 'FactSet',
      id: id('steps'),
      facts: [
        ...(start === 0 ? [] : [{ title: 'Before', value: `${start} behind us` }]),
        ...shown,
        ...(after > 0 ? [{ title: 'After', value: `${after} to come` }] : []),
      ],
    },
  ];
}
