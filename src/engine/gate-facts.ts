import type { Service, TargetSettings } from '../domain/catalog.ts';
import type { Deployment, Findings } from '../domain/deployment.ts';
import { type HeldLock, scopeKey, scopesAround } from '../domain/lock.ts';
import type { GateFacts } from '../gates/gate.ts';
import { historyFacts } from './history-facts.ts';
import { type Kit, now } from './kit.ts';
import { closureOn } from './scheduled.ts';

/** What is asked for, and by whom. */
export type Subject = Pick<
  GateFacts,
  | 'kind'
  | 'requester'
  | 'external'
  | 'reason'
  | 'override'
  | 'incident'
  | 'inputs'
  | 'scheduledFor'
  | 'clearedAt'
  | 'deployment'
>;

/** A deployment as the gates see it; whoever asked for it was let in before. */
export function subjectOf(deployment: Deployment): Subject {
  const { id, kind, requester, reason, override, incident, inputs, scheduledFor } = deployment;
  return {
    deployment: id,
    kind,
    requester,
    external: false,
    ...(reason === undefined ? {} : { reason }),
    ...(override === undefined ? {} : { override }),
    ...(incident === undefined ? {} : { incident }),
    ...(inputs === undefined ? {} : { inputs }),
    ...(scheduledFor === undefined ? {} : { scheduledFor }),
    ...(deployment.state === 'queued' ? { clearedAt: deployment.since } : {}),
  };
}

/** Everything that gates look at, read now. */
export async function gateFacts(
  kit: Kit,
  { service, settings }: { readonly service: Service; readonly settings: TargetSettings },
  subject: Subject,
  findings?: Findings,
): Promise<GateFacts> {
  const [target, locks, history] = await Promise.all([
    kit.store.target(service.id, settings.environment),
    wideLocks(kit, service.id, settings),
    findings === undefined || subject.kind === 'rollback'
      ? {}
      : historyFacts(kit, { service: service.id, settings }, findings),
  ]);
  const closure = closureOn(kit, { service: service.id, environment: settings.environment }, subject.scheduledFor);
  const found = findings === undefined ? {} : { findings };
  return { ...subject, settings, target, now: now(kit), locks, ...history, ...closure, ...found };
}

/** Locks of the scopes around a target, the widest first; its own stands with the target. */
async function wideLocks(
  { store }: { readonly store: Pick<Kit['store'], 'scopes'> },
  service: string,
  { environment, regions = [] }: Pick<TargetSettings, 'environment' | 'regions'>,
): Promise<readonly HeldLock[]> {
  const books = await store.scopes();
  return scopesAround({ service, environment, regions }).flatMap((scope) => {
    const lock = scope.kind === 'target' ? undefined : books.find((book) => book.scope === scopeKey(scope))?.lock;
    return lock === undefined ? [] : [{ scope, lock }];
  });
}
