import type { SectionBlock } from '@slack/types';
import type { Progress } from '../../../src/domain/announcement.ts';
import type { StepState } from '../../../src/domain/run.ts';
import { clip, duration } from '../../../src/domain/text.ts';
import { windowStart } from '../../shared/step-window.ts';
import { BUDGET, LIMITS } from './limits.ts';
import { escaped } from './mrkdwn.ts';

const SIGNS: Readonly<Record<StepState, string>> = {
  waiting: '○',
  running: '◐',
  succeeded: '✓',
  failed: '✗',
  skipped: '–',
};

/** Said beside the sign wherever the sign alone would have to be learnt. */
const WORDS: Readonly<Record<StepState, string>> = {
  waiting: '',
  running: ' (running)',
  succeeded: '',
  failed: ' (failed)',
  skipped: ' (skipped)',
};

const CELLS = 10;

/** A bar of text with its words, and the steps around the present one. Plain characters: the same on every client. */
export function progress(one: Progress, id: (name: string) => string): SectionBlock {
  const percent = Number.isFinite(one.percent) ? Math.min(100, Math.max(0, one.percent)) : 0;
  const full = Math.floor((percent / 100) * CELLS);
  const bar = `${'▰'.repeat(full)}${'▱'.repeat(CELLS - full)} ${escaped(clip(one.words, 200))}`.trim();
  const start = windowStart(one.steps, BUDGET.steps);
  const shown = one.steps.slice(start, start + BUDGET.steps).map((step) => {
    const took = step.tookMs === undefined ? '' : ` · ${duration(step.tookMs)}`;
    return `${SIGNS[step.state]} ${escaped(clip(step.name, 80))}${WORDS[step.state]}${took}`;
  });
  const before = start === 0 ? [] : [`${start} done before`];
  const after = one.steps.length - start - shown.length;
  const lines = [bar, ...before, ...shown, ...(after > 0 ? [`${after} to come`] : [])];
  const text = clip(lines.join('\n'), LIMITS.section);
  return { type: 'section', block_id: id('progress'), text: { type: 'mrkdwn', text, verbatim: true } };
}
