import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doraAsked, doraPage } from '../../adapters/chat/console/pages/dora.ts';
import type { Frame } from '../../adapters/chat/console/pages/layout.ts';
import type { Catalog } from '../../src/domain/catalog.ts';
import { doraOf, lastDays } from '../../src/domain/dora.ts';
import { type Built, builtConsole } from '../support/console-under-test.ts';

let built: Built;
beforeEach(async () => {
  built = await builtConsole();
});
afterEach(() => built.chat.stop());

async function page(path: string): Promise<string> {
  return (await built.get(path)).text();
}

describe('the page of the delivery', () => {
  it('says what to do when there is nothing to count yet', async () => {
    const text = await page('/dora');

    expect(text).toContain('Nothing to count yet');
    expect(text).toContain('aria-current="page"');
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('keeps what was filtered, and escapes it', async () => {
    const text = await page('/dora?days=90&environment=production&service=%3Cscript%3E');

    expect(text).toMatch(/value="90" selected/);
    expect(text).toMatch(/value="production" selected/);
    expect(text).not.toContain('<script>');
  });
});

describe('the page with numbers', () => {
  const frame = { catalog: { services: {}, environments: {} }, viewers: [], readOnly: true } as unknown as Frame;
  const person = { id: 'anna', name: 'Anna' };
  const viewer = { person, account: { system: 'console', id: 'anna' }, hint: '' };
  const counted = (measure: 'finished' | 'failed', day: string, count: number) => ({ day, measure, bucket: 0, count });

  function shown(days: number): string {
    const period = lastDays(Date.parse('2026-03-31T12:00:00Z'), days);
    const now = [counted('finished', '2026-03-30', 9), counted('failed', '2026-03-30', 3)];
    const dora = doraOf(now, [counted('finished', '2026-02-28', 3)], period);
    return doraPage({ ...frame, viewer } as unknown as Frame, { dora, days, filter: {} }).text;
  }

  it.each([1, 7, 30, 90, 365])('draws what failed below what arrived, over %d days', (days) => {
    const text = shown(days === 1 ? 2 : days);

    expect(text.match(/<rect class="bad"/g)).toHaveLength(1);
    expect(text.match(/<rect class="good"/g)).toHaveLength(1);
    expect(text).toContain('9 deployments, 3 failed or taken back');
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([
    [1, ['0', '1', '2']],
    [9, ['0', '5', '10']],
    [101, ['0', '60', '120']],
    [950, ['0', '500', '1000']],
    [6650, ['0', '4000', '8000']],
    [9600, ['0', '5000', '10k']],
    [123_000, ['0', '80k', '160k']],
    [2_300_000, ['0', '1.5M', '3M']],
  ] as const)('has an axis that is read at a glance, and room for its words, up to %d', (count, axis) => {
    const period = lastDays(Date.parse('2026-03-31T12:00:00Z'), 7);
    const dora = doraOf([counted('finished', '2026-03-30', count)], [], period);
    const { text } = doraPage({ ...frame, viewer } as unknown as Frame, { dora, days: 7, filter: {} });

    expect([...text.matchAll(/class="axis end"[^>]*>([^<]*)</g)].map(([, word]) => word)).toEqual(axis);
  });

  it('says in words what is no data', () => {
    expect(shown(30).match(/no data/g)).toHaveLength(4);
  });
});

describe('what the page asks for', () => {
  const services = { web: { id: 'web', team: 'shop' }, api: { id: 'api', team: 'shop' }, mail: { id: 'mail' } };
  const catalog = { services } as unknown as Catalog;
  const asked = (query: string) => doraAsked(catalog, new URLSearchParams(query));

  it.each([
    ['', { days: 30, wanted: {} }],
    ['days=7&service=&environment=', { days: 7, wanted: {} }],
    ['team=shop', { wanted: { services: ['web', 'api'] } }],
    ['team=shop&service=api', { wanted: { services: ['api'] } }],
    ['team=shop&service=mail', { wanted: { services: [] } }],
    ['team=nobody', { wanted: { services: [] } }],
    ['service=mail&environment=staging', { wanted: { services: ['mail'], environment: 'staging' } }],
    ['days=0', { days: 30 }],
    ['days=1e9', { days: 30 }],
    ['days=7.5', { days: 30 }],
  ])('is read from "%s"', (query, expected) => {
    expect(asked(query)).toMatchObject(expected);
  });
});
