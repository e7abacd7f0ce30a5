import type { Catalog, Escalation } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import { nextEscalation } from '../domain/escalation.ts';
import type { Kit } from './kit.ts';
import { opensAt } from './scheduled.ts';

/** How soon a run that was just started is looked at, in milliseconds; the provider's own pace follows. */
const FIRST_LOOK_MS = 300;
/** A net under everything that others should trigger, in milliseconds. */
const NET_MS = 60_000;

/** What the present configuration says of when to look at a deployment again. */
interface Terms {
  /** Those of the policy in force. */
  readonly escalations?: readonly Escalation[];
  /** When the calendar that keeps it waiting opens, in milliseconds since 1970. */
  readonly opens?: number | undefined;
}

/** When somebody must look at a deployment again, by the configuration in force; milliseconds since 1970, nothing when it has ended. */
export function wakeOf(kit: Pick<Kit, 'clock' | 'catalog'>, deployment: Deployment): number | undefined {
  const terms = { escalations: escalationsOf(kit, deployment), opens: opensAt(kit, deployment) };
  return nextWake(deployment, kit.clock.now(), terms);
}

function nextWake(deployment: Deployment, now: number, { escalations = [], opens }: Terms): number | undefined {
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
      return moment > now ? moment : Math.min(now + NET_MS, opens ?? Number.POSITIVE_INFINITY);
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
