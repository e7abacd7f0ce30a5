import type { Catalog } from '../src/domain/catalog.ts';
import { OPEN_STATES, type State } from '../src/domain/deployment.ts';
import type { Readiness } from '../src/http/health.ts';
import type { InState, Vitals } from '../src/http/metrics.ts';
import type { Clock } from '../src/ports/clock.ts';
import { PortFailure } from '../src/ports/failure.ts';
import type { Store } from '../src/ports/store.ts';

/** Ready: the log can be read and nobody has asked us to stop. */
export function readinessOf(
  store: Store,
  catalog: () => Catalog,
  state: { readonly stopping: boolean },
): () => Promise<Readiness> {
  return async () => {
    if (state.stopping) return { ready: false, detail: 'stopping' };
    try {
      await store.nextDue();
      return { ready: true, detail: `configuration ${catalog().version.slice(0, 12)}` };
    } catch (error) {
      if (error instanceof PortFailure) return { ready: false, detail: error.message };
      throw error;
    }
  };
}

/** How many deployments are under way, by state, and for how long. */
export async function openStates(
  store: Store,
  clock: Pick<Clock, 'now'>,
): Promise<Readonly<Partial<Record<State, InState>>>> {
  const open = await store.deployments({ states: OPEN_STATES, limit: 10_000 });
  const found: Partial<Record<State, InState>> = {};
  for (const { state, since } of open) {
    const { count, longestMs } = found[state] ?? { count: 0, longestMs: 0 };
    found[state] = { count: count + 1, longestMs: Math.max(longestMs, clock.now() - Date.parse(since)) };
  }
  return found;
}

/** What the metrics ask this instance. */
export function vitalsOf(
  version: string,
  store: Store,
  clock: Pick<Clock, 'now'>,
  ready: () => Promise<Readiness>,
): Vitals {
  return {
    version,
    ready: async () => (await ready()).ready,
    open: () => openStates(store, clock),
    async overdueMs() {
      const due = await store.nextDue();
      return due === undefined ? 0 : Math.max(0, clock.now() - due);
    },
  };
}
