import type { Deployment, Findings, State } from './deployment.ts';
import { STATES } from './deployment.ts';
import type { DeploymentEvent, Request, RunEvent } from './event.ts';
import type { Person } from './person.ts';
import { needsAfter } from './vocabulary.ts';

type EventType = DeploymentEvent['type'];

/** Which event may happen in which state, and which state it leads to. `none`: before the first event. */
export interface Row {
  readonly from: readonly (State | 'none')[];
  readonly to: State | 'same';
}

const BEFORE_RUN = ['requested', 'checking', 'awaiting-approval', 'queued'] as const satisfies readonly State[];
const EVERYWHERE = Object.keys(STATES) as readonly State[];

/** The whole machine: what is not in this table cannot happen. */
export const TABLE: Readonly<Record<EventType, Row>> = {
  requested: { from: ['none'], to: 'requested' },
  'checks-started': { from: ['requested'], to: 'checking' },
  'findings-gathered': { from: ['checking', 'awaiting-approval', 'queued'], to: 'same' },
  refused: { from: BEFORE_RUN, to: 'refused' },
  'approval-asked': { from: ['checking', 'awaiting-approval'], to: 'awaiting-approval' },
  reminded: { from: ['awaiting-approval'], to: 'same' },
  nudged: { from: ['awaiting-approval'], to: 'same' },
  escalated: { from: ['awaiting-approval'], to: 'same' },
  'glass-broken': { from: ['awaiting-approval'], to: 'same' },
  countersigned: { from: ['awaiting-approval'], to: 'same' },
  'approval-denied': { from: EVERYWHERE, to: 'same' },
  'approvals-voided': { from: ['awaiting-approval', 'queued'], to: 'awaiting-approval' },
  rejected: { from: ['awaiting-approval'], to: 'rejected' },
  expired: { from: ['awaiting-approval'], to: 'expired' },
  queued: { from: ['checking', 'awaiting-approval'], to: 'queued' },
  dispatched: { from: ['queued'], to: 'running' },
  'run-started': { from: ['running'], to: 'same' },
  progressed: { from: ['running'], to: 'same' },
  'wait-answered': { from: ['running'], to: 'same' },
  'wait-unanswered': { from: ['running'], to: 'same' },
  'contact-lost': { from: ['running'], to: 'same' },
  'contact-regained': { from: ['running'], to: 'same' },
  'cancel-asked': { from: ['running'], to: 'same' },
  cancelled: { from: [...BEFORE_RUN, 'running'], to: 'cancelled' },
  succeeded: { from: ['running'], to: 'succeeded' },
  failed: { from: ['running'], to: 'failed' },
  'rollback-began': { from: ['succeeded', 'failed', 'cancelled'], to: 'rolling-back' },
  'rollback-ended': { from: ['rolling-back'], to: 'rolled-back' },
  'card-undelivered': { from: EVERYWHERE, to: 'same' },
};

/** An event that the table does not allow was about to happen: a bug of ours, never a person's mistake. */
export class IllegalEvent extends Error {
  constructor(event: EventType, state: State | 'none') {
    super(`The event "${event}" cannot happen to a deployment in state "${state}".`);
    this.name = 'IllegalEvent';
  }
}

export function allows(state: State | 'none', event: EventType): boolean {
  return Object.hasOwn(TABLE, event) && TABLE[event].from.includes(state);
}

/**
 * What a deployment is after an event. Pure: the same log gives the same rows.
 * @throws IllegalEvent when the table does not allow the event in the present state
 */
export function evolve(before: Deployment | undefined, event: DeploymentEvent, at: string, by: Person): Deployment {
  if (!allows(before?.state ?? 'none', event.type)) throw new IllegalEvent(event.type, before?.state ?? 'none');
  if (event.type === 'requested') return { ...begin(event.request, at), ...needsAfter(before, event) };
  if (before === undefined) throw new IllegalEvent(event.type, 'none');
  const state = nextState(before, event);
  const moved = state !== before.state;
  const base: Deployment = {
    ...before,
    ...needsAfter(before, event),
    version: before.version + 1,
    revision: before.revision + (moved || changesMeaning(before, event) ? 1 : 0),
    state,
    since: moved ? at : before.since,
    ...(moved && STATES[state].ended ? { endedAt: at } : {}),
  };
  return apply(base, event, at, by);
}

function nextState(before: Deployment, event: DeploymentEvent): State {
  if (event.type === 'rollback-ended') return event.outcome;
  const { to } = TABLE[event.type];
  return to === 'same' ? before.state : to;
}

/** Events that change what an Approve button would approve, although the state stays: clicks on older copies must not count. */
function changesMeaning(before: Deployment, event: DeploymentEvent): boolean {
  return event.type === 'approvals-voided' || (event.type === 'findings-gathered' && before.findings !== undefined);
}

function begin(request: Request, at: string): Deployment {
  return {
    ...request,
    id: `D-${request.number}`,
    version: 1,
    revision: 1,
    requestedAt: at,
    state: 'requested',
    since: at,
    countersignatures: [],
    refusals: [],
    steps: [],
  };
}

function apply(
  base: Deployment,
  event: Exclude<DeploymentEvent, { type: 'requested' }>,
  at: string,
  by: Person,
): Deployment {
  switch (event.type) {
    case 'checks-started':
    case 'approval-denied':
    case 'expired':
    case 'card-undelivered':
      return base;
    case 'findings-gathered':
      return { ...base, findings: trimmed(event.findings) };
    case 'refused':
      return { ...base, refusals: event.refusals };
    case 'approval-asked':
      return { ...without(base, 'remindedAt'), plan: event.plan, expiresAt: event.expiresAt };
    case 'reminded':
      return { ...base, remindedAt: at };
    case 'nudged':
      return { ...base, nudgedAt: at };
    case 'escalated': {
      const { group, to } = event;
      return { ...base, escalations: [...(base.escalations ?? []), { group, to, at }] };
    }
    case 'glass-broken':
      return { ...base, glass: { by, reason: event.reason, at, binding: base.plan?.hash ?? '' } };
    case 'countersigned':
      return { ...base, countersignatures: [...base.countersignatures, event.countersignature] };
    case 'approvals-voided':
      return { ...without(without(base, 'escalations'), 'glass'), countersignatures: [] };
    case 'rejected':
      return { ...base, rejection: { by, reason: event.reason, at } };
    case 'queued':
      return { ...base, plan: event.plan };
    case 'cancel-asked':
    case 'cancelled':
      return { ...base, cancellation: base.cancellation ?? { by, reason: event.reason, at } };
    default:
      return applyRun(base, event, at);
  }
}

function applyRun(base: Deployment, event: RunEvent, at: string): Deployment {
  switch (event.type) {
    case 'dispatched':
      return { ...base, startedAt: at, ...known({ expectedMs: event.expectedMs, failingSince: event.failingSince }) };
    case 'run-started':
      return { ...base, run: event.run };
    case 'progressed': {
      const { runState, steps, sha, artifacts, url, waits = [] } = event;
      const run = base.run === undefined || url === undefined ? base.run : { ...base.run, url };
      const named = known({ runArtifacts: artifacts });
      const asked = waits.length === 0 ? without(base, 'waits') : { ...base, waits };
      const heard = { ...asked, runState, steps, ...(run === undefined ? {} : { run }), ...named };
      return sha === undefined ? heard : { ...heard, runSha: sha };
    }
    case 'wait-answered':
      return base;
    case 'wait-unanswered':
      return { ...base, unanswered: { ...base.unanswered, [event.wait.id]: event.why } };
    case 'contact-lost':
      return { ...base, silentSince: at };
    case 'contact-regained':
      return without(base, 'silentSince');
    case 'succeeded':
      return { ...without(base, 'silentSince'), runSha: event.sha, ...known({ runArtifacts: event.artifacts }) };
    case 'failed':
      return { ...without(base, 'silentSince'), failure: event.failure };
    case 'rollback-began':
    case 'rollback-ended':
      return { ...base, undoneBy: event.by };
  }
}

/** How many commits and files a row keeps; the log keeps all. */
const KEPT = 100;

function trimmed(findings: Findings): Findings {
  const { commits, files } = findings.changeSet;
  if (commits.length <= KEPT && files.length <= KEPT) return findings;
  const flagged = [...files].sort((one, other) => Number(other.flag !== undefined) - Number(one.flag !== undefined));
  return {
    ...findings,
    changeSet: { ...findings.changeSet, commits: commits.slice(0, KEPT), files: flagged.slice(0, KEPT) },
  };
}

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> & T {
  const { [key]: _gone, ...rest } = value;
  return rest as Omit<T, K> & T;
}

/** Without the fields that hold nothing. */
function known<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
