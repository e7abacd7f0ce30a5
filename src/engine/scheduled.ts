import { localWords } from '../calendar/moments.ts';
import { closureAt } from '../calendar/windows.ts';
import type { Closure } from '../domain/calendar.ts';
import type { Catalog, Policy } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import { isForLater } from '../domain/queue.ts';
import type { Kit } from './kit.ts';

type Spot = Pick<Deployment, 'service' | 'environment'>;

/** Why the calendar keeps a target closed at the moment that counts: now, or when something is scheduled for (ISO 8601 in UTC). */
export function closureOn(
  kit: { readonly clock: Pick<Kit['clock'], 'now'>; readonly catalog: () => Catalog },
  { service, environment }: Spot,
  scheduledFor?: string,
): { readonly closure?: Closure } {
  const { calendar, timeZone = 'Etc/UTC' } = kit.catalog();
  const at = Math.max(kit.clock.now(), scheduledFor === undefined ? 0 : Date.parse(scheduledFor));
  const found = closureAt(calendar, { service, environment }, at);
  if (found?.until === undefined) return found === undefined ? {} : { closure: found };
  return { closure: { ...found, opens: localWords(found.until, timeZone) } };
}

/** When a request that nobody decided is closed, ISO 8601 in UTC: one that is scheduled not before its moment. */
export function expiryOf(
  kit: Pick<Kit, 'clock'>,
  { expiresMs }: Pick<Policy, 'expiresMs'>,
  { scheduledFor }: Pick<Deployment, 'scheduledFor'>,
): string {
  const from = Math.max(kit.clock.now(), scheduledFor === undefined ? 0 : Date.parse(scheduledFor));
  return new Date(from + expiresMs).toISOString();
}

/** What the calendar keeps a queued deployment waiting for. What is scheduled is judged at its moment, and only regular ones wait. */
function holdingClosure(kit: Pick<Kit, 'clock' | 'catalog'>, deployment: Deployment): Closure | undefined {
  if (deployment.kind !== 'regular' || deployment.scheduledFor !== undefined) return undefined;
  return closureOn(kit, deployment).closure;
}

/** Must a queued deployment wait, whoever else waits: for its moment, or for the calendar to open? */
export function mustWait(kit: Pick<Kit, 'clock' | 'catalog'>, deployment: Deployment): boolean {
  if (isForLater(deployment, new Date(kit.clock.now()).toISOString())) return true;
  return holdingClosure(kit, deployment) !== undefined;
}

/** When the calendar opens for a queued deployment that it keeps waiting, in milliseconds since 1970. */
export function opensAt(kit: Pick<Kit, 'clock' | 'catalog'>, deployment: Deployment): number | undefined {
  if (deployment.state !== 'queued') return undefined;
  const until = holdingClosure(kit, deployment)?.until;
  return until === undefined ? undefined : Date.parse(until);
}

/** Has its moment come since its facts were gathered? Then they are gathered anew before it goes. */
export function factsTooOld({ scheduledFor, findings }: Pick<Deployment, 'scheduledFor' | 'findings'>): boolean {
  return scheduledFor !== undefined && findings !== undefined && Date.parse(findings.at) < Date.parse(scheduledFor);
}

/** Those of a queue whom nothing but the others keeps waiting. */
export function waitingNow(kit: Pick<Kit, 'clock' | 'catalog'>, queue: readonly Deployment[]): readonly Deployment[] {
  return queue.filter((one) => !mustWait(kit, one));
}
