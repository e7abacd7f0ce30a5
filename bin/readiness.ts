import type { Catalog } from '../src/domain/catalog.ts';
import { OPEN_STATES, type State } from '../src/domain/deployment.ts';
import type { Readiness } from '../src/http/health.ts';
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

/** How many deployments are under way, by state. */
export async function openCounts(store: Store): Promise<Readonly<Partial<Record<State, number>>>> {
  const open = await store.deployments({ states: OPEN_STATES, limit: 10_000 });
  const counts: Partial<Record<State, number>> = {};
  for (const { state } of open) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
