import { Command } from 'commander';
import { addBackupCommand } from '../../bin/commands/backup.ts';
import { addMigrateCommand } from '../../bin/commands/migrate.ts';
import { addRestoredCommand } from '../../bin/commands/restored.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { systemClock } from '../../src/system/clock.ts';
import { heard, type Ran } from './cli-under-test.ts';

/** Runs `backup`, `restored` or `migrate` as the programme would. */
export function moving(...line: readonly string[]): Promise<Ran> {
  return movingAt(systemClock(), ...line);
}

/** The same at another time. */
export async function movingAt(clock: Clock, ...line: readonly string[]): Promise<Ran> {
  const { said, io } = heard();
  const program = new Command('countersign');
  addBackupCommand(program, io);
  addRestoredCommand(program, io, clock);
  addMigrateCommand(program, io);
  await program.parseAsync([...line], { from: 'user' });
  return said;
}
