import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TransferRows } from '../transfer.ts';

type Row = TransferRows['records'];

/** The books that adapters keep beside an SQLite file, one JSON record a line (file/records.ts); on a server they are rows of one table. */
const BOOKS = ['console/messages', 'teams/references'] as const;
const PAGE = 500;

/** The records beside an SQLite file. What is written counts only when it is kept. */
export interface RecordFiles {
  count(): Promise<number>;
  rows(): AsyncIterable<readonly Row[]>;
  write(rows: readonly Row[]): Promise<void>;
  /** Puts what was written in its place, or throws it away. */
  end(kept: boolean): Promise<void>;
}

/** @param folder the data folder */
export function recordFiles(folder: string): RecordFiles {
  const fresh = new Set<string>();
  return {
    async count() {
      let sum = 0;
      for await (const rows of readAll(folder, fresh)) sum += rows.length;
      return sum;
    },
    rows: () => readAll(folder, fresh),
    async write(rows) {
      for (const [book, records] of Map.groupBy(rows, (row) => row.book)) {
        const path = bookFile(folder, book);
        mkdirSync(dirname(path), { recursive: true });
        const file = await open(`${path}.part`, fresh.has(path) ? 'a' : 'w', 0o600);
        fresh.add(path);
        await file.appendFile(records.map(({ record }) => `${oneLine(record)}\n`).join(''));
        await file.sync();
        await file.close();
      }
    },
    async end(kept) {
      for (const path of fresh) await (kept ? rename(`${path}.part`, path) : rm(`${path}.part`, { force: true }));
      fresh.clear();
    },
  };
}

async function* readAll(folder: string, fresh: ReadonlySet<string>): AsyncGenerator<readonly Row[]> {
  for (const book of BOOKS) {
    const whole = bookFile(folder, book);
    const path = fresh.has(whole) ? `${whole}.part` : whole;
    if (!existsSync(path)) continue;
    let page: Row[] = [];
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      if (!isJson(line)) continue;
      number += 1;
      page.push({ book, number, record: line });
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }
}

/** Where a book lies beside an SQLite file. @throws an Error when no book is called so */
export function bookFile(folder: string, book: string): string {
  const known = BOOKS.find((one) => one === book);
  if (known === undefined) throw new Error(`Nobody here keeps records called "${book}".`);
  return join(folder, `${known}.jsonl`);
}

/** A line that was torn by a crash was never acknowledged, and is left out by its reader too. */
function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

function oneLine(record: string): string {
  return record.includes('\n') ? JSON.stringify(JSON.parse(record)) : record;
}
