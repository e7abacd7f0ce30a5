import type { Policy } from '../domain/catalog.ts';
import type { ApprovalWish } from './approval-schema.ts';

const DEFAULT: Policy = { rules: [], expiresMs: 3_600_000, checks: 'shown' };

/**
 * The policy that several approvals make together, the nearest to the target first: each key is taken where it is first found. Only
 * what is asked for on top is added up, so that a narrower place cannot take it away.
 */
export function policyOf(wishes: readonly (ApprovalWish | undefined)[]): Policy {
  const first = <Key extends keyof ApprovalWish>(key: Key) => wishes.find((wish) => wish?.[key] !== undefined)?.[key];
  const further = wishes.flatMap((wish) => wish?.further ?? []);
  const escalations = first('escalations') ?? [];
  const breakGlass = first('breakGlass') ?? [];
  return {
    rules: first('rules') ?? DEFAULT.rules,
    expiresMs: first('expires') ?? DEFAULT.expiresMs,
    checks: first('checks') ?? DEFAULT.checks,
    ...(further.length === 0 ? {} : { further }),
    ...(first('codeOwners') === undefined ? {} : { codeOwners: true }),
    ...(escalations.length === 0 ? {} : { escalations: inOrder(escalations) }),
    ...(breakGlass.length === 0 ? {} : { breakGlass }),
  };
}

function inOrder(escalations: NonNullable<ApprovalWish['escalations']>): Policy['escalations'] & {} {
  return escalations.map(({ after, to }) => ({ afterMs: after, to })).sort((one, other) => one.afterMs - other.afterMs);
}
