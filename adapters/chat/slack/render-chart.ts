import type { SectionBlock } from '@slack/types';
import type { Chart } from '../../../src/domain/announcement.ts';
import { clip } from '../../../src/domain/text.ts';
import { drawn } from '../../shared/chart-bars.ts';
import { LIMITS } from './limits.ts';
import { escaped } from './mrkdwn.ts';

/** What there is to see in one sentence, and bars of text: the same on every client. Bars that do not fit are left out. */
export function chart(one: Chart, id: (name: string) => string): SectionBlock {
  const head = `*${escaped(clip(one.title, 100)).trim() || 'Chart'}*`;
  const lines = [head, escaped(clip(one.takeaway, 300)).trim()].filter((line) => line !== '');
  let used = lines.join('\n').length;
  for (const { label, words, cells } of drawn(one)) {
    const line = `${cells} ${escaped(clip(label, 80)).trim()} · ${escaped(clip(words, 60)).trim()}`;
    used += line.length + 1;
    if (used > LIMITS.section) break;
    lines.push(line);
  }
  return { type: 'section', block_id: id('chart'), text: { type: 'mrkdwn', text: lines.join('\n'), verbatim: true } };
}
