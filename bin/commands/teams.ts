import { readFile, writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { teamsManifest } from '../../adapters/chat/teams/manifest.ts';
import { teamsPackage } from '../../adapters/chat/teams/package.ts';
import type { TeamsSettings } from '../../adapters/chat/teams/schema.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Configuration, ConfigurationParts } from '../../src/config/schema.ts';
import { manifestCommands } from '../generated/specs.ts';
import { CONFIGURATION_FILE } from './config.ts';
import { type CommandIo, ended } from './io.ts';

interface PackageWish {
  readonly config: string;
  readonly out: string;
  readonly appVersion: string;
}

/** `teams package`: what a Teams administrator uploads. */
export function addTeamsCommands(program: Command, parts: ConfigurationParts, version: string, io: CommandIo): void {
  const teams = program.command('teams').description('Set up Microsoft Teams.');
  teams
    .command('package')
    .description('Write the app package for Teams from the configuration.')
    .option('--config <file>', 'the configuration file', CONFIGURATION_FILE)
    .option('--out <file>', 'the package', 'countersign-teams.zip')
    .option(
      '--app-version <version>',
      'version of the app; must grow whenever the package changes',
      readVersion,
      version,
    )
    .action((wish: PackageWish) => ended(io, () => writePackage(wish, parts, io)));
}

async function writePackage(wish: PackageWish, parts: ConfigurationParts, io: CommandIo): Promise<number> {
  const configuration = await configured(wish.config, parts);
  const teams = configuration.chats['teams'] as TeamsSettings | undefined;
  if (teams === undefined) {
    throw new Error(
      `${wish.config} has no chat "teams". Write its appId and tenant under \`chats: teams:\`; the README says where to find them.`,
    );
  }
  const { name, command, baseUrl } = configuration;
  const { appId } = teams;
  const commands = manifestCommands();
  const version = wish.appVersion;
  const manifest = teamsManifest({ appId, name, command, commands, version, websiteUrl: baseUrl });
  await writeFile(wish.out, await teamsPackage(manifest)).catch((error: unknown) => {
    throw new Error(`${wish.out} cannot be written (${codeOf(error)}). Name another file with --out.`);
  });
  io.out(`${wish.out}: the app "${name}" ${version} with the id ${appId}\n`);
  io.err(nextSteps(baseUrl));
  return 0;
}

async function configured(file: string, parts: ConfigurationParts): Promise<Configuration> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`${file} cannot be read (${codeOf(error)}). Name the configuration with --config.`);
  });
  const loaded = loadConfiguration(text, file, parts);
  if (!loaded.ok) throw new Error(`${file} has faults. \`config check\` names them; mend them first.`);
  return loaded.configuration;
}

function nextSteps(baseUrl: string | undefined): string {
  const isPublic = baseUrl?.startsWith('https://') === true;
  return [
    'Next:',
    `  1. The messaging endpoint of the Azure bot is ${isPublic ? baseUrl : 'https://<your address>'}/api/messages, and its channel Microsoft Teams is on.`,
    '  2. Upload the file: in the Teams admin center under Teams apps > Manage apps > Actions > Upload new app,',
    '     or for yourself in Teams under Apps > Manage your apps > Upload an app.',
    '  3. Add the app to every team and group chat that `announce` names, and to everybody who asks or approves.',
    'Teams takes a changed package for the same app only with a greater --app-version.',
    ...(isPublic ? [] : ["The links in the app's details lead nowhere: they need a baseUrl with https."]),
    '',
  ].join('\n');
}

function readVersion(text: string): string {
  if (!/^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}$/.test(text)) {
    throw new InvalidArgumentError('Write three numbers, e.g. 1.2.0.');
  }
  return text;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
