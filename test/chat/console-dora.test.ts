import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doraAsked } from '../../adapters/chat/console/pages/dora.ts';
import type { Catalog } from '../../src/domain/catalog.ts';
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
