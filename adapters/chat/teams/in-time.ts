import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';

/** Teams waits five seconds for the answer to a press (L22); this leaves one for the way. */
const PATIENCE_MS = 4000;

/** What to do with a result that comes in time, and with one that comes later. */
export interface Course<Result> {
  done(result: Result): Promise<object>;
  late(result: Result): Promise<void>;
  /** What is answered when it takes too long. */
  readonly meanwhile: object;
}

/** Answers in time: with the result, else with a word that it takes longer; then the result is brought when it is there. */
export async function inTime<Result>(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  work: () => Promise<Result>,
  course: Course<Result>,
): Promise<object> {
  const working = work();
  let ring: () => void = () => undefined;
  const bell = new Promise<'late'>((resolve) => {
    ring = clock.at(clock.now() + PATIENCE_MS, () => resolve('late'));
  });
  const first = await Promise.race([working.then((result) => ({ result })), bell]).finally(() => ring());
  if (first !== 'late') return course.done(first.result);
  working.then(course.late).catch((error: unknown) => log.error({ error }, 'a late teams answer could not be given'));
  return course.meanwhile;
}
