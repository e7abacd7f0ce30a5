import { dirname, join, resolve } from 'node:path';
import { referredSecrets } from '../../src/config/secrets.ts';
import { isServer } from '../../src/store/open.ts';
import { type Installation, installedDatabase } from './installation.ts';

/**
 * A database as it is named on the command line: `sqlite` is the data folder's file, `postgres` the configured server, `env:NAME` and
 * `file:path` refer to an address, everything else is one. Throws with a plain sentence.
 */
export async function addressOf(word: string, wish: Installation): Promise<string> {
  if (word === 'sqlite') return join(resolve(wish.data), 'countersign.db');
  if (/^(env|file):/.test(word)) return (await referredSecrets(dirname(resolve(wish.config))).read(word)).trim();
  if (word !== 'postgres') return isServer(word) ? word : resolve(word);
  const database = await installedDatabase(wish);
  if (isServer(database)) return database;
  throw new Error(
    `\`postgres\` means the server under \`database:\` in ${wish.config}, and there is none. Write it there, or name it: env:DATABASE_URL.`,
  );
}
