import type { Browser, FrameLocator, Locator } from 'playwright-core';
import { BOT_NAME, ROOM_NAMES } from './playground-cast.ts';

/** The Playground as somebody in front of it uses it. */
export interface PlaygroundPage {
  /** Goes to a channel or chat. */
  go(room: keyof typeof ROOM_NAMES): Promise<void>;
  /** Somebody else sits down. */
  be(name: string): Promise<void>;
  /** Writes to the bot, where one is: in a channel a new post, with the bot's mention where it needs one. */
  say(words: string): Promise<void>;
  /** Opens the dialog of the app's action from the box in which one writes. */
  compose(): Promise<Locator>;
  /** Sends that dialog; what it says then is closed, which the Playground shows empty. */
  send(dialog: Locator, label: string): Promise<void>;
  /** The card that holds these words; of several the last on the page. */
  card(words: string | RegExp): Locator;
  /** Presses a button of a card; one that is behind "..." is found there. */
  press(card: Locator, label: string): Promise<void>;
  /** Fills in a field of a card by its label: writes, or chooses. */
  fill(card: Locator, label: string, value: string): Promise<void>;
  /** Where a link of a card leads. */
  follow(card: Locator, label: string): Promise<string>;
  /** The whole page as it is read. */
  words(): Promise<string>;
  picture(path: string): Promise<void>;
}

/** Opens the page that `startPlayground` names. */
export async function openPlaygroundPage(browser: Browser, url: string): Promise<PlaygroundPage> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1600 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(url);
  const frame = page.frameLocator('iframe');
  await frame.getByText('Connected.').waitFor();
  await frame.getByRole('button', { name: 'Hide log panel' }).click();
  let room: keyof typeof ROOM_NAMES = 'personal';

  return {
    async go(to) {
      room = to;
      await frame.getByRole('treeitem', { name: ROOM_NAMES[to] }).click();
      await composer(frame).waitFor();
    },
    async be(name) {
      const done = page.waitForResponse((response) => response.url().endsWith('/seat'));
      await page.getByLabel('You act as').selectOption({ label: name });
      await done;
    },
    async say(words) {
      await composer(frame).click();
      if (room !== 'personal') await mention(frame, page.keyboard);
      await page.keyboard.type(room === 'personal' ? words : ` ${words}`);
      await frame
        .getByRole('button', { name: /^(Post|Send Message)$/ })
        .first()
        .click();
    },
    async compose() {
      await frame.getByRole('button', { name: 'Trigger Message Extension App' }).first().click();
      await frame.getByRole('menuitem', { name: 'Action Command' }).click();
      const dialog = frame.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Command ID' }).fill('deploy');
      await dialog.getByRole('button', { name: 'Create' }).click();
      return dialog;
    },
    async send(dialog, label) {
      const button = dialog.getByRole('button', { name: label });
      await button.click();
      await button.waitFor({ state: 'detached' });
      const close = dialog.getByRole('button', { name: 'Close' });
      if (await close.isVisible()) await close.click();
      await dialog.waitFor({ state: 'detached' });
    },
    card: (words) => frame.locator('.ac-adaptiveCard').filter({ hasText: words }).last(),
    async press(card, label) {
      const button = card.getByRole('button', { name: label, exact: true });
      const more = card.getByRole('button', { name: 'More options' });
      if (!(await button.last().isVisible()) && (await more.isVisible())) {
        await more.click();
        return frame.getByRole('menuitem', { name: label, exact: true }).click();
      }
      await button.last().click();
    },
    async fill(card, label, value) {
      const field = card.getByLabel(label);
      if ((await field.first().getAttribute('role')) !== 'combobox') return field.first().fill(value);
      await field.first().click();
      await frame.getByRole('option', { name: value }).first().click();
    },
    async follow(card, label) {
      const opened = context.waitForEvent('page');
      await card
        .getByRole('link', { name: label })
        .or(card.getByRole('button', { name: label }))
        .first()
        .click();
      const other = await opened;
      await other.waitForLoadState();
      const url = other.url();
      await other.close();
      return url;
    },
    words: () => frame.locator('body').innerText(),
    picture: async (path) => void (await page.screenshot({ path })),
  };
}

/** Where one writes: in a channel the first box begins a post, those below answer. */
function composer(frame: FrameLocator): Locator {
  return frame.locator('[contenteditable=true]').first();
}

/** A mention is chosen from the list that "@" opens; typed words are none. */
async function mention(frame: FrameLocator, keyboard: { type(text: string): Promise<void> }): Promise<void> {
  await keyboard.type('@');
  const named = { name: BOT_NAME };
  await frame.getByRole('option', named).or(frame.getByRole('menuitem', named)).first().click();
}
