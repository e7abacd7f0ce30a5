import type { Catalog, Escalation } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import { nextEscalation } from '../domain/escalation.ts';

/** How soon a run that was just started is looked at, in milliseconds; the provider's own pace follows. */
const FIRST_LOOK_MS = 300;
/** A net under everything that others should trigger, in milliseconds. */
const NET_MS = 60_000;

/**
 * When somebody must look at a deployment again, in milliseconds since 1970; nothing when it has ended. `escalations`: those of the
 * policy in force.
 */
export function nextWake(
  deployment: Deployment,
  now: number,
  escalations: readonly Escalation[] = [],
): number | undefined {
  switch (deployment.state) {
    case 'awaiting-approval': {
      const expires = Date.parse(deployment.expiresAt ?? deployment.since);
      const next = Math.min(expires, nextEscalation(deployment, escalations) ?? expires);
      return deployment.remindedAt === undefined ? Math.min(next, halfTime(deployment)) : next;
    }
    case 'running':
      return deployment.run === undefined ? now + NET_MS : now + FIRST_LOOK_MS;
    case 'queued': {
      const moment = Date.parse(deployment.scheduledFor ?? deployment.since);
      return moment > now ? moment : now + NET_MS;
    }
    case 'requested':
    case 'checking':
    case 'rolling-back':
      return now + NET_MS;
    default:
      return undefined;
  }
}

/** One reminder at half time between the question and its expiry. */
export function halfTime({ since, expiresAt }: Deployment): number {
  const asked = Date.parse(since);
  return asked + Math.ceil((Date.parse(expiresAt ?? since) - asked) / 2);
}

/** What is to happen with silent groups of a deployment, by the policy in force. */
export function escalationsOf(
  { catalog }: { readonly catalog: () => Catalog },
  { service, environment }: Pick<Deployment, 'service' | 'environment'>,
): readonly Escalation[] {
  return catalog().services[service]?.targets[environment]?.policy.escalations ?? [];
}
