import { join } from 'node:path';
import { PortFailure } from '../../ports/failure.ts';
import type { RecordBook, Recorded, Records } from '../../ports/records.ts';
import { type Journal, openJournal } from './journal.ts';

/** Lines that may lie in a file needlessly before it is written anew: so many, and three for each that is needed. */
const NEEDLESS = 1000;

/**
 * Books as files of one record a line, `<book>.jsonl`. Only one instance may have a book open at a time; numbers are counted anew
 * at each opening.
 * @param folder where the files lie; made when it is not there
 */
export function fileRecords(folder: string): Records {
  return {
    open: async (book, told) => {
      const journal = await written(openJournal(join(folder, `${book}.jsonl`)));
      const found = journal.found.map((record, index): Recorded => ({ number: index + 1, record }));
      if (found.length > 0) told(found);
      return bookOf(journal, found, told);
    },
  };
}

function bookOf(
  journal: Journal,
  found: readonly Recorded[],
  told: (records: readonly Recorded[]) => void,
): RecordBook {
  const needed = new Map(found.map(({ number, record }) => [number, record]));
  let lines = found.length;
  let newest = found.length;

  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };

  return {
    unreadable: journal.unreadable,
    append: (record, spent = []) =>
      inOrder(async () => {
        await written(journal.append(record));
        lines += 1;
        newest += 1;
        const number = newest;
        needed.set(number, record);
        for (const one of spent) needed.delete(one);
        told([{ number, record }]);
        if (lines > 4 * needed.size + NEEDLESS) {
          await written(journal.rewrite([...needed.values()]));
          lines = needed.size;
        }
        return number;
      }),
    current: async () => undefined,
    close: () => inOrder(() => written(journal.close())),
  };
}

async function written<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new PortFailure(
      'The messages cannot be written to the disk. Free some space there or mend the permissions of the data folder.',
      { port: 'records', kind: 'misbehaved', retryable: true, cause, ...(code === undefined ? {} : { code }) },
    );
  }
}
