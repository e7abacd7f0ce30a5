import { describe, expect, it } from 'vitest';
import { card } from '../../adapters/chat/console/render.ts';
import { render as slack } from '../../adapters/chat/slack/render.ts';
import { isShort } from '../../adapters/chat/teams/answer.ts';
import { render as teams } from '../../adapters/chat/teams/render.ts';
import { type Announcement, type Chart, note } from '../../src/domain/announcement.ts';
import { ANNA } from '../fakes/console-catalog.ts';
import { cardFaults } from './cards-check.ts';

const CHART: Chart = {
  title: 'How long the steps took',
  takeaway: 'Smoke <b> took longest: 2 min of 3 min.',
  unit: 'seconds',
  bars: [
    { label: 'Build', value: 48, words: '48 s' },
    { label: 'Smoke <b>', value: 120, words: '2 min · failed', bad: true },
    { label: 'Clean up', value: 0.2, words: '200 ms' },
    { label: 'No number', value: Number.NaN, words: '–' },
  ],
};
const TOLD: Announcement = { ...note('bad', ['Failed'], 'Failed.'), chart: CHART };
const inTeams = (one: Announcement) => teams(one, { mention: () => undefined }, { key: 'k1', revision: 3 });
const inSlack = (one: Announcement) => slack(one, { team: 'T1' }, 3).blocks;
const reader = { person: ANNA, account: 'anna', baseUrl: undefined, readOnly: false };

/** Lists alone would make every card too large. */
const CROWDED: Announcement = {
  ...TOLD,
  sections: [{ title: 'Changes', total: 120, items: Array.from({ length: 120 }, () => ['x'.repeat(290)]) }],
};
/** And so would these facts, which go only after lists and chart. */
const HEAVY: Announcement = {
  ...CROWDED,
  facts: Array.from({ length: 20 }, () => ({ label: 'Fact', value: ['x'.repeat(590)] })),
};

describe('a chart in Teams', () => {
  it('is an element of Teams, with bars of characters for clients that do not know it', () => {
    const body = inTeams(TOLD).card.body;

    expect(body.find(({ type }) => type === 'Chart.HorizontalBar')).toMatchObject({
      title: 'How long the steps took (seconds)',
      displayMode: 'AbsoluteNoAxis',
      data: [
        { x: 'Build · 48 s', y: 48 },
        { x: 'Smoke ‹b› · 2 min · failed', y: 120, color: 'attention' },
        { x: 'Clean up · 200 ms', y: 0.2 },
        { x: 'No number · –', y: 0 },
      ],
      fallback: {
        type: 'Container',
        items: [
          { type: 'TextBlock', text: 'How long the steps took' },
          {
            type: 'FactSet',
            facts: [
              { title: 'Build', value: '▰▰▰▰▱▱▱▱▱▱ 48 s' },
              { title: 'Smoke ‹b›', value: '▰▰▰▰▰▰▰▰▰▰ 2 min · failed' },
              { title: 'Clean up', value: '▰▱▱▱▱▱▱▱▱▱ 200 ms' },
              { title: 'No number', value: '▱▱▱▱▱▱▱▱▱▱ –' },
            ],
          },
        ],
      },
    });
    expect(cardFaults(inTeams(TOLD))).toEqual([]);
  });

  it('is said in a sentence beside it, also where there is nothing to draw', () => {
    for (const bars of [CHART.bars, []]) {
      const { body } = inTeams({ ...TOLD, chart: { ...CHART, bars } }).card;

      expect(body.map(({ text }) => text)).toContain('Smoke ‹b› took longest: 2 min of 3 min.');
    }
  });

  it('goes after the lists and before the facts where the card is too large, and the card says so', () => {
    const [crowded, heavy] = [CROWDED, HEAVY].map((one) => JSON.stringify(inTeams(one).card));

    expect(crowded).toContain('Chart.HorizontalBar');
    expect(heavy).not.toContain('Chart.HorizontalBar');
    expect(heavy).not.toContain('Changes');
    expect(heavy).toMatch(/"FactSet".*shortened/);
  });

  it('makes an answer longer than one sentence', () => {
    expect([isShort(TOLD), isShort(note('bad', ['Failed'], 'Failed.'))]).toEqual([false, true]);
  });
});

describe('a chart in Slack', () => {
  it('is lines of text, escaped', () => {
    expect(inSlack(TOLD).find(({ block_id }) => block_id === 'cs-r3-chart')).toMatchObject({
      type: 'section',
      text: {
        text: [
          '*How long the steps took*',
          'Smoke &lt;b&gt; took longest: 2 min of 3 min.',
          '▰▰▰▰▱▱▱▱▱▱ Build · 48 s',
          '▰▰▰▰▰▰▰▰▰▰ Smoke &lt;b&gt; · 2 min · failed',
          '▰▱▱▱▱▱▱▱▱▱ Clean up · 200 ms',
          '▱▱▱▱▱▱▱▱▱▱ No number · –',
        ].join('\n'),
      },
    });
  });

  it('has only bars that fit whole', () => {
    const bars = Array.from({ length: 12 }, () => ({ label: '&'.repeat(80), value: 1, words: '1 s' }));

    const block = inSlack({ ...TOLD, chart: { ...CHART, bars } }).find(({ block_id }) => block_id === 'cs-r3-chart');

    const lines = block?.type === 'section' ? (block.text?.text.split('\n') ?? []) : [];
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThan(14);
    expect(lines.slice(2).every((line) => line.endsWith('&amp; · 1 s'))).toBe(true);
  });

  it('goes after the lists and before the facts where the card is too large, and the card says so', () => {
    const facts = HEAVY.facts.map(({ label }) => ({ label, value: ['x'.repeat(595)] }));
    const text = JSON.stringify(inSlack({ ...HEAVY, facts }));

    expect(JSON.stringify(inSlack(CROWDED))).toContain('cs-r3-chart');
    expect(text).not.toContain('cs-r3-chart');
    expect(text).toMatch(/cs-r3-facts0.*shortened/);
  });
});

describe('a chart in the console', () => {
  it('says every label and length in words; the picture has neither words nor styles', () => {
    const { text } = card('m1', TOLD, reader);

    expect(text).toContain('How long the steps took</span> Smoke &lt;b&gt; took longest: 2 min of 3 min.');
    expect(text).toContain(
      '<li class="bar bad"><span class="bar-label"><bdi>Smoke &lt;b&gt;</bdi></span><svg aria-hidden="true"><rect width="100%" height="100%" rx="3"/></svg><span class="bar-words">2 min · failed</span></li>',
    );
    expect(text).toContain('<rect width="40%"');
    expect(text).toContain('<rect width="0%"');
    expect(text).not.toContain('style=');
  });
});
