import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortFailure } from '../../src/ports/failure.ts';
import type { RecordBook, Recorded, Records } from '../../src/ports/records.ts';
import { until } from '../support/until.ts';

/** Where the books of one test lie. */
export interface RecordsHouse {
  /** The books as one more instance sees them. */
  instance(): Records;
  /** Called when every book that was opened is closed. */
  tearDown(): Promise<void>;
}

export interface RecordsSubject {
  readonly name: string;
  /** An empty house for each test. */
  build(): Promise<RecordsHouse>;
  /** Why only one instance may have a book open, where that is so. */
  readonly alone?: string;
}

const BOOK = 'console/messages';

/** An open book, and everything that its instance was told. */
interface Opened {
  readonly book: RecordBook;
  readonly heard: Recorded[];
  readonly words: () => readonly unknown[];
}

/** What every implementation of Records must do. */
export function recordsContract({ name, build, alone }: RecordsSubject): void {
  let house: RecordsHouse;
  let books: RecordBook[] = [];

  beforeEach(async () => {
    house = await build();
  });
  afterEach(async () => {
    for (const book of books) await book.close();
    books = [];
    await house.tearDown();
  });

  async function open(name = BOOK): Promise<Opened> {
    const heard: Recorded[] = [];
    const book = await house.instance().open(name, (records) => void heard.push(...records));
    books.push(book);
    return { book, heard, words: () => heard.map(({ record }) => record) };
  }

  describe(`records, ${name}`, () => {
    it('are told in order to whoever appends them, before the append returns', async () => {
      const { book, heard, words } = await open();

      const first = await book.append({ word: 'one', parts: [1, null, 'zwei\n\u0000🚀'] });
      expect(words()).toEqual([{ word: 'one', parts: [1, null, 'zwei\n\u0000🚀'] }]);
      const second = await book.append('two');

      expect(words()).toEqual([{ word: 'one', parts: [1, null, 'zwei\n\u0000🚀'] }, 'two']);
      expect(heard.map(({ number }) => number)).toEqual([first, second]);
      expect(second).toBeGreaterThan(first);
    });

    it('outlive a restart, and lie there before the opening returns', async () => {
      const before = await open();
      for (const word of ['one', 'two', 'three']) await before.book.append(word);
      await before.book.close();

      const after = await open();

      expect(after.words()).toEqual(['one', 'two', 'three']);
      expect(after.book.unreadable).toBe(0);
    });

    it('that many lie in a book are all told', async () => {
      const before = await open();
      const all = Array.from({ length: 603 }, (_, index) => index);
      await Promise.all(all.map((word) => before.book.append(word)));
      await before.book.close();

      const after = await open();

      expect(before.words()).toEqual(after.words());
      expect(after.words().toSorted((one, other) => Number(one) - Number(other))).toEqual(all);
    });

    it('that were spent are forgotten, and nobody is told of that', async () => {
      const before = await open();
      const first = await before.book.append('first');
      const second = await before.book.append('second');
      await before.book.append('third', [first]);
      await before.book.append('fourth', [first, second]);
      // Files are written anew only now and then.
      for (let more = 0, last: number[] = []; more < 1100; more += 1) last = [await before.book.append('more', last)];
      const told = before.words().length;
      await before.book.close();

      const after = await open();

      expect(told).toBe(1104);
      expect(after.words().slice(0, 2)).toEqual(['third', 'fourth']);
      expect(after.words().length).toBeLessThan(150);
    });

    it('never get a number twice, though everything but the newest is spent', async () => {
      const before = await open();
      const first = await before.book.append('first');
      const second = await before.book.append('second', [first]);

      const third = await before.book.append('third', [second]);

      expect(new Set([first, second, third]).size).toBe(3);
      expect(third).toBeGreaterThan(second);
    });

    it('of one book are not those of another', async () => {
      const [one, other] = [await open('one'), await open('other')];

      await one.book.append('of one');
      await other.book.append('of the other');
      await Promise.all([one.book.current(), other.book.current()]);

      expect([one.words(), other.words()]).toEqual([['of one'], ['of the other']]);
    });

    it('cannot be appended to a closed book, which may be closed twice', async () => {
      const { book, words } = await open();
      await book.append('one');
      await book.close();
      await book.close();

      const late = await book.append('two').catch((error: unknown) => error);
      expect(late).toBeInstanceOf(PortFailure);
      // Another instance, or this one after its restart, can; `gone` would say that the messages are no more.
      expect(late).toMatchObject({ details: { retryable: true } });
      expect(late).not.toMatchObject({ details: { kind: 'gone' } });

      expect((await open()).words()).toEqual(['one']);
      expect(words()).toEqual(['one']);
    });

    it('that are under way are finished before the book is closed', async () => {
      const { book, words } = await open();
      const appended = ['one', 'two', 'three'].map((word) => book.append(word));

      await book.close();
      const numbers = await Promise.all(appended);

      expect(words()).toHaveLength(numbers.length);
      expect((await open()).words()).toEqual(words());
    });
  });

  describe.skipIf(alone !== undefined)(
    `records of several instances, ${name}${alone ? ` (skipped: ${alone})` : ''}`,
    () => {
      it('are told to all of them, without asking', async () => {
        const [one, other] = [await open(), await open()];

        const number = await one.book.append('news');

        await until('the news', () => other.heard.length === 1);
        expect(other.heard).toEqual([{ number, record: 'news' }]);
      });

      it('are seen by whoever asks for everything up to now', async () => {
        const [one, other] = [await open(), await open()];

        for (let round = 1; round <= 20; round += 1) {
          await one.book.append(`round ${round}`);
          await other.book.current();
          expect(other.words().at(-1)).toBe(`round ${round}`);
        }
      });

      it('come in the one same order to all, however many append at once', async () => {
        const instances = [await open(), await open(), await open()];
        const words = Array.from({ length: 40 }, (_, index) => index);

        await Promise.all(
          instances.flatMap(({ book }, instance) => words.map((word) => book.append(`${instance}-${word}`))),
        );
        await Promise.all(instances.map(({ book }) => book.current()));

        const late = await open();
        const numbers = late.heard.map(({ number }) => number);
        expect(numbers).toHaveLength(120);
        expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
        for (const { heard } of instances) expect(heard).toEqual(late.heard);
      });

      it('that one of them spent may be spent by another as well', async () => {
        const [one, other] = [await open(), await open()];
        const first = await one.book.append('first');

        await one.book.append('second', [first]);
        await other.book.append('third', [first]);

        expect((await open()).words()).toEqual(['second', 'third']);
      });

      it('reach the others after one of them has gone', async () => {
        const [one, other] = [await open(), await open()];
        await one.book.close();

        const third = await open();
        await third.book.append('news');

        await until('the news', () => other.words().includes('news'));
        expect(one.words()).toEqual([]);
      });
    },
  );
}
