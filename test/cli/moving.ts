import { Command } from 'commander';
import { addBackupCommand } from '../../bin/commands/backup.ts';
import type { CommandIo } from '../../bin/commands/io.ts';
import { addMigrateCommand } from '../../bin/commands/migrate.ts';
import { addRestoredCommand } from '../../bin/commands/restored.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { Ran } from './cli-under-test.ts';

/** Runs `backup`, `restored` or `migrate` as the programme would. */
export function moving(...line: readonly string[]): Promise<Ran> {
  return movingAt(systemClock(), ...line);
}

/** The same at another time. */
export async function movingAt(clock: Clock, ...line: readonly string[]): Promise<Ran> {
  const said = { out: '', err: '', code: undefined as number | undefined };
  const io: CommandIo = {
    out(text) {
      said.out += text;
    },
    err(text) {
      said.err += text;
    },
    exit(code) {
      said.code = code;
    },
  };
  const program = new Command('countersign');
  addBackupCommand(program, io);
  addRestoredCommand(program, io, clock);
  addMigrateCommand(program, io);
  await program.parseAsync([...line], { from: 'user' });
  return said;
}
