import { PortFailure } from '../../src/ports/failure.ts';
import type { RecordBook, Recorded, Records } from '../../src/ports/records.ts';

/** One server of books for several instances, with a bad line between them. */
export interface SharedRecords {
  /** The books as one instance sees them. */
  instance(): Records;
  /** From now on nobody is told of what others append, unless they ask or append themselves. */
  hold(): void;
  /** Everybody is told at once again. */
  let(): void;
  /** How many records lie in a book. */
  size(book: string): number;
}

interface Reader {
  catchUp(): void;
}

/** Books in memory that behave as those on a server do; what is kept is text, so nobody shares objects. */
export function sharedRecords(): SharedRecords {
  const books = new Map<string, { newest: number; readonly lying: Map<number, string> }>();
  const readers = new Set<Reader>();
  let held = false;

  const tellAll = (): void => {
    if (!held) for (const reader of readers) reader.catchUp();
  };
  const open = async (name: string, told: (records: readonly Recorded[]) => void): Promise<RecordBook> => {
    const book = books.get(name) ?? { newest: 0, lying: new Map<number, string>() };
    books.set(name, book);
    let last = 0;
    const reader: Reader = {
      catchUp: () => {
        const news = [...book.lying].filter(([number]) => number > last);
        last = book.newest;
        if (news.length > 0) told(news.map(([number, text]) => ({ number, record: JSON.parse(text) })));
      },
    };
    readers.add(reader);
    reader.catchUp();
    const opened = (): void => {
      if (readers.has(reader)) return;
      throw new PortFailure('The book is closed.', { port: 'records', kind: 'unreachable', retryable: true });
    };
    return {
      unreadable: 0,
      append: async (record, spent = []) => {
        opened();
        book.newest += 1;
        const number = book.newest;
        book.lying.set(number, JSON.stringify(record));
        for (const one of spent) book.lying.delete(one);
        reader.catchUp();
        tellAll();
        return number;
      },
      current: async () => {
        opened();
        reader.catchUp();
      },
      close: async () => void readers.delete(reader),
    };
  };
  return {
    instance: () => ({ open }),
    hold: () => {
      held = true;
    },
    let: () => {
      held = false;
      tellAll();
    },
    size: (name) => books.get(name)?.lying.size ?? 0,
  };
}
