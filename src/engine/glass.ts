import { type Decision, deny } from '../domain/decide.ts';
import type { Deployment } from '../domain/deployment.ts';
import { deploymentStream } from '../domain/event.ts';
import { decideGlass } from '../domain/glass.ts';
import { glassQuestion, isConfirmed } from '../domain/glass-question.ts';
import { refusal } from '../domain/refusal.ts';
import { configured } from './admission.ts';
import type { Caller, Wish } from './door.ts';
import { type Kit, now } from './kit.ts';

/** More entries than a request gathers while it waits for approval. */
const MOST_ENTRIES = 10_000;

/**
 * Somebody breaks the glass of a deployment, by the policy that is in force at this moment. Two steps, each an act of its own: the first
 * one writes down that the question was asked, and only its code, said by the same person soon after, is the second.
 */
export async function breakGlass(
  kit: Kit,
  before: Deployment,
  { person }: Caller,
  { reason, code }: Extract<Wish, { readonly verb: 'break-glass' }>,
): Promise<Decision> {
  const place = configured(kit, before);
  if (place === undefined) {
    const sentence = `${before.service} in ${before.environment} is no longer in the configuration.`;
    return deny([refusal('service-removed', sentence, 'Ask an operator.')]);
  }
  const binding = before.plan?.hash ?? '';
  const said = { by: person, code: code ?? '', binding, now: now(kit) };
  const entries =
    code === undefined ? [] : await kit.store.entries({ stream: deploymentStream(before.id), limit: MOST_ENTRIES });
  const confirmed = isConfirmed(entries, said);
  const decision = decideGlass(before, place.settings.policy, { by: person, reason, confirmed, now: said.now });
  const asks = decision.kind === 'refused' && decision.refusals.some((one) => one.code === 'glass-not-confirmed');
  if (!asks) return decision;
  const fresh = kit.token();
  const question = glassQuestion(fresh, binding, kit.clock.now());
  const { refusals } = decision;
  const event = { type: 'approval-denied', refusals, wish: 'break-glass', question } as const;
  return { kind: 'refused', refusals, events: [event], code: fresh };
}
