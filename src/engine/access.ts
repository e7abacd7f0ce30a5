import { RIGHTS, type Right } from '../domain/access.ts';
import type { TargetSettings } from '../domain/catalog.ts';
import { groupsWith, type May, mayDo, saysRights } from '../domain/may.ts';
import type { Person } from '../domain/person.ts';
import type { Kind } from '../domain/plan.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import type { Groups } from './groups.ts';

/** A target, as far as rights go. */
export interface Guarded {
  readonly service: string;
  readonly settings: Pick<TargetSettings, 'environment' | 'access'>;
}

/** The right that asking for such a deployment needs. */
export function rightToAsk(kind: Kind): Right {
  return kind === 'regular' ? 'deploy' : kind;
}

/** May this person do this there? The memberships are read now; a group that cannot be read is a no. */
async function may(groups: Groups, person: Person, right: Right, { settings: { access } }: Guarded): Promise<May> {
  const named = groupsWith(right, access).filter((group) => group !== '*');
  const rules = named.map((group) => ({ group, count: 1 }));
  const memberships = !person.known || rules.length === 0 ? [] : await groups.memberships(person, rules);
  return mayDo(right, { known: person.known, memberships }, access);
}

/** Why somebody may not do this on a target; nothing when that person may. */
export async function rightRefusal(
  groups: Groups,
  person: Person,
  right: Right,
  target: Guarded,
): Promise<Refusal | undefined> {
  const answer = await may(groups, person, right, target);
  if (answer === 'yes') return undefined;
  const { service, settings } = target;
  const where = `${service} in ${settings.environment}`;
  const named = groupsWith(right, settings.access).filter((group) => group !== '*');
  const who = named.map((group) => `@${group}`).join(', ');
  if (answer === 'unreadable')
    return refusal(
      'group-unreadable',
      `Whether you may ${RIGHTS[right]} on ${where} cannot be told: ${who} cannot be read now.`,
      'Try again in a minute; if it stays, tell an operator.',
    );
  if (!person.known)
    return refusal(
      'person-unlinked',
      'Only known people may do this.',
      'Use `whoami` to see what an operator has to add.',
    );
  const next =
    named.length === 0
      ? `Nobody has the right \`${right}\` there; an operator can give it to a group in the configuration.`
      : `Ask somebody of ${who}.`;
  return refusal('not-allowed', `You may not ${RIGHTS[right]} on ${where}.`, next);
}

/**
 * The guard before what the gates would let anybody do. Where the configuration says nothing, an ordinary right is judged as ever: the
 * gates know who is known, and that some targets take requests of strangers.
 */
export async function guard(
  groups: Groups,
  person: Person,
  right: Right,
  target: Guarded,
): Promise<readonly Refusal[]> {
  if (!saysRights(target.settings.access) && (right === 'deploy' || right === 'rollback')) return [];
  const refused = await rightRefusal(groups, person, right, target);
  return refused === undefined ? [] : [refused];
}

/**
 * May somebody call off what another person asked for? `unsaid` where the configuration says nothing: then requester, approvers and
 * people with a hand in the change may, as ever.
 */
export async function cancelRight(
  groups: Groups,
  person: Person,
  target: { readonly service: { readonly id: string }; readonly settings: Guarded['settings'] } | undefined,
): Promise<'unsaid' | 'yes' | Refusal> {
  if (target === undefined || !saysRights(target.settings.access)) return 'unsaid';
  const { service, settings } = target;
  return (await rightRefusal(groups, person, 'cancel', { service: service.id, settings })) ?? 'yes';
}
