import type { DeploymentEvent, Entry, Request } from '../../src/domain/event.ts';
import type { HeldLock, LockMode } from '../../src/domain/lock.ts';

/** What the checks themselves make of the log; of the programme's own folds they use nothing, so that a fault in those is seen. */
export interface Past {
  readonly requests: ReadonlyMap<string, Request>;
  /** Locks that stand, by the name of what they close: `*`, `service/web`, `target/web/production`. */
  readonly locks: ReadonlyMap<string, StandingLock>;
  /** When each lock that stood there last went, ISO 8601 in UTC. */
  readonly opened: ReadonlyMap<string, string>;
}

export interface StandingLock {
  readonly by: HeldLock['lock']['by'];
  readonly mode: LockMode;
  /** A rollback closed it. */
  readonly caused: boolean;
  readonly expiresAt?: string;
}

export interface Told {
  /** `D-3`. */
  readonly id: string;
  readonly request: Request;
  readonly entry: Entry;
  readonly event: DeploymentEvent;
}

/** Goes through the log in order; each look sees what stood before the entry. */
export function walk(
  entries: readonly Entry[],
  look: { readonly deployment?: (told: Told, past: Past) => void; readonly other?: (entry: Entry, past: Past) => void },
): Past {
  const requests = new Map<string, Request>();
  const locks = new Map<string, StandingLock>();
  const opened = new Map<string, string>();
  const past = { requests, locks, opened };
  for (const entry of entries) {
    const { stream } = entry;
    if (stream.startsWith('deployment:')) {
      const id = stream.slice('deployment:'.length);
      const event = entry.event as DeploymentEvent;
      if (event.type === 'requested') requests.set(id, event.request);
      const request = requests.get(id);
      if (request !== undefined) look.deployment?.({ id, request, entry, event }, past);
      continue;
    }
    look.other?.(entry, past);
    const name = lockName(stream);
    if (name !== undefined) note(past, name, entry);
  }
  return past;
}

/** What a lock in this stream closes; nothing for streams that hold no locks. */
export function lockName(stream: string): string | undefined {
  if (stream.startsWith('scope:')) return stream.slice('scope:'.length);
  return stream.startsWith('target:') ? `target/${stream.slice('target:'.length)}` : undefined;
}

interface Writable {
  readonly locks: Map<string, StandingLock>;
  readonly opened: Map<string, string>;
}

function note({ locks, opened }: Writable, name: string, { event, by, at }: Entry): void {
  if (event.type === 'locked' || event.type === 'lock-taken') {
    const { expiresAt, mode = 'closed' } = event;
    const caused = event.type === 'locked' && event.cause !== undefined;
    locks.set(name, { by, mode, caused, ...(expiresAt === undefined ? {} : { expiresAt }) });
  }
  if (event.type !== 'unlocked') return;
  locks.delete(name);
  opened.set(name, at);
}

/** Names of everything that closes a target when it is locked. */
export function namesAround({ service, environment }: Request, region: string): readonly string[] {
  const regions = environment === 'production' ? [`region/${region}`] : [];
  return ['*', `environment/${environment}`, ...regions, `service/${service}`, `target/${service}/${environment}`];
}

/** Does a lock keep such a deployment out at that moment (ISO 8601 in UTC)? */
export function keepsOut({ mode, expiresAt }: StandingLock, kind: Request['kind'], at: string): boolean {
  if (expiresAt !== undefined && expiresAt <= at) return false;
  if (kind === 'rollback') return false;
  return mode === 'closed' || (mode === 'freeze' && kind === 'regular');
}
