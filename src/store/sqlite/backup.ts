import { chmodSync, closeSync, constants, existsSync, fsyncSync, openSync } from 'node:fs';
import { copyFile, link, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { PortFailure } from '../../ports/failure.ts';
import { translated } from './fault.ts';
import { writeHalt } from './sole.ts';

/** Pages copied before others have their turn. */
const PAGES = 2000;

/**
 * Copies a database while a programme works on it. The copy is of one moment: a reading transaction holds it still while the pages are
 * copied, so that neither has to wait for the other. It is halted, because a programme that starts on it must first know that time went
 * on. It gets its name only when `check` has found it good, and takes nobody else's.
 * @throws PortFailure when there is a file of that name, or the disk does not do it
 */
export async function backUp<T>(wish: {
  readonly from: string;
  readonly to: string;
  /** Why no programme starts on the copy. */
  readonly halted: string;
  readonly check: (copy: string) => Promise<T>;
  /** Told of pages. */
  readonly told?: (done: number, of: number) => void;
}): Promise<T> {
  const part = `${wish.to}.part`;
  if (existsSync(wish.to)) throw taken(wish.to);
  try {
    await clear(part);
    await copy(wish.from, part, wish.told);
    // Reasons and tokens stand in it: it is for whoever made it alone.
    chmodSync(part, 0o600);
    finish(part, wish.halted);
    const checked = await wish.check(part);
    keep(part);
    await named(part, wish.to);
    return checked;
  } catch (error) {
    throw translated(error);
  } finally {
    await clear(part);
  }
}

async function copy(from: string, to: string, told: (done: number, of: number) => void = () => undefined) {
  const client = new Database(from, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    client.exec('begin');
    // The moment begins with the first reading.
    client.prepare('select count(*) from sqlite_schema').get();
    await client.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        told(totalPages - remainingPages, totalPages);
        return PAGES;
      },
    });
  } finally {
    client.close();
  }
}

/** One file and nothing beside it, so that whoever carries it away carries all of it. */
function finish(path: string, halted: string): void {
  const client = new Database(path);
  try {
    client.pragma('journal_mode = DELETE');
    client.pragma('synchronous = FULL');
    client.transaction(() => writeHalt(client, halted)).immediate();
  } finally {
    client.close();
  }
}

function keep(path: string): void {
  const client = new Database(path);
  try {
    // Looking at it has made it one of those that have a file beside them.
    client.pragma('journal_mode = DELETE');
  } finally {
    client.close();
  }
  synced(path);
}

/** Gives the file its name unless somebody has it; a disk without hard links gets a second copy. */
async function named(part: string, to: string): Promise<void> {
  try {
    await link(part, to).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      await copyFile(part, to, constants.COPYFILE_EXCL);
      synced(to);
    });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? taken(to) : error;
  }
  synced(dirname(to));
}

function synced(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

async function clear(part: string): Promise<void> {
  for (const end of ['', '-wal', '-shm', '-journal']) await rm(`${part}${end}`, { force: true });
}

function taken(path: string): PortFailure {
  const message = `There is a file ${path} already, and a backup never takes the place of another. Name a new file.`;
  return new PortFailure(message, { port: 'store', kind: 'refused', retryable: false });
}
