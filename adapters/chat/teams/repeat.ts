import type { Clock } from '../../../src/ports/clock.ts';
import { PortFailure } from '../../../src/ports/failure.ts';

/** Somebody who waits for an answer gives up after about this long, in milliseconds. */
const PATIENCE_MS = 15_000;
const FIRST_PAUSE_MS = 500;

/**
 * For answers to people, which no courier repeats: tries again while the failure may pass and the call certainly did nothing, with
 * pauses that double, or that Teams asked for (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit). A refused
 * login needs an operator, not haste.
 * @param mostMs no new try begins after so many milliseconds
 * @throws what the last try threw
 */
export async function repeated<Result>(
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
  call: () => Promise<Result>,
  mostMs = PATIENCE_MS,
): Promise<Result> {
  const end = clock.now() + mostMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      const pause = pauseAfter(error, tries, random);
      if (pause === undefined || clock.now() + pause > end) throw error;
      await new Promise<void>((resolve) => void clock.at(clock.now() + pause, resolve));
    }
  }
}

function pauseAfter(error: unknown, tries: number, random: () => number): number | undefined {
  if (!(error instanceof PortFailure)) return undefined;
  const { retryable, inDoubt, kind, retryAfterMs } = error.details;
  if (!retryable || inDoubt === true || kind === 'refused') return undefined;
  return Math.round((retryAfterMs ?? FIRST_PAUSE_MS * 2 ** tries) * (1 + random() * 0.2));
}
