import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { homeCard } from '../../src/domain/tell/home.ts';
import { BEN, CATALOG } from '../fakes/console-catalog.ts';
import { DEPLOYMENTS, NOW } from '../fakes/console-deployments.ts';
import { type Built, builtConsole, KEY } from '../support/console-under-test.ts';

let built: Built;
beforeEach(async () => {
  built = await builtConsole();
});
afterEach(() => built.chat.stop());

const ASKED = { input: { kind: 'text', text: 'home' }, external: false };

async function page(who: string): Promise<string> {
  return (await built.get('/me', { cookie: `countersign_as=${who}` })).text();
}

/** The answer to `home` with one button in it, whatever the sample world holds. */
function answerHome(): void {
  const home = { person: BEN, open: DEPLOYMENTS, locks: [], reviews: [], books: [] };
  const announcement = homeCard(home, { catalog: CATALOG, now: NOW });
  const button = { label: 'Show D-1047', verb: 'run', value: 'status D-1047', style: 'plain' } as const;
  built.world.answerWith({ kind: 'say', visibility: 'private', announcement: { ...announcement, buttons: [button] } });
}

describe('the page of one person', () => {
  it('shows the answer to `home` for whoever looks, and posts no message for it', async () => {
    answerHome();

    const text = await page('ben');

    expect(built.world.heard).toMatchObject([{ ...ASKED, actor: { system: 'console', id: 'ben' } }]);
    expect(text).toContain('Ben Okafor');
    expect(text).toContain('You are rung');
    expect(text).toMatch(/href="\/me" aria-current="page"/);
    expect(await (await built.get('/')).text()).not.toContain('You are rung');
  });

  it('is asked anew each time: no second look counts as a repeated delivery', async () => {
    await page('anna');
    const again = await page('anna');

    expect(new Set(built.world.heard.map(({ key }) => key)).size).toBe(2);
    expect(again).toContain('Heard:');
  });

  it('has buttons that work, and no link to itself', async () => {
    answerHome();
    const text = await page('ben');
    const [, value = ''] = /name="value" value="([^"]*)"/.exec(text) ?? [];

    const response = await built.post('/console/press', { as: 'ben', key: KEY, message: '', verb: 'run', value });

    expect(response.status).toBeLessThan(400);
    expect(built.world.heard.at(-1)).toMatchObject({ input: { kind: 'button', verb: 'run', value: 'status D-1047' } });
    expect(text).not.toContain('Open Your Page');
  });

  it('is nobody’s where nobody can say who they are', async () => {
    await built.chat.stop();
    built = await builtConsole({ settings: { readOnly: true } });

    const text = await page('ben');

    expect(text).toContain('Who you are is not known here');
    expect(built.world.heard).toEqual([]);
  });

  it('says so while the programme is starting', async () => {
    await built.chat.stop();

    expect(await page('ben')).toContain('Not ready yet');
  });
});
