import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { EvidenceWish } from '../src/config/evidence-schema.ts';
import { checkFont } from '../src/evidence/pdf/index.ts';
import type { PdfFont } from '../src/ports/print.ts';

/**
 * The font that evidence is printed in, where the configuration names one.
 * @param home the folder of the configuration
 * @throws an error in words for people when it cannot be read or is none
 */
export async function printFont(wish: EvidenceWish | undefined, home: string): Promise<{ readonly font?: PdfFont }> {
  if (wish === undefined) return {};
  const regular = await faceIn(resolve(home, wish.font), 'evidence.font');
  const font =
    wish.boldFont === undefined
      ? { regular }
      : { regular, bold: await faceIn(resolve(home, wish.boldFont), 'evidence.boldFont') };
  checkFont(font);
  return { font };
}

async function faceIn(path: string, key: string): Promise<Uint8Array> {
  return await readFile(path).catch((cause: unknown) => {
    throw new Error(`The font ${path} cannot be read. Correct \`${key}\` of the configuration, or leave it out.`, {
      cause,
    });
  });
}
