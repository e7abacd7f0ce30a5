import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** Why browser tests cannot run here; nothing when they can. */
export const noBrowser: string | undefined =
  CHROMIUM === undefined ? 'there is no Chromium on this machine (Debian: apt-get install chromium)' : undefined;

/** A real headless browser that talks to nobody but the pages under test. */
export async function openBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(`No browser: ${noBrowser}`);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
