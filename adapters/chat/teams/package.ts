import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';

const FOLDER = join(import.meta.dirname, 'app');
const ICONS = ['color.png', 'outline.png'] as const;

/**
 * The package that Teams takes: the manifest and both icons, at the top of a zip. The same manifest gives the same bytes.
 * @throws an error of the file system when an icon cannot be read
 */
export async function teamsPackage(manifest: object): Promise<Uint8Array> {
  const icons = await Promise.all(ICONS.map(async (name) => [name, await readFile(join(FOLDER, name))] as const));
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  // A zip keeps local time, so a local date is the same bytes in every time zone.
  const mtime = new Date(1980, 0, 1);
  return zipSync({ 'manifest.json': strToU8(text), ...Object.fromEntries(icons) }, { mtime, level: 9 });
}
