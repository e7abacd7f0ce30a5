import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAuditCommands } from './commands/audit.ts';
import { addBackupCommand } from './commands/backup.ts';
import { addConfigCommands } from './commands/config.ts';
import { addEvidenceCommand } from './commands/evidence.ts';
import { terminal } from './commands/io.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addRestoredCommand } from './commands/restored.ts';
import { addStartCommand } from './commands/start.ts';
import { addTeamsCommands } from './commands/teams.ts';
import { configurationParts } from './parts.ts';
import { installedPrint, installedSigning, openInstalled } from './stored.ts';

/** The version of this programme, from its own package. */
export function version(): string {
  const { version: own } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return own;
}

/** The command line. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('countersign')
    .description("Deployments from chat that need a second person's word.")
    .version(version());
  addStartCommand(program, version(), terminal);
  addConfigCommands(program, configurationParts(), terminal);
  addAuditCommands(program, { openStore: openInstalled, signing: installedSigning }, terminal);
  addEvidenceCommand(program, { openStore: openInstalled, print: installedPrint }, terminal);
  addBackupCommand(program, terminal);
  addRestoredCommand(program, terminal);
  addMigrateCommand(program, terminal);
  addTeamsCommands(program, configurationParts(), version(), terminal);
  await program.parseAsync([...argv]);
}
