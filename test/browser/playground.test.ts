import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser, openBrowser } from '../support/browser.ts';
import { noPlayground } from '../support/playground.ts';
import { type PlaygroundDemo, startPlaygroundDemo } from '../support/playground-demo.ts';
import { openPlaygroundPage, type PlaygroundPage } from '../support/playground-page.ts';

/** Set to a folder to keep pictures of every scene. */
const PICTURES = process.env['COUNTERSIGN_PICTURES'];
const SLOW = 90_000;
const missing = noBrowser ?? noPlayground;

describe.skipIf(missing !== undefined)(
  `the demo in the Microsoft 365 Agents Playground${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    const data = mkdtempSync(join(tmpdir(), 'countersign-teams-'));
    let browser: Browser;
    let demo: PlaygroundDemo;
    let page: PlaygroundPage;

    beforeAll(async () => {
      [browser, demo] = await Promise.all([openBrowser(), startPlaygroundDemo(data)]);
      page = await openPlaygroundPage(browser, demo.playground.url);
      await page.go('deploys');
    }, SLOW);
    afterAll(async () => {
      await browser?.close();
      await demo?.close();
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }, SLOW);

    const button = (id: string, label: string) =>
      page.card(`${id} ·`).getByRole('button', { name: label, exact: true });

    async function turned(id: string, word: string, timeout = 15_000): Promise<void> {
      await page.card(new RegExp(`${word} · .*${id} ·`, 's')).waitFor({ timeout });
    }

    async function approveAs(name: string, id: string): Promise<void> {
      await page.be(name);
      await button(id, 'Approve').waitFor();
      await page.press(page.card(`${id} ·`), 'Approve');
      await page.press(page.card('Customers will get it'), 'Approve');
    }

    async function picture(name: string): Promise<void> {
      if (PICTURES !== undefined) await page.picture(join(PICTURES, `teams-${name}.png`));
    }

    it(
      'asks by the form, which comes back with what is missing',
      async () => {
        await page.be('Anna Lind');
        await page.say('deploy');
        await page.press(page.card('Request a deployment'), 'Open Form');
        const form = page.card('Dialog "New deployment"');
        await page.fill(form, 'Service', 'Demo shop');
        await page.fill(form, 'Environment', 'production');
        await page.press(form, 'Request Deployment');
        await form.getByText('needs a reason').waitFor();
        await picture('1-form');
        await page.fill(form, 'Reason', 'First look');
        await page.press(form, 'Request Deployment');

        await turned('D-1', 'Needs approval');
        await picture('2-needs-approval');
        expect(await page.words()).toContain('Asked for by Anna Lind: First look');
      },
      SLOW,
    );

    it(
      'shows Approve to nobody but those who may, refuses whoever tries all the same, and deploys',
      async () => {
        expect(await button('D-1', 'Approve').count()).toBe(0);
        await page.be('Ben Okafor');
        expect(await button('D-1', 'Approve').count()).toBe(0);
        await page.say('approve D-1');
        await page.card('you had a hand in it').waitFor();
        await picture('3-refused');
        await approveAs('Cleo Martin', 'D-1');
        await turned('D-1', 'Deploying');
        await picture('4-deploying');
        await turned('D-1', 'Deployed', 60_000);
        await picture('5-deployed');

        expect((await fetch(await page.follow(page.card('D-1 ·'), 'Open Application'))).status).toBe(200);
      },
      SLOW,
    );

    it(
      'asks from the box in which one writes, and is rejected with a reason',
      async () => {
        await page.be('Anna Lind');
        const form = await page.compose();
        await page.fill(form, 'Service', 'Demo shop');
        await page.fill(form, 'Environment', 'production');
        await page.fill(form, 'Or any branch, tag or commit', 'v1.1.0');
        await page.fill(form, 'Reason', 'Older one');
        await page.send(form, 'Request Deployment');
        await turned('D-2', 'Needs approval');
        await page.be('Cleo Martin');
        await page.press(page.card('D-2 ·'), 'Reject');
        const asked = page.card('Dialog "');
        await picture('6-why');
        await page.fill(asked, 'What should change?', 'Not before the sale');
        await page.press(asked, 'Reject');

        await turned('D-2', 'Rejected');
        await picture('7-rejected');
        expect(await page.card('D-2 ·').innerText()).toContain('Not before the sale');
      },
      SLOW,
    );

    it(
      'brings the former version back, and says so to whoever asks alone',
      async () => {
        await page.be('Anna Lind');
        await page.say('deploy shop@v1.1.0 production --reason "Older one"');
        await turned('D-3', 'Needs approval');
        await approveAs('Cleo Martin', 'D-3');
        await turned('D-3', 'Deployed', 60_000);
        await page.be('Dana Ito');
        await page.press(page.card('D-3 ·'), 'Roll Back');
        const asked = page.card('Dialog "Roll back"');
        await page.fill(asked, 'Why?', 'Only trying');
        await picture('8-roll-back');
        await page.press(asked, 'Roll Back');

        await turned('D-4', 'Rollback: Deployed', 60_000);
        await turned('D-3', 'Rolled back');
        await picture('9-rolled-back');
        await page.go('personal');
        await page.say('status shop');
        await page.card('locked by Dana').waitFor();
        await picture('10-personal');
      },
      SLOW * 2,
    );

    it(
      'tells everybody in plain words, and a stranger that nobody knows who they are',
      async () => {
        await page.go('general');
        await page.card('the new version was taken back').waitFor();
        await picture('11-everybody');
        const words = await page.words();
        await page.go('group');
        await page.be('Zoe Winter');
        await page.say('deploy shop production --reason "Let me"');
        await page.card('Only Zoe Winter can see this').waitFor();
        await picture('12-stranger');

        expect(words).not.toMatch(/\b[0-9a-f]{7,40}\b/);
      },
      SLOW,
    );
  },
);
