import type { Wakeup } from '../../ports/store.ts';
import type { Session } from './session.ts';

/**
 * Carries wake-ups through a job engine: one instance hears of each when it is due. The rows in `wakeups` stay what counts, so a ring
 * may be lost, late or doubled without harm.
 */
export interface Bell {
  /** Within the caller's transaction. Setting a wake-up again moves its ring. */
  set(session: Session, wakeups: readonly Wakeup[]): Promise<void>;
  /** Told when something is due; the function returned ends it. */
  onRing(ring: () => void): () => void;
  /** Returns when nothing rings any more. */
  stop(): Promise<void>;
}
