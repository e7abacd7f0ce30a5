import { existsSync } from 'node:fs';
import { constants, copyFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { isServer } from '../../src/store/open.ts';
import { plainName } from '../../src/store/open-transfer.ts';
import { backUp } from '../../src/store/sqlite/backup.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { bookFile } from '../../src/store/sqlite/transfer-records.ts';
import { BACKUP_HALT } from '../../src/store/transfer.ts';
import { systemClock } from '../../src/system/clock.ts';
import { type Point, pointOf, pointText } from './backup-point.ts';
import { existing, type Installation, installedDatabase, withInstallation } from './installation.ts';
import { type CommandIo, ended } from './io.ts';
import { meter } from './migrate-meter.ts';

interface BackupWish extends Installation {
  readonly to: string;
}

/** `backup`: a verified copy of the database, while the programme runs. */
export function addBackupCommand(program: Command, io: CommandIo): void {
  withInstallation(program.command('backup'))
    .description('Copy the database while Countersign runs, verify the copy, and name its point in time.')
    .requiredOption('--to <file>', 'the new file; one that is there is never written over')
    .action((wish: BackupWish) =>
      ended(io, async () => {
        const database = await installedDatabase(wish);
        return isServer(database) ? dumpAdvice(database, wish, io) : backUpFile(existing(database), wish, io);
      }),
    );
}

async function backUpFile(from: string, wish: BackupWish, io: CommandIo): Promise<number> {
  const to = resolve(wish.to);
  const messages = bookFile(dirname(from), 'console/messages');
  const messagesTo = `${to}.messages.jsonl`;
  for (const path of [to, messagesTo]) {
    if (existsSync(path))
      throw new Error(`There is a file ${path} already, and a backup never takes its place. Name a new file.`);
  }
  const told = meter(io);
  const point = await backUp({
    from,
    to,
    halted: BACKUP_HALT,
    check: pointOfFile,
    told: (done, of) => told.step('pages', done, of),
  }).finally(told.end);
  // After the database, so that every message it speaks of is among them; the file only grows, or is replaced whole.
  const saved = existsSync(messages);
  if (saved) await copyFile(messages, messagesTo, constants.COPYFILE_EXCL);
  io.out(`${from}\n  -> ${to}\n${saved ? `${messages}\n  -> ${messagesTo}\n` : ''}${pointText(point)}`);
  io.err(
    'Not in it: the configuration, the secrets it refers to, and the work folders of local runs. Restore: docs/backup.md\n',
  );
  return 0;
}

async function pointOfFile(path: string): Promise<Point> {
  const store = await openSqliteStore({ path, clock: systemClock() });
  return pointOf(store, 'the copy').finally(() => store.close());
}

/** A server has a tool of its own, which also takes a backup while programmes run. */
function dumpAdvice(database: string, { to }: BackupWish, io: CommandIo): number {
  const file = JSON.stringify(to);
  io.err(
    [
      'This installation is on PostgreSQL, whose own tool makes the backup, also while Countersign runs. Nothing was saved. Run:\n\n',
      `  pg_dump --format=custom --no-owner --no-privileges --file=${file} ${JSON.stringify(plainName(database))}\n\n`,
      "The password comes from PGPASSWORD or ~/.pgpass. The console's messages are in it. Into an empty database it is restored with:\n\n",
      `  pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="postgres://user@host/new" ${file}\n`,
      '  countersign restored\n\n',
      '`countersign restored` also names the point in time. See docs/backup.md.\n',
    ].join(''),
  );
  return 1;
}
