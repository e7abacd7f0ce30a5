import { type Access, GUARDED_RIGHTS, type Right } from './access.ts';
import type { Membership } from './policy.ts';

/** `unreadable`: whether somebody is in one of the groups cannot be told now, which is a no. */
export type May = 'yes' | 'no' | 'unreadable';

/** Does the configuration of a target say anything about anybody's rights? */
export function saysRights(access: Access | undefined): access is Access {
  return access !== undefined && Object.keys(access).length > 0;
}

/** The groups that have a right, by name; `*` for everybody known. Empty: nobody was given it. */
export function groupsWith(right: Right, access: Access | undefined): readonly string[] {
  return access?.[right] ?? [];
}

/**
 * May somebody do this on a target? While nothing is said, everybody known has the ordinary rights and nobody the guarded ones. Once
 * anything is said, a right that is not named is nobody's. An account that the configuration ties to nobody has no right at all.
 */
export function mayDo(
  right: Right,
  person: { readonly known: boolean; readonly memberships: readonly Membership[] },
  access: Access | undefined,
): May {
  if (!person.known) return 'no';
  if (!saysRights(access)) return GUARDED_RIGHTS.includes(right) ? 'no' : 'yes';
  const groups = groupsWith(right, access);
  if (groups.includes('*')) return 'yes';
  const asked = person.memberships.filter(({ group }) => groups.includes(group));
  if (asked.some(({ member }) => member === true)) return 'yes';
  // A group that nobody answered for is as good as one that could not be read.
  const silent = groups.some((group) => !asked.some((one) => one.group === group));
  return silent || asked.some(({ member }) => member === 'unreadable') ? 'unreadable' : 'no';
}
