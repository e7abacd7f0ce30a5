import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usualPeriod } from '../../adapters/chat/console/pages/evidence.ts';
import { loadEvidence } from '../../src/evidence/load.ts';
import { type Built, builtConsole } from '../support/console-under-test.ts';

let built: Built;
beforeEach(async () => {
  built = await builtConsole();
});
afterEach(() => built.chat.stop());

const EVER = 'from=2000-01-01&to=2100-01-01';

/** Gives a sample deployment words that would be markup. */
async function renamed(id: string, text: string): Promise<void> {
  const found = await built.world.reading.deployment(id);
  if (found === undefined) throw new Error(`${id} is missing.`);
  built.world.put({ ...found, reason: text, ref: text, requester: { ...found.requester, name: text } });
}

async function hashOf(id: string): Promise<string> {
  const record = await loadEvidence(built.world.reading, id);
  if (record === undefined) throw new Error(`${id} is missing.`);
  return record.hash;
}

describe('the evidence of one deployment', () => {
  it('is a page with the parts of the record, its hash and what can be kept', async () => {
    const response = await built.get('/deployments/D-1044/evidence');
    const text = await response.text();

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toContain('Look at this first');
    expect(text).toContain('<th scope="col">Commit</th>');
    expect(text).toContain(await hashOf('D-1044'));
    for (const format of ['json', 'md', 'pdf']) expect(text).toContain(`href="/deployments/D-1044/evidence.${format}"`);
    expect(text).toContain('aria-current="page"');
  });

  it.each([
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['"><script>alert(1)</script>', '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['javascript:alert(1)', '<bdi>javascript:alert(1)</bdi>'],
  ])('escapes %s wherever people typed it', async (typed, shown) => {
    await renamed('D-1044', typed);

    const text = await (await built.get('/deployments/D-1044/evidence')).text();

    expect(text).toContain(shown);
    expect(text).not.toMatch(/<img src=x|<script>|href="javascript:/);
  });

  it('makes an address a link that shows nothing but itself', async () => {
    await renamed('D-1044', 'https://example.com/?a=1&b="2"');

    const text = await (await built.get('/deployments/D-1044/evidence')).text();

    const address = 'https://example.com/?a=1&amp;b=&quot;2&quot;';
    expect(text).toContain(`<a href="${address}" target="_blank" rel="noopener noreferrer">${address}</a>`);
  });

  it.each([
    ['json', 'application/json; charset=utf-8', '{'],
    ['md', 'text/markdown; charset=utf-8', '# D-1044'],
    ['pdf', 'application/pdf', '%PDF-'],
  ])('is downloaded as %s', async (format, type, beginning) => {
    const response = await built.get(`/deployments/D-1044/evidence.${format}`);
    const text = await response.text();

    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="evidence-D-1044.${format}"`);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(text.startsWith(beginning)).toBe(true);
    if (format === 'json')
      expect(JSON.parse(text)).toMatchObject({ deployment: 'D-1044', hash: await hashOf('D-1044') });
  });

  it.each(['evidence', 'evidence.json', 'evidence.md', 'evidence.pdf'])(
    'of nobody’s number is not found: %s',
    async (end) => {
      const response = await built.get(`/deployments/D-9%3Cb%3E/${end}`);

      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('<b>');
    },
  );

  it('has no other formats', async () => {
    expect((await built.get('/deployments/D-1044/evidence.exe')).status).toBe(404);
  });

  it('is linked from the page of the deployment', async () => {
    const text = await (await built.get('/deployments/D-1044')).text();

    expect(text).toContain('href="/deployments/D-1044/evidence"');
  });
});

describe('the evidence of a period', () => {
  it('begins with a form that holds the last thirty days', async () => {
    const text = await (await built.get('/evidence')).text();

    const { from, to } = usualPeriod(built.clock.now());
    expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBe(30);
    expect(text).toContain(`name="from" id="evidence-from" value="${from}"`);
    expect(text).toContain(`name="to" id="evidence-to" value="${to}"`);
    expect(text).toContain('href="/evidence" aria-current="page"');
  });

  it.each([
    ['json', 'application/json; charset=utf-8', '{'],
    ['md', 'text/markdown; charset=utf-8', '# Evidence of deployments'],
    ['pdf', 'application/pdf', '%PDF-'],
  ])('is downloaded as %s', async (format, type, beginning) => {
    const response = await built.get(`/evidence?${EVER}&service=&environment=&format=${format}`);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="evidence-2000-01-01-to-2100-01-01.${format}"`,
    );
    expect((await response.text()).startsWith(beginning)).toBe(true);
  });

  it.each([
    ['', 2],
    ['&service=web&environment=staging', 1],
    ['&service=nothing', 0],
  ])('holds what was asked for with "%s"', async (more, least) => {
    const response = await built.get(`/evidence?${EVER}&format=json${more}`);
    const { records } = (await response.json()) as { records: { service: string; environment: string }[] };

    if (least === 0) expect(records).toEqual([]);
    else expect(records.length).toBeGreaterThanOrEqual(least);
    if (more.includes('staging'))
      expect(new Set(records.map((one) => `${one.service}/${one.environment}`))).toEqual(new Set(['web/staging']));
  });

  it.each([
    ['from=&to=2026-01-02', '&quot;From&quot; is empty. Write a day, e.g. 2026-01-31.'],
    ['from=2026-01-02', '&quot;To&quot; is empty.'],
    ['from=2026-02-30&to=2026-03-02', '&quot;From&quot; is not a day that the calendar has: &quot;2026-02-30&quot;.'],
    ['from=2026-01-01&to=tomorrow', '&quot;To&quot; is not a day that the calendar has: &quot;tomorrow&quot;.'],
    ['from=2026-01-02&to=2026-01-02', 'The period ends before it has begun'],
    ['from=2026-01-03&to=2026-01-02', 'The period ends before it has begun'],
    ['from=%3Cscript%3E&to=2026-01-02', '&lt;script&gt;'],
    ['from=2026-01-01&to=2026-01-02&format=exe', 'There is no format &quot;exe&quot;. Choose json, md, pdf.'],
  ])('says what is wrong with %s, and keeps the rest', async (query, words) => {
    const response = await built.get(`/evidence?${query}&service=web`);
    const text = await response.text();

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toContain(words);
    expect(text).toContain('role="alert"');
    expect(text).toMatch(/value="web" selected/);
    expect(text).not.toContain('<script>');
  });
});
