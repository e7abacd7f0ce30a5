import type { Deployment } from '../domain/deployment.ts';

/** How soon a run that was just started is looked at, in milliseconds; the provider's own pace follows. */
const FIRST_LOOK_MS = 300;
/** A net under everything that others should trigger, in milliseconds. */
const NET_MS = 60_000;

/** When somebody must look at a deployment again, in milliseconds since 1970; nothing when it has ended. */
export function nextWake(deployment: Deployment, now: number): number | undefined {
  switch (deployment.state) {
    case 'awaiting-approval': {
      const expires = Date.parse(deployment.expiresAt ?? deployment.since);
      return deployment.remindedAt === undefined ? Math.min(expires, halfTime(deployment)) : expires;
    }
    case 'running':
      return deployment.run === undefined ? now + NET_MS : now + FIRST_LOOK_MS;
    case 'requested':
    case 'checking':
    case 'queued':
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
