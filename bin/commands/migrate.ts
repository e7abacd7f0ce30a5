import type { Command } from 'commander';
import { isServer } from '../../src/store/open.ts';
import { openTransfer, plainName } from '../../src/store/open-transfer.ts';
import { isMoved, type Moved, move, TRANSFER_TABLES, type Transfer } from '../../src/store/transfer.ts';
import { systemClock } from '../../src/system/clock.ts';
import { existing, type Installation, withInstallation } from './installation.ts';
import { type CommandIo, ended } from './io.ts';
import { addressOf } from './migrate-address.ts';
import { meter } from './migrate-meter.ts';

interface MigrateWish extends Installation {
  readonly from?: string;
  readonly to?: string;
  readonly undo?: string;
}

const WORDS = '`sqlite`, `postgres`, a path, postgres://..., env:NAME or file:path';

/** `migrate`: moves an installation with its log to another database. */
export function addMigrateCommand(program: Command, io: CommandIo): void {
  withInstallation(program.command('migrate'))
    .description('Move an installation with its log to another database, and verify both. Stop Countersign first.')
    .option('--from <database>', `where it is: ${WORDS}`)
    .option('--to <database>', 'where it goes, which must be empty; named in the same way')
    .option('--undo <database>', 'let an installation that was moved away be started again where it was')
    .action((wish: MigrateWish) =>
      ended(io, async () => {
        const { from, to, undo } = wish;
        if (undo !== undefined && from === undefined && to === undefined)
          return undoMove(await addressOf(undo, wish), io);
        if (from === undefined || to === undefined || undo !== undefined)
          throw new Error('Say --from and --to, or only --undo.');
        return migrate(await addressOf(from, wish), await addressOf(to, wish), io);
      }),
    );
}

async function migrate(from: string, to: string, io: CommandIo): Promise<number> {
  if (!isServer(from)) existing(from);
  if (from === to) throw new Error('--from and --to name the same database.');
  const begun = performance.now();
  const source = await openTransfer(from, systemClock());
  try {
    const target = await openTransfer(to, systemClock());
    try {
      const told = meter(io);
      const moved = await move(source, target, told.step).finally(told.end);
      io.out(summary(source, target, moved, performance.now() - begun));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  io.err(next(from, to));
  return 0;
}

function summary(source: Transfer, target: Transfer, { counts, head }: Moved, tookMs: number): string {
  const lines = [...TRANSFER_TABLES.map((table) => [NAMES[table], counts[table]] as const)];
  const rows = [...lines, ['rows folded anew from the log', counts.folds] as const];
  const width = Math.max(...rows.map(([, count]) => String(count).length));
  return [
    `${source.name}\n  -> ${target.name}\n`,
    ...rows.map(([name, count]) => `  ${String(count).padStart(width)}  ${name}\n`),
    `Both logs are whole and end alike. Head ${head.seq}:${head.hash}\n`,
    `It took ${(tookMs / 1000).toFixed(1)} s.\n`,
  ].join('');
}

const NAMES = {
  events: 'entries of the log',
  keys: 'deliveries that were obeyed',
  effects: 'effects, owed and done',
  messages: 'messages that effects posted',
  wakeups: 'wake-ups',
  records: 'records of the console',
} as const;

function next(from: string, to: string): string {
  const where = isServer(to)
    ? 'Write the new address under `database:` of the configuration'
    : 'Take `database:` out of the configuration, or let --data name the folder of the new file';
  return `${where}, then start Countersign. The old place is kept as it was, and cannot be started.\nBack to it, without what happened since: countersign migrate --undo ${plainName(from)}\n`;
}

async function undoMove(database: string, io: CommandIo): Promise<number> {
  if (!isServer(database)) existing(database);
  const transfer = await openTransfer(database, systemClock());
  try {
    const why = await transfer.halted();
    if (why === undefined) {
      io.err(`${transfer.name} was not moved away; it can be started as it is.\n`);
      return 1;
    }
    if (!isMoved(why)) throw new Error(why);
    await transfer.whole((holding) => holding.halt(undefined));
    io.out(`${transfer.name} can be started again.\n`);
    io.err(
      'Never start both: stop the other one first. If it was at work meanwhile, run `countersign restored` here.\n',
    );
    return 0;
  } finally {
    await transfer.close();
  }
}
