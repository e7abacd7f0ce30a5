import { expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import { daysBefore, doraOf, filtersFor } from '../../src/domain/dora.ts';
import { digestCard } from '../../src/domain/tell/digest.ts';
import { plain } from '../../src/domain/text.ts';
import { catalogWith } from '../engine/world.ts';

const SPAN = { from: '2026-11-16T09:00:00.000Z', until: '2026-11-23T09:00:00.000Z', catalog: catalogWith() };

function ended(over: Partial<Deployment>): Deployment {
  return {
    ...{ id: 'D-1', service: 'web', environment: 'production', state: 'succeeded', requester: { name: 'Anna' } },
    ...{ startedAt: '2026-11-17T10:00:00.000Z', endedAt: '2026-11-17T10:01:00.000Z' },
    ...over,
  } as Deployment;
}

const GOOD = ended({});
const BAD = ended({ id: 'D-2', state: 'failed' });
const BACK = ended({ id: 'D-3', state: 'rolled-back' });
const { startedAt: _never, ...unstarted } = ended({ id: 'D-4', state: 'rejected' });
const REJECTED = unstarted as Deployment;

it.each([
  ['daily', [GOOD], 'good', 'The last day: 1 deployment succeeded, 0 went wrong.', ['100 % of what ran succeeded.']],
  ['weekly', [GOOD], 'good', 'The last week: 1 deployment succeeded, 0 went wrong.', ['100 % of what ran succeeded.']],
  ['daily', [GOOD, BAD], 'bad', 'The last day: 1 deployment succeeded, 1 went wrong.', ['50 % of what ran succeeded.']],
  [
    'daily',
    [GOOD, BAD, BACK],
    'bad',
    'The last day: 1 deployment succeeded, 2 went wrong.',
    ['33 % of what ran succeeded.'],
  ],
  [
    'daily',
    [REJECTED],
    'good',
    'The last day: 0 deployments succeeded, 0 went wrong.',
    ['1 request ended without a run.'],
  ],
  [
    'daily',
    [GOOD, REJECTED, { ...REJECTED, state: 'failed' as const }],
    'good',
    'The last day: 1 deployment succeeded, 0 went wrong.',
    ['100 % of what ran succeeded. 2 requests ended without a run.'],
  ],
] as const)('a %s digest of %# says it in %s words', (cadence, all, tone, title, lines) => {
  const card = digestCard(all, { ...SPAN, cadence });

  expect([card.tone, plain(card.title), card.lines.map(plain)]).toEqual([tone, title, lines]);
  expect(card.facts).toEqual([]);
});

it('names what went wrong first, with the reason, and links to it', () => {
  const failure = { code: 'run-failed', sentence: 'The step Build failed.', next: 'Look at its log.' } as const;
  const card = digestCard([GOOD, { ...BAD, failure } as Deployment, BACK], { ...SPAN, cadence: 'daily' });

  expect(card.sections.map(({ title }) => title)).toEqual(['What went wrong', 'What was deployed']);
  expect(card.sections[0]?.items.map(plain)).toEqual([
    'D-2 · Web shop, live for customers · by Anna: The step Build failed.',
    'D-3 · Web shop, live for customers · by Anna: taken back',
  ]);
});

it('shows ten of each, and how many there are', () => {
  const many = Array.from({ length: 12 }, (_, at) => ended({ id: `D-${at + 1}` }));
  const [section] = digestCard(many, { ...SPAN, cadence: 'daily' }).sections;

  expect([section?.items.length, section?.total]).toEqual([10, 12]);
});

it('compares products where there are several, the many small ones together', () => {
  const many = Array.from({ length: 12 }, (_, at) => ended({ service: `s${at}` }));
  const { chart } = digestCard([...many, ended({ service: 's5', state: 'failed' })], { ...SPAN, cadence: 'daily' });

  expect(digestCard([GOOD], { ...SPAN, cadence: 'daily' }).chart).toBeUndefined();
  expect(chart?.bars).toHaveLength(8);
  expect(chart?.bars[0]).toEqual({ label: 's5', value: 2, words: '2 · 1 went wrong', bad: true });
  expect(chart?.bars.at(-1)).toEqual({ label: '5 others', value: 5, words: '5' });
});

it('has the figures of a week beside those of the week before, and says what they are of', () => {
  const period = daysBefore(SPAN.until, 7);
  const count = (day: string, count: number) => ({ day, measure: 'finished' as const, bucket: 0, count });
  const dora = doraOf([count('2026-11-17', 14)], [count('2026-11-10', 7)], period);
  const card = digestCard([GOOD], { ...SPAN, cadence: 'weekly' }, { dora, more: true });

  expect(period).toEqual({ from: '2026-11-16', until: '2026-11-23' });
  expect(card.facts.map(({ label, value }) => [label, plain(value)])).toEqual([
    ['Deployment frequency', '2.0 a day · 14 deployments · 100 % more than before'],
    ['Change fail rate', '0 % · as before'],
    ['Deployment rework rate', '0 % · as before'],
  ]);
  expect(card.chart?.title).toBe('Deployments a day');
  expect(card.lines.map(plain)[1]).toBe(
    'The figures are of 2026-11-16 to 2026-11-22 (days in UTC), beside the week before. They count all that was deployed there, also what is not announced here.',
  );
  expect(card.summary).toContain('Deployment frequency: 2.0 a day. Change fail rate: 0 %.');
  expect(card.links.map(({ url }) => url)).toContain('http://bot.example/dora?days=7');
});

it.each([
  [['*/*'], [{}]],
  [['*/*', 'web/production'], [{}]],
  [['web/*'], [{ services: ['web'] }]],
  [['web/*', 'api/*', 'web/*'], [{ services: ['api', 'web'] }]],
  [['*/production'], [{ environment: 'production' }]],
  [['*/production', 'web/production'], [{ environment: 'production' }]],
  [
    ['web/*', '*/production'],
    [{ environment: 'staging', services: ['web'] }, { environment: 'production' }],
  ],
  [
    ['web/production', 'api/staging', 'api/production'],
    [
      { environment: 'staging', services: ['api'] },
      { environment: 'production', services: ['api', 'web'] },
    ],
  ],
  [['web/gone'], [{ environment: 'gone', services: ['web'] }]],
])('%j is counted once, by %j', (patterns, filters) => {
  const wanted = patterns.map((one) => {
    const [service = '', environment = ''] = one.split('/');
    return { service, environment };
  });
  expect(filtersFor(wanted, ['staging', 'production'])).toEqual(filters);
});
