/** An answer with the mark (ETag) under which the system tells whether it still holds. */
interface Remembered {
  readonly etag: string;
  readonly data: unknown;
}

export interface Memory {
  recall(key: string): Remembered | undefined;
  keep(key: string, answer: Remembered): void;
}

/** Remembers the `most` answers that were used last. */
export function createMemory(most: number): Memory {
  const answers = new Map<string, Remembered>();

  function keep(key: string, answer: Remembered): void {
    answers.delete(key);
    answers.set(key, answer);
    const oldest = answers.keys().next();
    if (answers.size > most && !oldest.done) answers.delete(oldest.value);
  }

  function recall(key: string): Remembered | undefined {
    const answer = answers.get(key);
    if (answer !== undefined) keep(key, answer);
    return answer;
  }

  return { recall, keep };
}
