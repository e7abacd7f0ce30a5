import type { Rule } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { askedGroups, rulesFor } from '../domain/rules.ts';
import { configured } from './admission.ts';
import type { Kit } from './kit.ts';

/** Whose word counts: the groups of what was asked; before anything was asked, those of the configuration. */
export function askedOf(kit: Kit, before: Deployment): readonly Rule[] {
  if (before.plan !== undefined) return askedGroups(before);
  const place = configured(kit, before);
  if (place === undefined) return [];
  return rulesFor(place.settings.policy, before.kind, before.findings, place.service.repository.source);
}

/** The configuration of the target is no longer the one that was asked about. */
export function outdated({ id }: Deployment): Refusal {
  const sentence = `The configuration of this target changed since ${id} was asked for, so it has been worked out anew.`;
  return refusal('configuration-changed', sentence, 'Look at its present card and decide again.');
}

/** The service or its environment has left the configuration. */
export function removed({ id, service, environment }: Deployment): Refusal {
  const sentence = `${service} in ${environment} is no longer in the configuration, so nobody can decide on this.`;
  return refusal('service-removed', sentence, `Use \`cancel ${id}\`, or ask an operator.`);
}
