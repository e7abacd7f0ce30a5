import type { Clock } from '../../../src/ports/clock.ts';

/** Does work that has to end in time; after that the signal aborts with a `TimeoutError`, as `AbortSignal.timeout` does. */
export async function withDeadline<Result>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const over = () => controller.abort(new DOMException('There was no answer in time', 'TimeoutError'));
  const callOff = clock.at(clock.now() + ms, over);
  try {
    return await work(controller.signal);
  } finally {
    callOff();
  }
}

/** The text of an answer, as far as it is one: nothing when it is longer than so many bytes. The rest is not read. */
export async function textOf(answer: Response, most: number): Promise<string | undefined> {
  if (answer.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let read = 0;
  for await (const chunk of answer.body) {
    read += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (read > most) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
