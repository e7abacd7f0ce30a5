import type { About } from '../commands/shared/spec.ts';
import { OPEN_STATES, type State } from '../src/domain/deployment.ts';
import type { Readiness } from '../src/http/health.ts';
import type { InState, Vitals } from '../src/http/metrics.ts';
import type { Clock } from '../src/ports/clock.ts';
import { PortFailure } from '../src/ports/failure.ts';
import type { Store } from '../src/ports/store.ts';
import type { Sockets } from './build.ts';
import type { Report } from './in-force/index.ts';

/** What an instance says of itself, in `/readyz` and in chat. */
export function aboutOf(program: string, { version, aside, superseded, foreign }: Report): About {
  const notes = [
    ...(superseded ? ['the configuration file of this instance is not the one in force'] : []),
    ...(foreign.length > 0 ? [`restart this instance to take the new ${foreign.join(', ')}`] : []),
  ];
  return { program, configuration: version.slice(0, 12), notes, ...(aside === undefined ? {} : { aside }) };
}

/** Ready: the log and the configuration in force can be read, and nobody has asked us to stop. */
export function readinessOf(
  store: Store,
  about: () => About,
  state: { readonly stopping: boolean },
): () => Promise<Readiness> {
  return async () => {
    if (state.stopping) return { ready: false, detail: 'stopping' };
    try {
      await store.nextDue();
      const { program, configuration, notes, aside } = about();
      if (aside !== undefined) return { ready: false, detail: `stands aside: ${aside}` };
      return { ready: true, detail: [`configuration ${configuration}, version ${program}`, ...notes].join('; ') };
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

interface Asked {
  readonly about: () => About;
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly ready: () => Promise<Readiness>;
  readonly sockets: Pick<Sockets, 'pipelines' | 'troubles'>;
}

/** What the metrics ask this instance. */
export function vitalsOf({ about, store, clock, ready, sockets }: Asked): Vitals {
  return {
    version: about().program,
    configuration: () => about().configuration,
    ready: async () => (await ready()).ready,
    open: () => openStates(store, clock),
    providers() {
      const down = new Set(sockets.troubles().map(({ provider }) => provider));
      return new Map([...sockets.pipelines.keys()].map((id) => [id, down.has(id)]));
    },
    async overdueMs() {
      const due = await store.nextDue();
      return due === undefined ? 0 : Math.max(0, clock.now() - due);
    },
  };
}
