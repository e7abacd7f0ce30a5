import { type Decision, deny } from '../domain/decide.ts';
import type { Deployment } from '../domain/deployment.ts';
import { decideGlass } from '../domain/glass.ts';
import { refusal } from '../domain/refusal.ts';
import { configured } from './admission.ts';
import type { Caller, Wish } from './door.ts';
import { type Kit, now } from './kit.ts';

/** Somebody breaks the glass of a deployment, by the policy that is in force at this moment. */
export function breakGlass(
  kit: Kit,
  before: Deployment,
  { person }: Caller,
  { reason, confirmed }: Extract<Wish, { readonly verb: 'break-glass' }>,
): Decision {
  const place = configured(kit, before);
  if (place === undefined) {
    const sentence = `${before.service} in ${before.environment} is no longer in the configuration.`;
    return deny([refusal('service-removed', sentence, 'Ask an operator.')]);
  }
  return decideGlass(before, place.settings.policy, { by: person, reason, confirmed, now: now(kit) });
}
