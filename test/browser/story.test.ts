import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser, openBrowser } from '../support/browser.ts';
import { type Running, runCommand, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

/** Set to a folder to keep pictures of every scene. */
const PICTURES = process.env['COUNTERSIGN_PICTURES'];
const SLOW = 90_000;

describe.skipIf(noBrowser !== undefined)(
  `the demo in a browser${noBrowser === undefined ? '' : ` (${noBrowser})`}`,
  () => {
    const data = mkdtempSync(join(tmpdir(), 'countersign-story-'));
    let browser: Browser;
    let program: Running;
    let page: Page;

    beforeAll(async () => {
      [browser, program] = await Promise.all([openBrowser(), startProgram({ data })]);
      page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
      page.setDefaultTimeout(10_000);
      await page.goto(program.url);
    }, SLOW);
    afterAll(async () => {
      await browser.close();
      await program.stop();
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }, SLOW);

    async function be(name: RegExp): Promise<void> {
      const label = await page.locator('#who option').filter({ hasText: name }).innerText();
      await Promise.all([page.waitForEvent('load'), page.locator('#who').selectOption({ label })]);
    }

    async function say(line: string): Promise<void> {
      await page.locator('#box').fill(line);
      await page.getByRole('button', { name: 'Send' }).last().click();
    }

    /** The card of a deployment in the open channel. */
    function card(id: string) {
      return page
        .locator('article.message:not(.note)')
        .filter({ hasText: `${id} ·` })
        .first();
    }

    async function turned(id: string, word: string, timeout = 10_000): Promise<void> {
      await card(id).locator('.pill').first().filter({ hasText: word }).waitFor({ timeout });
    }

    async function picture(name: string): Promise<void> {
      if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: false });
    }

    async function approveAs(name: RegExp, id: string): Promise<void> {
      await be(name);
      await card(id).getByText('Approve', { exact: true }).first().click();
      await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    }

    async function addressOfProduction(): Promise<string> {
      const link = card('D-1').getByRole('link', { name: 'Open Application' });
      return (await link.getAttribute('href')) ?? '';
    }

    it(
      'refuses the requester and an author, takes another, and deploys',
      async () => {
        await be(/Anna/);
        await say('/deploy shop production --reason "First look"');
        await turned('D-1', 'Needs approval');
        await card('D-1').evaluate((element) => element.scrollIntoView({ block: 'start' }));
        await picture('1-needs-approval');

        await approveAs(/Anna/, 'D-1');
        await page.getByText('You asked for this deployment').first().waitFor();
        await picture('2-requester-refused');
        await approveAs(/Ben/, 'D-1');
        await page.getByText('you had a hand in it').first().waitFor();
        await approveAs(/Cleo/, 'D-1');
        await turned('D-1', 'Deploying');
        await picture('3-deploying');
        await card('D-1').getByRole('link', { name: 'Open Application' }).waitFor({ timeout: 60_000 });
        await picture('4-deployed');

        const shop = await fetch(await addressOfProduction());
        expect(shop.status).toBe(200);
      },
      SLOW,
    );

    it(
      'leaves what runs alone when the tests fail, and when the health check fails',
      async () => {
        const before = await (await fetch(await addressOfProduction())).text();
        for (const [index, ref] of ['feature/broken-tests', 'feature/broken-health'].entries()) {
          const id = `D-${index + 2}`;
          await be(/Anna/);
          await say(`/deploy shop@${ref} production --reason "What if"`);
          await turned(id, 'Needs approval');
          await approveAs(/Cleo/, id);
          await turned(id, 'Failed', 60_000);
        }
        await picture('5-failed');

        expect(await (await fetch(await addressOfProduction())).text()).toBe(before);
      },
      SLOW * 2,
    );

    it(
      'brings the former version back, locks the target, and tells support in plain words',
      async () => {
        await be(/Anna/);
        await say('/deploy shop@v1.1.0 production --reason "Older one"');
        await turned('D-4', 'Needs approval');
        await approveAs(/Cleo/, 'D-4');
        await card('D-4').getByRole('link', { name: 'Open Application' }).waitFor({ timeout: 60_000 });

        await be(/Dana/);
        await say('/deploy rollback shop production --reason "Only trying"');
        await turned('D-5', 'Rollback: Deployed', 60_000);
        await turned('D-4', 'Rolled back');
        await say('/deploy shop production --reason "Too early"');
        await page.getByText('is locked by Dana').first().waitFor();
        await picture('6-rolled-back');
        await be(/Sam/);
        await page.getByRole('link', { name: '#announcements' }).click();
        await page.getByText('the new version was taken back').first().waitFor();
        await picture('7-announcements');

        const words = await page.locator('main').innerText();
        expect(words).not.toMatch(/\b[0-9a-f]{7,40}\b/);
      },
      SLOW * 2,
    );

    it(
      'shows what runs where, every deployment, and one with its timeline',
      async () => {
        await page.goto(`${program.url}/targets`);
        await page.getByText('locked').first().waitFor();
        await picture('8-targets');
        await page.goto(`${program.url}/deployments`);
        await picture('9-deployments');
        await page.goto(`${program.url}/deployments/D-1`);
        await page.getByText('Health check').first().waitFor();
        await picture('10-deployment');

        expect(await page.locator('main').innerText()).toContain('Tried to approve and may not');
      },
      SLOW,
    );

    it(
      'is killed and started again without losing or doubling anything',
      async () => {
        const port = Number(new URL(program.url).port);
        await program.kill();
        program = await startProgram({ data, port });
        await page.goto(program.url);

        const heads = await page.locator('article.message:not(.note)').filter({ hasText: 'D-1 ·' }).count();

        expect(heads).toBe(1);
      },
      SLOW,
    );

    it(
      'verifies its log, and names an entry of which one byte was changed',
      async () => {
        const whole = await runCommand('audit', 'verify', '--data', data);
        await program.stop();
        const db = new Database(join(data, 'countersign.db'));
        for (const { name } of db
          .prepare("select name from sqlite_master where type = 'trigger' and tbl_name = 'events'")
          .all() as { name: string }[])
          db.exec(`DROP TRIGGER "${name}"`);
        db.prepare("update events set text = replace(text, 'First look', 'Worst look') where seq = 3").run();
        db.close();

        const broken = await until('verify', () => runCommand('audit', 'verify', '--data', data), SLOW);

        expect(whole.code).toBe(0);
        expect(broken.code).toBe(1);
        expect(broken.text).toMatch(/\b3\b.*deployment:D-1|deployment:D-1.*\b3\b/s);
        program = await startProgram({ data });
      },
      SLOW,
    );
  },
);
