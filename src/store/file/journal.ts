import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file of one JSON record a line that is only ever added to, or replaced whole. Calls are carried out in order. */
export interface Journal {
  /** What lay in the file when it was opened. */
  readonly found: readonly unknown[];
  /** Lines that were no JSON; a torn last line (killed while writing) is not counted, it was never acknowledged. */
  readonly unreadable: number;
  /** Returns when the record is on the disk. Rejects with the system's error; the file then holds what it held before. */
  append(record: unknown): Promise<void>;
  /** Replaces everything, atomically. */
  rewrite(records: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
}

export async function openJournal(file: string): Promise<Journal> {
  await mkdir(dirname(file), { recursive: true });
  const { found, unreadable, length } = parse(await readIfThere(file));
  let handle = await openForWriting(file);
  let size = length;
  await handle.truncate(size);

  let last: Promise<unknown> = Promise.resolve();
  const inOrder = (work: () => Promise<void>): Promise<void> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };

  return {
    found,
    unreadable,
    append: (record) =>
      inOrder(async () => {
        const line = Buffer.from(`${JSON.stringify(record)}\n`, 'utf8');
        try {
          await writeAt(handle, line, size);
          await handle.datasync();
        } catch (error) {
          await handle.truncate(size).catch(() => undefined);
          throw error;
        }
        size += line.length;
      }),
    rewrite: (records) =>
      inOrder(async () => {
        const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
        const fresh = `${file}.new`;
        await replace(fresh, text);
        await handle.close();
        await rename(fresh, file);
        handle = await openForWriting(file);
        size = Buffer.byteLength(text);
      }),
    close: () => inOrder(async () => (handle.fd < 0 ? undefined : handle.close())),
  };
}

/** Never in append mode: after a failed write the next one must land on the torn bytes, not behind them. */
function openForWriting(file: string): Promise<FileHandle> {
  return open(file, constants.O_RDWR | constants.O_CREAT, 0o600);
}

async function writeAt(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

async function replace(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readIfThere(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function parse(bytes: Buffer): { found: readonly unknown[]; unreadable: number; length: number } {
  const length = bytes.lastIndexOf(0x0a) + 1;
  const found: unknown[] = [];
  let unreadable = 0;
  for (const line of bytes.subarray(0, length).toString('utf8').split('\n')) {
    if (line === '') continue;
    try {
      found.push(JSON.parse(line));
    } catch {
      unreadable += 1;
    }
  }
  return { found, unreadable, length };
}
