/** A record as it lies in its book. */
export interface Recorded {
  /** Steps up from record to record, with gaps; the same on all instances while any has the book open. */
  readonly number: number;
  readonly record: unknown;
}

/**
 * What an adapter keeps by itself: books of JSON records that outlive a restart, each in ONE order that all instances share. What
 * the records come to is a fold of them, so all instances come to the same.
 */
export interface Records {
  /**
   * Opens a book, and makes it where there is none. `told` hears of every record once, in order: of those that lie there before this
   * returns, of later ones as they come, whoever appended them. It must not throw. Throws a PortFailure when the book cannot be read.
   * @param book lower-case words with slashes between, e.g. `console/messages`
   */
  open(book: string, told: (records: readonly Recorded[]) => void): Promise<RecordBook>;
}

/**
 * An open book. `append` and `current` throw a PortFailure that may be tried again when the disk or the server fails; so does
 * `append` once the book is closed.
 */
export interface RecordBook {
  /** Records that lay there damaged and are left out; one that was torn while it was written is not counted. */
  readonly unreadable: number;
  /**
   * Returns the record's number when it is safe and `told` here has heard of it. Together with it the book forgets the records of
   * the numbers in `spent`, which changes nothing for whoever has heard of them: the others must come to the same without them.
   */
  append(record: unknown, spent?: readonly number[]): Promise<number>;
  /** Returns when `told` here has heard of everything that was safe, on any instance, at the time of the call. */
  current(): Promise<void>;
  /** Returns when nothing is under way; `told` hears no more. Closing twice is no error. */
  close(): Promise<void>;
}
