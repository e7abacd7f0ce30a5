import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takingCatalog } from '../commands/taking.ts';
import { type World, world } from '../commands/world.ts';
import { type Built, builtConsole, KEY } from '../support/console-under-test.ts';

/** The real commands behind the real console. */
let commands: World;
let built: Built;
beforeEach(async () => {
  commands = world({}, takingCatalog());
  built = await builtConsole({ inbox: commands.inbox });
});
afterEach(() => built.chat.stop());

const script = { accept: 'application/json' };
const form = { key: KEY, as: 'ben', channel: '#deploys', service: 'web', environment: 'production', reason: 'Sale' };

async function shown(fields: Readonly<Record<string, string>>): Promise<string> {
  const answer = await built.get(`/console/form?${new URLSearchParams({ as: 'ben', ...fields })}`, script);
  return ((await answer.json()) as { readonly html: string }).html;
}

describe('inputs in the form of the console', () => {
  it('are a list, a box and a line once service and environment are chosen', async () => {
    const before = await shown({ service: 'web' });
    const after = await shown({ service: 'web', environment: 'production' });

    expect(before).toMatch(/<div id="request-inputs"><\/div>/);
    expect(after).toMatch(/<select id="request-input-region" name="input-region" required><option value="">Choose…/);
    expect(after).toMatch(/<input type="hidden" name="input-dry-run" value="false">\s*<label><input type="checkbox"/);
    expect(after).toMatch(/<input id="request-input-ticket"[^>]* pattern="\[A-Z\]\+-\\d\+" placeholder="[^"]*OPS-7"/);
  });

  it('keep what was filled in when service or environment change', async () => {
    const filled = { 'input-region': 'us', 'input-dry-run': 'true', 'input-ticket': '<b>"7' };
    const html = await shown({ service: 'web', environment: 'production', ...filled });

    expect(html).toContain('<option value="us" selected>');
    expect(html).toContain('value="true" checked>');
    expect(html).toContain('value="&lt;b&gt;&quot;7"');
  });

  it('become the request, a box that is off as well as one that is on', async () => {
    await built.post(
      '/console/form',
      { ...form, 'input-region': 'us', 'input-dry-run': 'false', 'input-ticket': '' },
      script,
    );

    expect(commands.calls.at(-1)?.args).toEqual([
      { service: 'web', environment: 'production', reason: 'Sale', inputs: { region: 'us', 'dry-run': 'false' } },
    ]);
  });

  it('of which one does not fit says so at its field, without a script too', async () => {
    const filled = { ...form, 'input-region': 'us', 'input-ticket': 'seven' };
    const mend = await (await built.post('/console/form', filled, script)).json();
    const page = await built.post('/console/form', filled);

    expect(mend).toMatchObject({ kind: 'mend', errors: { 'input-ticket': expect.stringContaining('[A-Z]+-\\d+') } });
    expect(page.status).toBe(422);
    expect(await page.text()).toMatch(
      /value="seven"[^>]*aria-invalid="true" aria-describedby="request-input-ticket-fault"/,
    );
    expect(commands.calls).toEqual([]);
  });
});
