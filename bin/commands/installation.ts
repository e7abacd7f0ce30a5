import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Configuration } from '../../src/config/schema.ts';
import { referredSecrets } from '../../src/config/secrets.ts';
import type { Secrets } from '../../src/ports/secrets.ts';
import { databaseOf } from '../build.ts';
import { configurationParts } from '../parts.ts';
import { CONFIGURATION_FILE } from './config.ts';

/** Where everything is kept when nobody says. */
export const DATA_FOLDER = '.countersign';

/** Where an installation is, as it was said on the command line. */
export interface Installation {
  readonly config: string;
  readonly data: string;
}

/** The options that say which installation is meant. */
export function withInstallation(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration file', CONFIGURATION_FILE)
    .option('--data <folder>', 'the data folder', DATA_FOLDER);
}

/** The configuration of an installation, and how its secrets are read. */
export interface Configured {
  readonly configuration: Configuration;
  readonly secrets: Secrets;
}

/** What the configuration file says; nothing while there is none under the usual name. Throws with a plain sentence. */
export async function configured(wish: Installation): Promise<Configured | undefined> {
  if (!existsSync(wish.config)) {
    if (wish.config === CONFIGURATION_FILE) return undefined;
    throw new Error(`${wish.config} cannot be read. Name the configuration with --config.`);
  }
  const loaded = loadConfiguration(await readFile(wish.config, 'utf8'), wish.config, configurationParts());
  if (!loaded.ok) throw new Error(`${wish.config} has faults. \`config check\` names them; mend them first.`);
  return { configuration: loaded.configuration, secrets: referredSecrets(dirname(resolve(wish.config))) };
}

/** The database that the configuration names, else the file in the data folder. Throws with a plain sentence. */
export async function installedDatabase(wish: Installation): Promise<string> {
  const dataFolder = resolve(wish.data);
  const found = await configured(wish);
  if (found === undefined) return join(dataFolder, 'countersign.db');
  return databaseOf(found.configuration, { secrets: found.secrets, dataFolder });
}

/** The file of an installation on SQLite. Says so when there is none, instead of making an empty one. */
export function existing(path: string): string {
  if (existsSync(path)) return path;
  throw new Error(
    `There is no database ${path}. Name the data folder with --data, or the configuration with --config.`,
  );
}
