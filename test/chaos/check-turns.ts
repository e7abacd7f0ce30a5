import type { Entry, Request } from '../../src/domain/event.ts';
import { REGION } from './governance.ts';
import { keepsOut, namesAround, type Past, type Told, walk } from './log-reading.ts';

/** What is seen and what is written lie so far apart at most, in milliseconds; two that come closer may go in any order. */
const MOMENT_MS = 1500;

const RANK = { rollback: 0, hotfix: 1, regular: 2 } as const;
/** Where a deployment is no longer in the queue. */
const LEAVES: ReadonlySet<string> = new Set(['dispatched', 'refused', 'cancelled', 'approvals-voided']);

interface Waiting {
  readonly id: string;
  readonly request: Request;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Whoever is dispatched had nobody before them: rollbacks, then hotfixes, then whoever was cleared first; what is for later counts from then. */
export function wrongTurns(entries: readonly Entry[]): readonly string[] {
  const waiting = new Map<string, Waiting>();
  const faults: string[] = [];
  walk(entries, {
    deployment(told, past) {
      const { id, request, entry, event } = told;
      if (event.type === 'dispatched') faults.push(...overtaken(told, [...waiting.values()], past));
      if (event.type === 'queued') waiting.set(id, { id, request, since: Date.parse(entry.at) });
      if (LEAVES.has(event.type)) waiting.delete(id);
    },
  });
  return faults;
}

function overtaken({ id, request, entry }: Told, waiting: readonly Waiting[], { locks }: Past): readonly string[] {
  const own = waiting.find((one) => one.id === id);
  const before = Date.parse(entry.at) - MOMENT_MS;
  return waiting.flatMap((one) => {
    const { service, environment, kind, scheduledFor } = one.request;
    if (one.id === id || service !== request.service || environment !== request.environment) return [];
    const ready = Math.max(one.since, scheduledFor === undefined ? 0 : Date.parse(scheduledFor));
    const held = namesAround(one.request, REGION).some((name) => {
      const lock = locks.get(name);
      return lock !== undefined && keepsOut(lock, kind, entry.at);
    });
    if (ready > before || held) return [];
    const first = RANK[kind] - RANK[request.kind] || one.since - (own?.since ?? Number.POSITIVE_INFINITY);
    return first >= 0 ? [] : [`${id} (${request.kind}) was dispatched at ${entry.at} before ${one.id} (${kind})`];
  });
}
