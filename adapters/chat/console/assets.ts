import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/**
 * The console's own scripts and styles. The version is in their address, so they may be kept for ever and are never stale. Asked for
 * under another version, by a page of an older or newer instance beside this one, they are served as they are here, and not kept.
 */
export interface Assets {
  /** Where they are, without a slash at the end. */
  readonly base: string;
  get(request: Request): Response;
}

const PREFIX = '/console/assets';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export async function loadAssets(folder = join(import.meta.dirname, 'assets')): Promise<Assets> {
  const names = (await readdir(folder)).filter((name) => Object.hasOwn(TYPES, extname(name))).sort();
  const files = new Map<string, Buffer>();
  const hash = createHash('sha256');
  for (const name of names) {
    const content = await readFile(join(folder, name));
    files.set(name, content);
    hash.update(name).update(content);
  }
  const base = `${PREFIX}/${hash.digest('hex').slice(0, 12)}`;

  return {
    base,
    get: (request) => {
      const { pathname } = new URL(request.url);
      const [version, name = ''] = pathname.slice(PREFIX.length + 1).split('/');
      const content = files.get(name);
      if (content === undefined) return new Response('Not found.\n', { status: 404 });
      const headers = {
        'content-type': TYPES[extname(name)] ?? '',
        'cache-control': `${PREFIX}/${version}` === base ? 'public, max-age=31536000, immutable' : 'no-store',
      };
      return new Response(new Uint8Array(content), { headers });
    },
  };
}
