import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { configurationJsonSchema } from '../../src/config/json-schema.ts';
import { type Fault, faultText, loadConfiguration } from '../../src/config/load.ts';
import type { ConfigurationParts } from '../../src/config/schema.ts';
import type { LoadedWhole } from '../../src/config/watch.ts';
import { counted } from '../../src/domain/text.ts';
import { type CommandIo, ended } from './io.ts';

/** Where the configuration is looked for when nobody says. */
export const CONFIGURATION_FILE = 'countersign.yaml';

/** `config check` and `config schema`. */
export function addConfigCommands(program: Command, parts: ConfigurationParts, io: CommandIo): void {
  const config = program.command('config').description('Look at the configuration without starting.');
  config
    .command('check')
    .description('Read the configuration and name everything that is the matter with it.')
    .option('--file <path>', 'the configuration file', CONFIGURATION_FILE)
    .action((options: { file: string }) => ended(io, () => checkConfig(options.file, parts, io)));
  config
    .command('schema')
    .description('Print the JSON Schema of the configuration.')
    .action(() => ended(io, async () => printSchema(parts, io)));
}

/** Exit code 0: without faults; 1: with faults, each on a line of its own. */
async function checkConfig(file: string, parts: ConfigurationParts, io: CommandIo): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Error(`${file} cannot be read (${code}). Name the file with --file, or copy countersign.example.yaml.`);
  });
  const loaded = loadConfiguration(text, file, parts);
  if (!loaded.ok) {
    print(file, '', loaded.faults, io);
    io.err(`${counted(loaded.faults.length, 'fault')}. Countersign would not start with this file.\n`);
    return 1;
  }
  print(file, 'warning: ', loaded.warnings, io);
  io.out(`${summary(loaded)}\n`);
  return 0;
}

function printSchema(parts: ConfigurationParts, io: CommandIo): number {
  io.out(`${JSON.stringify(configurationJsonSchema(parts), null, 2)}\n`);
  return 0;
}

function print(file: string, kind: string, faults: readonly Fault[], io: CommandIo): void {
  for (const fault of faults) io.err(`${kind}${faultText(file, fault)}\n`);
}

function summary({ catalog, configuration }: LoadedWhole): string {
  const targets = Object.values(catalog.services).flatMap((service) => Object.keys(service.targets));
  const chats = Object.keys(configuration.chats);
  const counts = [
    counted(Object.keys(catalog.services).length, 'service'),
    counted(targets.length, 'target'),
    counted(Object.keys(catalog.environments).length, 'environment'),
    counted(catalog.people.all.length, 'person', 'people'),
    counted(Object.keys(catalog.groups).length, 'group'),
  ];
  const chat = chats.length === 0 ? 'console only' : chats.join(', ');
  return `The configuration is good: ${counts.join(', ')}; chat: ${chat}.\nVersion ${catalog.version}`;
}
