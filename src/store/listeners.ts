import type { Stream } from '../domain/event.ts';
import type { Log } from '../ports/log.ts';

type Told = (streams: readonly Stream[]) => void;

/** Whoever wants to hear which streams grew. */
export interface Listeners {
  /** One that throws is complained of, and keeps nobody else from hearing. */
  tell: Told;
  /** The function returned ends it. */
  add(told: Told): () => void;
}

export function createListeners(log: Log | undefined): Listeners {
  const listeners = new Set<Told>();
  return {
    tell(streams) {
      for (const told of [...listeners]) {
        try {
          told(streams);
        } catch (error) {
          log?.error({ error }, 'A listener of the log threw.');
        }
      }
    },
    add(told) {
      // A function of its own, so that one who listens twice is told twice.
      const own = (streams: readonly Stream[]) => told(streams);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
