import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { note } from '../../src/domain/announcement.ts';
import { noBrowser, openBrowser } from '../support/browser.ts';
import { type Built, builtConsole, DEPLOYS, postSamples } from '../support/console-under-test.ts';
import { type Served, serveRoutes } from '../support/serve-routes.ts';

/** Skips with the reason in its name where there is no browser. */
describe.skipIf(noBrowser !== undefined)(
  `the console in a browser${noBrowser === undefined ? '' : ` (${noBrowser})`}`,
  () => {
    let browser: Browser;
    let built: Built;
    let served: Served;
    let page: Page;
    let faults: string[];

    beforeAll(async () => {
      browser = await openBrowser();
    });
    afterAll(() => browser.close());

    beforeEach(async () => {
      built = await builtConsole();
      await postSamples(built.chat, built.clock);
      served = await serveRoutes(built.routes);
      faults = [];
      page = await newPage();
    });
    afterEach(async () => {
      await page.context().close();
      await built.chat.stop();
      await served.close();
      expect(faults).toEqual([]);
    });

    async function newPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      const fresh = await context.newPage();
      fresh.on('pageerror', (error) => faults.push(error.message));
      fresh.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      return fresh;
    }

    it('takes a command from the keyboard alone, with completion and history', async () => {
      await page.goto(served.origin);
      await page.keyboard.press('/');
      await page.keyboard.type('web@v3');
      await page.getByRole('option', { name: 'v3.1.0' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('option', { name: 'production' }).waitFor();
      await page.keyboard.type('prod');
      await page.getByRole('option', { name: 'staging' }).waitFor({ state: 'detached' });
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Only you can see this').waitFor();
      await page.keyboard.press('ArrowUp');

      expect(built.world.heard.map(({ input }) => input)).toEqual([{ kind: 'text', text: 'web@v3.1.0 production' }]);
      expect(await page.inputValue('#box')).toBe('web@v3.1.0 production ');
    });

    it('sends a double click once', async () => {
      await page.goto(served.origin);

      await page
        .getByRole('button', { name: 'View Changes' })
        .last()
        .evaluate((button: { click(): void }) => {
          button.click();
          button.click();
        });
      await page.getByText('Only you can see this').waitFor();

      expect(built.world.heard).toHaveLength(1);
    });

    it('asks for a reason in a dialog, gives the focus back, and shows the answer', async () => {
      await page.goto(`${served.origin}/deployments/D-1047`);
      const reject = page.locator('summary', { hasText: 'Reject' });

      await reject.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Reject D-1047' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      const back = await reject.evaluate((element: { matches(selector: string): boolean }) =>
        element.matches(':focus'),
      );
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByLabel('What should change?').fill('Split it');
      await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
      await page.locator('#notices').getByText('Split it').waitFor();

      expect(back).toBe(true);
      expect(built.world.heard[0]?.input).toEqual({
        kind: 'button',
        verb: 'reject',
        value: 'token1047.1',
        answer: 'Split it',
      });
    });

    it('shows the form with fresh alerts, and says at the field what must be mended', async () => {
      built.world.answerWith({ kind: 'form', form: await built.world.inbox.form({}) });
      built.world.answerWith({ kind: 'mend', errors: { ref: 'There is no such branch.' } });
      await page.goto(served.origin);

      await page.locator('#box').press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Request a deployment' });
      await dialog.getByLabel('Environment').selectOption('production');
      await dialog.getByText('waits for D-1047').waitFor();
      await dialog.getByLabel('Branch, tag or commit').fill('no-such');
      await dialog.getByLabel('Reason').fill('Because');
      await dialog.getByRole('button', { name: 'Request Deployment' }).click();
      await dialog.getByText('There is no such branch.').waitFor();

      expect(await dialog.getByLabel('Branch, tag or commit').getAttribute('aria-invalid')).toBe('true');
      expect(built.world.heard[1]?.input).toMatchObject({
        kind: 'form',
        fields: { environment: 'production', ref: 'no-such' },
      });
    });

    it('shows news without a reload, and leaves what was typed, focused and unfolded as it was', async () => {
      await page.goto(served.origin);
      const thread = page.locator('details.thread').last();
      await thread.locator('summary').click();
      const box = thread.getByRole('textbox');
      await box.fill('half a word');
      const root = (await thread.getAttribute('id'))?.replace('-thread', '') ?? '';

      const under = { place: DEPLOYS, id: root };
      await built.chat.post(DEPLOYS, {
        key: 'news',
        revision: 1,
        under,
        announcement: note('good', ['Fresh reply'], 'Fresh reply.'),
      });
      await thread.getByText('Fresh reply').last().waitFor();

      expect(await box.inputValue()).toBe('half a word');
      expect(await box.evaluate((element: { matches(selector: string): boolean }) => element.matches(':focus'))).toBe(
        true,
      );
      expect(await thread.locator('summary').innerText()).toContain('2 replies');
    });

    it('tells a screen reader of a new message', async () => {
      await page.goto(served.origin);

      await built.chat.post(DEPLOYS, {
        key: 'news',
        revision: 1,
        announcement: note('good', ['Deployed'], 'Deployed: web to staging.'),
      });

      await page.locator('#announcer', { hasText: 'Deployed: web to staging.' }).waitFor({ state: 'attached' });
    });

    it('becomes somebody else, in every open page', async () => {
      await page.goto(served.origin);
      const other = await page.context().newPage();
      await other.goto(`${served.origin}/targets`);

      await other.getByLabel('You are').selectOption('chiara');
      await other.locator('body[data-as=chiara]').waitFor();
      built.world.changed();
      await page.locator('body[data-as=chiara]').waitFor();

      expect(await page.getByLabel('You are').inputValue()).toBe('chiara');
    });

    it.each(['/', '/targets', '/deployments', '/deployments/D-1045', '/deployments/D-1047', '/help'])(
      'fits a phone: %s',
      async (path) => {
        const phone = await newPage({ viewport: { width: 360, height: 740 } });

        await phone.goto(served.origin + path);

        const width = await phone.locator('html').evaluate((root: { scrollWidth: number }) => root.scrollWidth);
        expect(width).toBe(360);
        await phone.context().close();
      },
    );

    it.each(['/', '/deployments', '/dora', '/evidence', '/me', '/help'])(
      'shows on a phone which page it is: %s',
      async (path) => {
        const phone = await newPage({ viewport: { width: 320, height: 740 } });
        await phone.goto(served.origin + path);

        const row = await phone.getByRole('navigation', { name: 'Pages', exact: true }).boundingBox();
        const tab = await phone.locator('nav[aria-label=Pages] [aria-current]').boundingBox();
        expect(tab?.x).toBeGreaterThanOrEqual(row?.x ?? Number.NaN);
        expect((tab?.x ?? 0) + (tab?.width ?? 0)).toBeLessThanOrEqual((row?.x ?? 0) + (row?.width ?? 0));
        await phone.context().close();
      },
    );

    it('takes commands, presses and questions without a script', async () => {
      const bare = await newPage({ javaScriptEnabled: false });
      await bare.goto(served.origin);

      await bare.getByLabel('/deploy').fill('status');
      await bare.getByRole('button', { name: 'Send' }).last().click();
      await bare.getByText('Heard: {"kind":"text","text":"status"}').waitFor();
      await bare.locator('summary', { hasText: 'Reject' }).click();
      await bare.getByLabel('What should change?').fill('Split it');
      await bare.getByRole('button', { name: 'Reject' }).click();
      await bare.getByText('"answer":"Split it"').waitFor();

      expect(built.world.heard.map(({ input }) => input.kind)).toEqual(['text', 'button']);
      await bare.context().close();
    });

    it('comes back by itself when the connection was cut', async () => {
      await page.goto(served.origin);
      const port = Number(new URL(served.origin).port);
      await served.close();
      await built.chat.post(DEPLOYS, {
        key: 'news',
        revision: 1,
        announcement: note('good', ['Missed you'], 'Missed you.'),
      });

      served = await serveRoutes(built.routes, port);
      await page.getByText('Missed you').first().waitFor({ timeout: 15_000 });

      faults = faults.filter((fault) => !fault.includes('ERR_'));
    });
  },
);
