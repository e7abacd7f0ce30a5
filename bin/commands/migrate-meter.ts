import type { Progress } from '../../src/store/transfer.ts';
import type { CommandIo } from './io.ts';

/** At most one line of progress in so many milliseconds. */
const PAUSE_MS = 100;

/** Shows how far a long command is, on a terminal only: on one line that is written anew, and taken away at the end. */
export function meter(io: CommandIo, shown: boolean = process.stderr.isTTY): { readonly step: Progress; end(): void } {
  let last = 0;
  let width = 0;
  return {
    step(what, done, of) {
      const now = performance.now();
      if (!shown || (now - last < PAUSE_MS && done < of)) return;
      last = now;
      const share = of === 0 ? 100 : Math.floor((100 * done) / of);
      const line = `${what} ${done} of ${of} (${share} %)`;
      io.err(`\r${line.padEnd(width)}`);
      width = line.length;
    },
    end() {
      if (width > 0) io.err(`\r${' '.repeat(width)}\r`);
      width = 0;
    },
  };
}
