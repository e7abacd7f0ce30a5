import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEN, repository, type TestRepository } from '../source/git-repository.ts';
import { noBrowser, openBrowser } from '../support/browser.ts';
import { NO_SERVER, type OwnDatabase, ownDatabase, TEST_SERVER } from '../support/postgres.ts';
import { type Running, startProgram } from '../support/program.ts';
import { threeOfOne } from '../support/three-of-one.ts';

/** Set to a folder to keep pictures of every scene. */
const PICTURES = process.env['COUNTERSIGN_PICTURES'];
const SLOW = 90_000;
const LACK = noBrowser ?? (TEST_SERVER === undefined ? NO_SERVER : undefined);

describe.skipIf(LACK !== undefined)(
  `three instances in three browsers${LACK === undefined ? '' : ` (${LACK})`}`,
  () => {
    const data = mkdtempSync(join(tmpdir(), 'countersign-several-'));
    let browser: Browser;
    let database: OwnDatabase;
    let shop: TestRepository;
    let programs: readonly Running[] = [];

    beforeAll(async () => {
      shop = repository();
      shop.commit('Begin the shop', { author: BEN });
      [browser, database] = await Promise.all([openBrowser(), ownDatabase(TEST_SERVER ?? '')]);
      const file = join(data, 'countersign.yaml');
      writeFileSync(file, threeOfOne(database.url, shop.folder));
      // Runs of commands lie in the data folder, so instances of one machine share it.
      programs = await Promise.all([1, 2, 3].map(() => startProgram({ data, more: ['--config', file] })));
    }, SLOW);
    afterAll(async () => {
      await browser.close();
      await Promise.all(programs.map((program) => program.stop()));
      await database.drop();
      shop.remove();
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }, SLOW);

    /** Somebody at the pages of one of the instances. */
    async function at(instance: number, name: RegExp, channel: string): Promise<Page> {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(programs[instance]?.url ?? '');
      const label = await page.locator('#who option').filter({ hasText: name }).innerText();
      await Promise.all([page.waitForEvent('load'), page.locator('#who').selectOption({ label })]);
      await page.getByRole('link', { name: channel }).first().click();
      return page;
    }

    /** Waits until the card of somebody's open channel says this word about itself. */
    async function turned(page: Page, word: string): Promise<void> {
      await page.locator('article.message:not(.note) .pill').filter({ hasText: word }).first().waitFor();
    }

    async function picture(page: Page, name: string): Promise<void> {
      if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
    }

    it(
      'show everybody everything at once, whoever asks and approves where, also when one of them dies',
      async () => {
        const anna = await at(0, /Anna/, '#deploys');
        const cleo = await at(1, /Cleo/, '#deploys');
        const sam = await at(2, /Sam/, '#news');

        await anna.locator('#box').fill('/deploy web production --reason "Faster checkout"');
        await anna.getByRole('button', { name: 'Send' }).last().click();
        await turned(cleo, 'Needs approval');
        await picture(cleo, 'several-1-another-instance-asks');

        const card = cleo.locator('article.message:not(.note)').filter({ hasText: 'D-1 ·' }).first();
        await card.getByText('Approve', { exact: true }).first().click();
        await cleo.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
        await programs[0]?.kill();
        await turned(cleo, 'Deployed');
        await turned(sam, 'Done');
        await picture(cleo, 'several-2-one-died');
        await picture(sam, 'several-3-a-third-tells');

        expect(await cleo.locator('article.message:not(.note)').filter({ hasText: 'D-1 ·' }).count()).toBe(1);
      },
      SLOW,
    );
  },
);
