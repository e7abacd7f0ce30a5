import type { Deployment } from '../domain/deployment.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { configured, presentPlan } from './admission.ts';
import type { Kit } from './kit.ts';

/** What forbids to start now, although it was decided. */
export function obstacleOf(kit: Kit, deployment: Deployment): Refusal | undefined {
  return deployment.cancellation === undefined
    ? lastLook(kit, deployment)
    : refusal('not-open', 'It was called off.', '');
}

/** Between the decision and the call (a restart may lie between) the configuration must not have changed what was approved. */
function lastLook(kit: Kit, deployment: Deployment): Refusal | undefined {
  const place = configured(kit, deployment);
  if (place === undefined)
    return refusal('service-removed', 'The target is no longer in the configuration.', 'Ask an operator.');
  if (presentPlan(kit, place, deployment, deployment.findings).hash === deployment.plan?.hash) return undefined;
  return refusal(
    'configuration-changed',
    'The configuration changed between the approval and the start, so nothing was started.',
    'Use Retry to ask for it anew.',
  );
}
